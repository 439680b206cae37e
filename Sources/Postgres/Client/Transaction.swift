import Synchronization

/// How far a transaction is shielded from others.
public enum IsolationLevel: String, Sendable {
    /// Each statement sees what was committed before it.
    case readCommitted = "read committed"
    /// All statements see what was committed before the first.
    case repeatableRead = "repeatable read"
    /// As if transactions ran one after the other; expect retries.
    case serializable
}

/// A transaction under way, on a connection of its own. There is no `commit`: the closure's end is the commit.
public struct Transaction: PostgresExecutor {
    let client: PostgresClient
    let lease: Lease
    private let depth: Int

    init(client: PostgresClient, lease: Lease, depth: Int = 0) {
        self.client = client
        self.lease = lease
        self.depth = depth
    }

    /// Runs statements in one round trip: all take effect, or none. See ``PostgresExecutor/batch(_:deadline:)``.
    public func batch(_ queries: [Query], deadline: Duration?) async throws(PostgresError) -> [Rows] {
        guard !queries.isEmpty else { return [] }
        return try await client.run(.batch(queries), of: queries, lease: lease, deadline: deadline)
    }

    /// Reads a statement's rows as they arrive; see ``PostgresClient/withRows(_:deadline:_:)``.
    ///
    /// If `body` leaves early, the rest is fetched and dropped, because a cancel would abort the transaction.
    public nonisolated(nonsending) func withRows<T>(
        _ query: Query, deadline: Duration? = nil, _ body: (RowStream) async throws -> T
    ) async throws -> T {
        try await client.stream(query, lease: lease, deadline: deadline, body)
    }

    /// Runs a part that can fail alone: if `body` throws, what it did is undone, and its error is rethrown.
    ///
    /// Parts may be nested, but must not run beside each other.
    public nonisolated(nonsending) func withSavepoint<T>(_ body: (Transaction) async throws -> T) async throws -> T {
        let name = "nested_\(depth + 1)"
        try await query(Query(raw: "savepoint \(name)"))
        do {
            let value = try await body(Transaction(client: client, lease: lease, depth: depth + 1))
            try await query(Query(raw: "release savepoint \(name)"))
            return value
        } catch {
            // Even if the task is cancelled; should it fail, the transaction stays aborted and its commit will say so.
            let undo: [Query] = [Query(raw: "rollback to savepoint \(name)"), Query(raw: "release savepoint \(name)")]
            _ = await client.answer(to: client.request(undo, lease: lease))
            throw error
        }
    }

    /// The same as ``withSavepoint(_:)``, for code that runs in a transaction or begins one.
    public nonisolated(nonsending) func withTransaction<T>(_ body: (Transaction) async throws -> T) async throws -> T {
        try await withSavepoint(body)
    }
}

extension PostgresClient {
    /// Runs a transaction on a connection of its own. It is committed when `body` returns and rolled back when it throws.
    ///
    /// - Parameters:
    ///   - isolation: how far it is shielded from others.
    ///   - readOnly: whether PostgreSQL shall refuse writes.
    ///   - retries: how often `body` is run again after a serialization failure or a deadlock.
    ///   - body: what to do; may be run more than once, so it should touch nothing but the transaction.
    /// - Returns: what `body` returned in the run that was committed.
    /// - Throws: `body`'s own error, or the commit's; ``PostgresError/Code/rolledBack`` if `body` returned after a statement had failed.
    public nonisolated(nonsending) func withTransaction<T: Sendable>(
        isolation: IsolationLevel = .readCommitted, readOnly: Bool = false, retries: Int = 3, _ body: (Transaction) async throws -> T
    ) async throws -> T {
        let begin = Query(raw: "begin isolation level \(isolation.rawValue) \(readOnly ? "read only" : "read write")")
        var remaining = retries
        while true {
            let lease = Lease(begin: begin)
            do {
                let value = try await body(Transaction(client: self, lease: lease))
                try await commit(lease)
                return value
            } catch {
                _ = await answer(to: request(["rollback"], lease: lease, endsLease: true))
                guard let failure = error as? PostgresError, failure.isRetryable, remaining > 0, !Task.isCancelled else { throw error }
                remaining -= 1
            }
        }
    }

    private func commit(_ lease: Lease) async throws(PostgresError) {
        let results = try await answer(to: request(["commit"], lease: lease, endsLease: true)).get()
        // PostgreSQL answers the commit of a failed transaction with a rollback, and does not call it an error.
        if results.first?.storage.commandTag == "ROLLBACK" {
            throw PostgresError(.rolledBack, reason: "a statement of the transaction had failed")
        }
    }

    fileprivate func request(_ queries: [Query], lease: Lease, endsLease: Bool = false) -> Request {
        Request(.batch(queries), lease: lease, endsLease: endsLease, submitted: .now, deadline: configuration.statementDeadline)
    }
}
