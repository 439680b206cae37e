import ArgumentParser
import Kith
import KithClient

/// `kith token`
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Your tokens: what a program presents in your place.",
        subcommands: [Create.self, List.self, Revoke.self, Use.self, Forget.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make a token and print it, once.",
            discussion: "It can do no more than the one that you are signed in with.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "What it is for.") var name: String
        @Option(help: "What it is good for; may be given again. By default read.") var scope: [TokenScope] = []
        @Option(help: "After how many days it stops working, 1 to 365. By default 90.") var days: Int?
        @Option(help: "The only network in which it works.") var network: String?

        func run() async throws {
            let answer = try await connection.client().post(
                "tokens",
                .members([
                    "name": .string(name), "scopes": scope.isEmpty ? nil : .array(scope.map { .string($0.rawValue) }),
                    "expires_in_days": days.map { .integer(Int64($0)) }, "network_id": network.map(JSON.string),
                ]))
            output.show(
                answer,
                [
                    Column("ID", "id"), Column("NAME", "name"), Column("GOOD FOR", "scopes"), Column("UNTIL", "expires_at"),
                    Column("TOKEN", "secret"),
                ])
            output.say("\nThe token is shown only now.")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List your tokens, without their secrets.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                list: try await connection.client().list("tokens", most: list.most),
                [
                    Column("ID", "id"), Column("NAME", "name"), Column("GOOD FOR", "scopes"), Column("NETWORK", "network_id"),
                    Column("UNTIL", "expires_at"), Column("WITHDRAWN", "revoked_at"),
                ])
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Withdraw a token at once.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id, from: kith token list") var token: String

        func run() async throws {
            try await connection.client().delete("tokens/\(token)")
            output.say("The token does not work any more.")
        }
    }

    struct Use: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "use", abstract: "Keep a token for the commands that follow.",
            discussion: "Reads the token from the standard input, or asks for it on a terminal without showing it. It is tried first.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let token = try Terminal.secret("Your token")
            try await connection.client().with(token: token).get("tokens", ["limit": "1"])
            output.say("The token works. It is kept in \(try connection.keep(token)), which only you can read.")
        }
    }

    struct Forget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "forget", abstract: "Forget the token that is kept for the server.",
            discussion: "The token itself goes on working; end it with: kith token revoke")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try connection.keep(nil)
            output.say("The token is not kept any more.")
        }
    }
}
