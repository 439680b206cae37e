import ArgumentParser
import Kith
import KithClient

/// `kith network`
struct NetworkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network", abstract: "Networks: each a user-led organisation, a programme, or a partnership.",
        subcommands: [Create.self, List.self, Show.self, Update.self, Leave.self])

    static let columns = [
        Column("ID", "id"), Column("NAME", "name"), Column("USER-LED FROM %", "user_led_percent"), Column("SINCE", "created_at"),
    ]

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Create a network and invite its first administrator. For the operator of the server.",
            discussion: """
                The invitation's code is shown once: pass it on safely, the administrator accepts it with `kith invitation accept`. On the \
                machine of the server the operator's token is found by itself; elsewhere set KITH_TOKEN.
                """)

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "What it is called.") var name: String
        @Option(help: "The name of its first administrator.") var administrator: String
        @Option(help: "Where the administrator can be reached.") var email: String?
        @Option(help: "The share of a board, in percent, from which an organisation counts as user-led: 50 to 100.")
        var userLedPercent: Int?

        func run() async throws {
            let answer = try await connection.operatorClient().post(
                "networks",
                .members([
                    "name": .string(name), "administrator_name": .string(administrator), "administrator_email": email.map(JSON.string),
                    "user_led_percent": userLedPercent.map { .integer(Int64($0)) },
                ]))
            output.show(
                answer,
                [
                    Column("Network", "id"), Column("Name", "name"), Column("Administrator", "administrator_id"),
                    Column("Invitation code", "invitation_code"), Column("Accept it until", "invitation_expires_at"),
                ])
            output.say("\nThe code is shown only now. The administrator accepts it with: kith invitation accept")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List your networks.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                list: try await connection.client().list("networks", most: list.most), columns,
                ifEmpty: "You are in no network yet. Accept an invitation with: kith invitation accept")
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a network.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(try await place.client().get(), columns)
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "update", abstract: "Change a network.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "What it is called.") var name: String?
        @Option(help: "The share of a board, in percent, from which an organisation counts as user-led.") var userLedPercent: Int?

        func run() async throws {
            let changes = try JSON.changes(["name": name.map(JSON.string), "user_led_percent": userLedPercent.map { .integer(Int64($0)) }])
            output.show(try await place.client().update("", changes), columns)
        }
    }

    struct Leave: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "leave", abstract: "Leave a network, at once and without a reason.",
            discussion: "What ends is shown by `kith withdraw what`. What is owed to you stays owed.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            // Asked for before: afterwards no list shows it.
            let network = try await place.networkID()
            try await place.connection.client().post("networks/\(network)/leave")
            output.say(
                """
                You have left the network. What you earned there stays yours, and a complaint of yours goes on. To see them, add to a command:
                --network \(network)
                """)
        }
    }
}
