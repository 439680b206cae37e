import ArgumentParser
import Kith
import KithClient

/// `kith events`
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Follow what happens in the network, until Ctrl-C.",
        discussion: "With --json one document a line. After a break, go on where you were with --after.")

    @OptionGroup var place: NetworkOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "The number of the event after which to go on; 0 for all that are kept. By default only what is new.")
    var after: Int?

    func run() async throws {
        let network = try await place.client()
        try await network.follow("events", after: after.map { String($0) }) { event in
            if output.isJSON { return Terminal.print(event.data.description) }
            let at = event.data["at"].map(Table.text) ?? ""
            Terminal.print("\(event.id ?? "–")  \(at)  \(event.kind)  \(event.data["subject_id"]?.string ?? "")")
        }
        throw CommandFailure("The stream has ended: the server stopped, or you may no longer follow it.")
    }
}
