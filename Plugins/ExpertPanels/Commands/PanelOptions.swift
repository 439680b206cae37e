import PluginKit

/// Which panel a command is about.
struct PanelOptions: ParsableArguments {
    @OptionGroup var place: NetworkOptions
    @Argument(help: "The panel's id.") var panel: String

    func client() async throws -> KithClient {
        try await place.client().at("panels/\(panel)")
    }
}

/// Which call of a panel a command is about.
struct CallOptions: ParsableArguments {
    @OptionGroup var panel: PanelOptions
    @Option(help: "The call's id. By default the only one that the panel has.") var call: String?

    /// A client whose paths begin at the panel, and the call's id.
    func client() async throws -> (panel: KithClient, call: String) {
        let client = try await panel.client()
        if let call { return (client, call) }
        let calls = try await client.list("opportunities").items
        if calls.count == 1, let only = calls.first { return (client, try only.id) }
        guard !calls.isEmpty else { throw CommandFailure("This panel has no call yet. Make one with: kith panel call") }
        let lines = Table(calls, PanelCommand.calls).lines.map { "  \($0)" }
        throw CommandFailure((["This panel has several calls. Name one with --call:"] + lines).joined(separator: "\n"), .usage)
    }
}

extension KithClient {
    /// The thing of a list that was made last.
    func latest(_ path: String, orDo command: String) async throws -> JSON {
        guard let latest = try await list(path).items.last else { throw CommandFailure("There is none yet. Make one with: \(command)") }
        return latest
    }
}
