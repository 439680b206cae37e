import EmbeddedPostgres
import Logging
public import Postgres

/// A database of one test.
public struct TestDatabase: Sendable {
    let name: String
    let details: ConnectionDetails

    /// How to connect.
    /// - Parameters:
    ///   - user: one of the roles of ``ConnectionDetails``
    ///   - connections: how many connections at most
    /// - Returns: the configuration of a client
    public func configuration(as user: String, connections: Int = 2) -> PostgresConfiguration {
        var configuration = PostgresConfiguration(connectionString: details.connectionString(user: user, database: name))
        configuration.maximumConnections = connections
        // A test may have to wait for its turn on a busy machine.
        configuration.acquireTimeout = .seconds(60)
        configuration.connectTimeout = .seconds(30)
        return configuration
    }

    /// Runs something with a client that lives as long.
    /// - Parameters:
    ///   - user: one of the roles of ``ConnectionDetails``
    ///   - connections: how many connections at most
    ///   - body: what to do
    /// - Returns: what `body` returns
    /// - Throws: what `body` throws
    public func withClient<Value: Sendable>(
        as user: String, connections: Int = 2, _ body: @Sendable (PostgresClient) async throws -> Value
    ) async throws -> Value {
        let client = PostgresClient(configuration: configuration(as: user, connections: connections), logger: .quiet)
        return try await withThrowingTaskGroup { group in
            group.addTask { try await client.run() }
            let value = try await body(client)
            group.cancelAll()
            return value
        }
    }
}

extension Logger {
    /// Tells what goes wrong in the server itself, and nothing else.
    static var quiet: Logger {
        var logger = Logger(label: "kith.test")
        logger.logLevel = .error
        return logger
    }
}
