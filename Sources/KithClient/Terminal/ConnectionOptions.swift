public import ArgumentParser
import Kith

/// Which server a command speaks to.
public struct ConnectionOptions: ParsableArguments {
    /// The server's address.
    @Option(help: "The server's address. By default KITH_URL, or the server on this machine.")
    public var url: String?

    /// The options without any.
    public init() {}

    /// A client on behalf of this user: of `KITH_TOKEN`, or of the token that is kept for the server.
    /// - Throws: ``CommandFailure`` where the kept tokens cannot be read
    public func client() throws -> KithClient {
        let configuration = ClientConfiguration.fromEnvironment()
        let url = url ?? configuration.url
        if ClientConfiguration.isReadableOnTheWay(url) {
            Terminal.note("Careful: \(url) is not encrypted, so others on the way can read what you send. Ask for an address with https://")
        }
        return KithClient(url: url, token: try configuration.token ?? configuration.credentials.token(for: url))
    }

    /// Keeps a token for the server, for the commands that follow.
    /// - Throws: ``CommandFailure`` where it cannot be written
    /// - Returns: where it is kept
    @discardableResult
    public func keep(_ token: String?) throws -> String {
        let configuration = ClientConfiguration.fromEnvironment()
        try configuration.credentials.keep(token, for: url ?? configuration.url)
        return configuration.credentials.path
    }
}

/// In which network a command works.
public struct NetworkOptions: ParsableArguments {
    /// The server.
    @OptionGroup public var connection: ConnectionOptions

    /// The network's id.
    @Option(help: "The network's id. By default KITH_NETWORK, or the only one that you are in.")
    public var network: String?

    /// The options without any.
    public init() {}

    /// A client whose paths begin at the network.
    /// - Throws: ``CommandFailure`` where it is not clear which network is meant, or ``ClientError``
    public func client() async throws -> KithClient { try await connection.client().at("networks/\(networkID())") }

    /// The id of the network.
    /// - Throws: ``CommandFailure`` where it is not clear which network is meant, or ``ClientError``
    public func networkID() async throws -> String {
        if let network = network ?? ClientConfiguration.fromEnvironment().network { return network }
        let networks = try await connection.client().list("networks", most: 20).items
        if networks.count == 1, let only = networks.first { return try only.id }
        guard !networks.isEmpty else {
            throw CommandFailure("You are in no network yet. Accept an invitation with: kith invitation accept")
        }
        let list = Table(networks, [Column("ID", "id"), Column("NAME", "name")]).lines.map { "  \($0)" }
        throw CommandFailure(
            (["You are in several networks. Name one with --network or KITH_NETWORK:"] + list).joined(separator: "\n"), .usage)
    }
}
