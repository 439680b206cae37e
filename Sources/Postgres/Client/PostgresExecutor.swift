/// What can run statements: the client, each batch a transaction of its own, or a transaction.
public protocol PostgresExecutor: Sendable {
    /// Runs statements in one round trip: all take effect, or none.
    ///
    /// - Parameters:
    ///   - queries: run in order; none runs after one that failed.
    ///   - deadline: how long it may take from the call to the answer; nil for ``PostgresConfiguration/statementDeadline``.
    /// - Returns: each statement's rows, in the order of the statements.
    /// - Throws: the first statement's error, or the commit's. A cancelled task's statement is cancelled on the server.
    func batch(_ queries: [Query], deadline: Duration?) async throws(PostgresError) -> [Rows]
}

extension PostgresExecutor {
    /// Runs statements in one round trip within the default deadline: all take effect, or none.
    public func batch(_ queries: [Query]) async throws(PostgresError) -> [Rows] { try await batch(queries, deadline: nil) }

    /// Runs a statement.
    ///
    /// - Parameters:
    ///   - query: the statement.
    ///   - deadline: how long it may take from the call to the answer; nil for ``PostgresConfiguration/statementDeadline``.
    /// - Returns: its rows.
    /// - Throws: the server's error, or why it could not be asked. A cancelled task's statement is cancelled on the server.
    @discardableResult
    public func query(_ query: Query, deadline: Duration? = nil) async throws(PostgresError) -> Rows {
        try await batch([query], deadline: deadline)[0]
    }
}
