import ArgumentParser
import Kith
import KithClient
import KithServer

/// `kith operator`
struct OperatorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operator", abstract: "Who runs the server: may create networks, and sees into none.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make an operator and print their token, once.",
            discussion: """
                Needs the owner's connection to the database. The token works for 90 days. A server with its own database has made one already: \
                it is in its data folder, in the file operator-token.
                """)

        func run() async throws {
            let migrations = try KithCommand.distribution().migrations
            let database = Database()
            let token = try await database.withOwner { client in
                try await Migrator(migrations, client: client, logger: database.logger).check()
                return try await Operators.create(client)
            }
            Terminal.note("The operator's token, shown only now. Keep it with: kith token use")
            Terminal.print(token.text)
        }
    }
}

extension ConnectionOptions {
    /// A client on behalf of the operator: of `KITH_TOKEN`, of the server's own file where it is on this machine, or of the token that is kept.
    func operatorClient() throws -> KithClient {
        let client = try client()
        guard ClientConfiguration.fromEnvironment().token == nil, client.isLocal else { return client }
        let token = OperatorTokenFile(in: ServerConfiguration.fromEnvironment().dataFolder).read()
        return token.map { client.with(token: $0) } ?? client
    }
}

extension KithClient {
    /// Whether the server is on this machine: the operator's token from a file of this machine goes nowhere else.
    var isLocal: Bool {
        url.wholeMatch(of: /https?:\/\/(127(\.[0-9]+){3}|localhost|\[::1\])(:[0-9]+)?/.ignoresCase()) != nil
    }
}
