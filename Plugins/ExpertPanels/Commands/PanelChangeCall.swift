import ArgumentParser
import KithClient
import PluginKit

/// `kith panel change-call`
struct PanelChangeCall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change-call", abstract: "Change a call for volunteers, or say when it closes.")

    @OptionGroup var place: NetworkOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The panel's id.") var panel: String
    @Argument(help: "The call's id.") var call: String
    @Option(help: "What is called for.") var title: String?
    @Option(help: "What it involves, in plain English.") var description: String?
    @Option(help: "How many people are wanted.") var seats: Int?
    @Option(help: "From when people may offer, as in 2026-03-01T09:00:00Z.") var opensAt: String?
    @Option(help: "Until when.") var closesAt: String?

    func run() async throws {
        let changes = try JSON.changes([
            "title": title.map(JSON.string), "description": description.map(JSON.string), "seats": seats.map { .integer(Int64($0)) },
            "opens_at": opensAt.map(JSON.string), "closes_at": closesAt.map(JSON.string),
        ])
        output.show(try await place.client().update("panels/\(panel)/opportunities/\(call)", changes), PanelCommand.calls)
    }
}
