import ArgumentParser
import Kith
import KithClient

/// `kith session`
struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "Where you are signed in.", subcommands: [List.self, Revoke.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List where you are signed in.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                list: try await connection.client().list("sessions", most: list.most),
                [
                    Column("ID", "id"), Column("WITH", "method"), Column("SECOND FACTOR", "has_second_factor"),
                    Column("SINCE", "created_at"), Column("UNTIL", "expires_at"),
                ])
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Sign out somewhere else, at once.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id, from: kith session list") var session: String

        func run() async throws {
            try await connection.client().delete("sessions/\(session)")
            output.say("That session has ended.")
        }
    }
}
