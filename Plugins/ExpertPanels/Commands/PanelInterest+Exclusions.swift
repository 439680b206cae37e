import PluginKit

// Who is left out, and what stands between people.
extension PanelInterest {
    static let exclusions = [
        Column("ID", "id"), Column("REFERENCE", "reference"), Column("STAGE", "stage"), Column("REASON", "reason"),
        Column("TAKEN BACK", "lifted_reason"),
    ]

    struct ConflictList: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "conflicts", abstract: "List declared conflicts of interest.")

        @OptionGroup var call: CallOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(
                list: try await client.list("opportunities/\(call)/conflicts", most: list.most),
                [
                    Column("INTEREST", "interest_id"), Column("WHO DECIDES", "person_id"), Column("KIND", "kind"), Column("WORDS", "words"),
                    Column("UNTIL", "expires_on"),
                ])
        }
    }

    struct Exclude: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "exclude", abstract: "Leave somebody out of the next pool, with the reason.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The volunteer's id.") var volunteer: String
        @Option(help: "eligibility or conflict.") var stage = "eligibility"
        @Option(help: "Why, as the person may read it.") var reason: String

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(
                try await client.post(
                    "opportunities/\(call)/volunteers/\(volunteer)/exclusions", ["stage": .string(stage), "reason": .string(reason)]),
                exclusions)
        }
    }

    struct ExclusionList: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "exclusions", abstract: "List who is left out, and why.")

        @OptionGroup var call: CallOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(list: try await client.list("opportunities/\(call)/exclusions", most: list.most), exclusions)
        }
    }

    struct Lift: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "lift", abstract: "Take back that somebody is left out.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The exclusion's id.") var exclusion: String
        @Option(help: "Why.") var reason: String

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(
                try await client.post("opportunities/\(call)/exclusions/\(exclusion)/lift", ["reason": .string(reason)]), exclusions)
        }
    }
}
