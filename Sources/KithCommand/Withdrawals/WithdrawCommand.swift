import ArgumentParser
import Kith
import KithClient

/// `kith withdraw`
struct WithdrawCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "Leave an activity or a programme, at once and without a reason.",
        discussion: "To leave the network: kith network leave. What is owed to you stays owed.",
        subcommands: [Activity.self, Programme.self, List.self, Return.self, Record.self, What.self])

    static let columns = [
        Column("ID", "id"), Column("ACTIVITY", "activity_id"), Column("PROGRAMME", "programme_id"), Column("SINCE", "withdrawn_at"),
        Column("CAME BACK", "returned_at"),
    ]

    struct Activity: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "activity", abstract: "Leave a panel, a learning set or another activity.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var activity: String

        func run() async throws {
            output.show(try await place.client().post("withdrawals", ["activity_id": .string(activity)]), columns)
            output.say(done)
        }
    }

    struct Programme: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "programme", abstract: "Leave a programme with all its activities.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var programme: String

        func run() async throws {
            output.show(try await place.client().post("withdrawals", ["programme_id": .string(programme)]), columns)
            output.say(done)
        }
    }

    private static let done = """
        You have left it. Nobody will ask you why, and nobody asks you to it again. If you change your mind: kith withdraw return, with the id above.
        """

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List what you withdrew from.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { output.show(list: try await place.client().list("withdrawals", most: list.most), columns) }
    }

    struct Return: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "return", abstract: "Come back, so that you may be asked again.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The withdrawal's id.") var withdrawal: String

        func run() async throws {
            try await place.client().delete("withdrawals/\(withdrawal)")
            output.say("You may be asked again. Nothing that ended begins again by itself.")
        }
    }

    struct Record: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "record", abstract: "Record that somebody withdrew on paper, by phone or in person.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The person's id.") var person: String
        @Option(help: "How they said so.") var channel: Channel.Recorded
        @Option(help: "From which activity.") var activity: String?
        @Option(help: "From which programme. With neither, from the network.") var programme: String?

        func run() async throws {
            let body = JSON.members([
                "channel": .string(channel.rawValue), "activity_id": activity.map(JSON.string), "programme_id": programme.map(JSON.string),
            ])
            output.show(try await place.client().post("people/\(person)/withdrawals", body), columns)
        }
    }

    struct What: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "what", abstract: "Show what ends when somebody withdraws.")

        @OptionGroup var place: NetworkOptions

        func run() async throws {
            for step in try await place.client().get("withdrawal-steps").json.items { Terminal.print("• \(step.string ?? "")") }
        }
    }
}
