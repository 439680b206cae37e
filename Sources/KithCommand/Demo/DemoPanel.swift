import ArgumentParser
import Kith
import KithClient

/// `kith demo panel`
struct DemoPanel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "panel", abstract: "Show the whole life of a panel on a running server, from the open call to the answers.",
        discussion: """
            Makes a network of its own with made-up people, so that nothing else is touched. Run it on the machine of the server, or set \
            KITH_TOKEN to the operator's token. It writes what others would be handed (the record of the draw, the file for payroll, the \
            register) into a folder.
            """)

    @OptionGroup var connection: ConnectionOptions
    @Option(help: "The folder for what it writes.", completion: .directory) var folder = "kith-demo-panel"

    func run() async throws {
        try await connection.client().with(token: nil).get("health")
        DemoLife.act("The open call")
        let scene = try await DemoScene.prepare(connection.operatorClient(), named: "Panel demo \(Demo.now)")
        let life = try await DemoLife.begin(scene, folder: folder)
        try await life.openCall()
        DemoLife.act("The draw")
        let draw = try await life.draw()
        DemoLife.act("The seats")
        let members = try await life.seat(draw)
        try await life.agree(members)
        DemoLife.act("A session")
        let session = try await life.meet(members)
        DemoLife.act("Pay")
        try await life.pay(members, for: session)
        DemoLife.act("Answers")
        try await life.answer(members)
        try await life.close()
    }
}
