import EmbeddedPostgres
import KithClient
import KithServer
import Logging
import Postgres

/// Reaches the database of the configuration for a command beside the server.
struct Database {
    let configuration = ServerConfiguration.fromEnvironment()
    let logger: Logger

    init() {
        var logger = Logger(label: "kith")
        logger.logLevel = .warning
        self.logger = logger
    }

    /// Gives access to the configured database, or to the server's own, which is started for as long unless a server runs it.
    func withAccess<Result: Sendable>(_ body: @Sendable (DatabaseAccess) async throws -> Result) async throws -> Result {
        if let configured = DatabaseAccess(configuration) { return try await body(configured) }
        do {
            return try await EmbeddedCluster(configuration: .init(folder: configuration.dataFolder), logger: logger).withRunning {
                try await body(DatabaseAccess($0, configuration))
            }
        } catch let error as EmbeddedClusterError where error.code == .folderInUse {
            return try await body(DatabaseAccess(EmbeddedCluster.connectionDetails(in: configuration.dataFolder), configuration))
        }
    }

    /// Connects as the owner.
    func withOwner<Result: Sendable>(_ body: @Sendable (PostgresClient) async throws -> Result) async throws -> Result {
        try await withAccess { access in
            guard let owner = access.owner else {
                throw CommandFailure(
                    "This needs the owner's connection. Set KITH_DATABASE_OWNER_URL, for example: "
                        + "postgresql://kith_owner@localhost/kith (and keep its password in a .pgpass file).", .usage)
            }
            return try await DatabaseAccess.withClient(owner, logger, body)
        }
    }
}
