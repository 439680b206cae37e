public import EmbeddedPostgres
public import Logging
public import Postgres

/// How the server and its owner reach the database: the one that is configured, or the server's own.
public struct DatabaseAccess: Sendable {
    /// As the server, which owns nothing.
    public let server: PostgresConfiguration
    /// As the owner, who migrates; nil where the owner's connection is not configured.
    public let owner: PostgresConfiguration?
    /// As a superuser, who makes backups; nil where that connection is not configured.
    public let administrator: PostgresConfiguration?

    /// Makes the access to a configured database.
    public init?(_ configuration: ServerConfiguration) {
        guard let url = configuration.databaseURL else { return nil }
        self.init(server: url, owner: configuration.ownerURL, administrator: configuration.administratorURL, configuration)
    }

    /// Makes the access to the server's own database.
    public init(_ details: ConnectionDetails, _ configuration: ServerConfiguration) {
        self.init(
            server: details.connectionString(user: ConnectionDetails.app), owner: details.connectionString(user: ConnectionDetails.owner),
            administrator: details.connectionString(user: ConnectionDetails.superuser), configuration)
    }

    private init(server: String, owner: String?, administrator: String?, _ configuration: ServerConfiguration) {
        var access = PostgresConfiguration(connectionString: server)
        access.maximumConnections = configuration.connections
        access.preparedStatementCapacity = configuration.preparedStatements
        access.applicationName = "kith"
        self.server = access
        self.owner = owner.map { Self.access($0, "kith migrate") }
        self.administrator = administrator.map { Self.access($0, "kith backup") }
    }

    private static func access(_ url: String, _ name: String) -> PostgresConfiguration {
        var access = PostgresConfiguration(connectionString: url)
        access.maximumConnections = 2
        access.applicationName = name
        return access
    }

    /// Runs something with a client that lives as long.
    public static func withClient<Result: Sendable>(
        _ configuration: PostgresConfiguration, _ logger: Logger, _ body: @Sendable (PostgresClient) async throws -> Result
    ) async throws -> Result {
        let client = PostgresClient(configuration: configuration, logger: logger)
        return try await withThrowingTaskGroup { group in
            group.addTask { try await client.run() }
            defer { group.cancelAll() }
            return try await body(client)
        }
    }
}
