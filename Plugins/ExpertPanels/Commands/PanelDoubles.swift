import PluginKit

/// `kith panel doubles`
struct PanelDoubles: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doubles", abstract: "Volunteers with the same name and year of birth: say whether they are one person.",
        discussion: "No pool is frozen while two of them wait for an answer.", subcommands: [List.self, Same.self, Different.self])

    private static let columns = [
        Column("ID", "id"), Column("ONE", "one_reference"), Column("ITS ID", "one_id"), Column("OTHER", "other_reference"),
        Column("ITS ID", "other_id"), Column("STATE", "state"), Column("KEPT", "kept_id"),
    ]

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List them. Those that are open wait for an answer.")

        @OptionGroup var place: CallOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Only those that are open, same, different or settled.") var state: String?

        func run() async throws {
            let (panel, call) = try await place.client()
            output.show(
                list: try await panel.list("opportunities/\(call)/doubles", ["state": state], most: list.most), columns,
                ifEmpty: "There are none.")
        }
    }

    struct Same: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "same", abstract: "They are one person: one offer stays, and the other is withdrawn.",
            discussion: "Whoever is taken out reads why. It cannot be undone.")

        @OptionGroup var place: CallOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The id of the question.") var double: String
        @Option(help: "The id of the volunteer who stays.") var keep: String

        func run() async throws {
            output.show(try await place.answer(double, ["answer": "same", "kept_id": .string(keep)]), columns)
        }
    }

    struct Different: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "different", abstract: "They are two people with the same name and year of birth. Both stay.")

        @OptionGroup var place: CallOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The id of the question.") var double: String

        func run() async throws { output.show(try await place.answer(double, ["answer": "different"]), columns) }
    }
}

extension CallOptions {
    fileprivate func answer(_ double: String, _ said: JSON) async throws -> KithClient.Answer {
        let (panel, call) = try await client()
        return try await panel.post("opportunities/\(call)/doubles/\(double)/answer", said)
    }
}
