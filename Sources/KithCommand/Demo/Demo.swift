import ArgumentParser
import Kith
import KithClient
import struct FoundationEssentials.Date

/// `kith demo`
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Show the main job on a running server: draw a panel.",
        discussion: """
            Makes a network of its own with made-up volunteers, so that nothing else is touched; every run makes a new one. Run it on the machine \
            of the server, or set KITH_TOKEN to the operator's token. kith demo panel shows all of a panel's life.
            """, subcommands: [DemoPanel.self])

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let anyone = try connection.client().with(token: nil)
        try await anyone.get("health")
        let scene = try await DemoScene.prepare(connection.operatorClient(), named: "Demo \(Self.now)")
        let draw = try await scene.draw()
        try await show(draw, of: scene)
        close(scene, draw, token: try await scene.dayToken())
    }

    static var now: String {
        Date().formatted(.iso8601).replacing("T", with: " ").replacing("Z", with: "")
    }

    private func show(_ draw: JSON, of scene: DemoScene) async throws {
        let seats = try await scene.panel.list("draws/\(draw.id)/seats").items
        let reserves = seats.count { $0["part"]?.string == "reserve" }
        let drawn = seats.filter { $0["part"]?.string == "seat" }.compactMap { $0["reference"]?.string }
        Terminal.print("\nThe panel: \(drawn.count) seats, and \(reserves) reserves in their order\n")
        var table = Table((0..<4).flatMap { _ in ["SEAT", "VOLUNTEER"] })
        let rows = (drawn.count + 3) / 4
        for row in 0..<rows {
            table.append(
                (0..<4).flatMap { column -> [String] in
                    let place = column * rows + row
                    return place < drawn.count ? [String(place + 1), drawn[place]] : ["", ""]
                })
        }
        for line in table.lines { Terminal.print("  \(line)") }

        Terminal.print("\nEach target, and the seats that it got\n")
        var targets = Table(["FEATURE", "VALUE", "AT LEAST", "AT MOST", "SEATS", "OF VOLUNTEERS"])
        for target in try scene.files.targets {
            let having = try scene.files.volunteers(having: target)
            targets.append([
                target.feature, target.value, target.minimum, target.maximum, String(having.intersection(drawn).count),
                String(having.count),
            ])
        }
        for line in targets.lines { Terminal.print("  \(line)") }
        Terminal.print(
            """

            Anyone can draw the same panel again from these three:
              algorithm  \(draw["algorithm"]?.string ?? "")
              seed       \(draw["seed"]?.string ?? "")
              pool       \(draw["pool_hash"]?.string ?? "") (SHA-256, known before the draw)
            """)
    }

    private func close(_ scene: DemoScene, _ draw: JSON, token: String) {
        let network = scene.network.address()
        let header = "-H 'Authorization: Bearer \(token)'"
        Terminal.print(
            """

            The server is at \(connection.url ?? ClientConfiguration.fromEnvironment().url)
            A token for this demo network, for one day: \(token)
            Paste any of these lines:

            curl -s \(header) '\(network)/organisations'
            curl -s \(header) '\(scene.panel.address("draws/\(draw["id"]?.string ?? "")/seats"))?limit=20'
            curl -s \(header) -H 'Content-Type: application/json' \
            -d '{"name":"Peer support group","kind":"community_group"}' '\(network)/organisations'

            The whole life of a panel, from the open call to the answers: kith demo panel
            """)
    }
}
