public import Logging
public import ServiceLifecycle
import Synchronization

/// A pool of connections to PostgreSQL, driven by one thread.
///
/// ```swift
/// let client = PostgresClient(configuration: .init(connectionString: "dbname=kith"), logger: logger)
/// async let running: Void = client.run()
/// let rows = try await client.query("select id, title from panels where network_id = \(network)")
/// ```
///
/// Statements wait until ``run()`` is called. Every batch is a transaction of its own; use ``withTransaction(isolation:readOnly:retries:_:)``
/// where a decision lies between statements.
public final class PostgresClient: Service, PostgresExecutor {
    let configuration: PostgresConfiguration
    let inbox = Inbox()
    private let logger: Logger
    private let metrics = ClientMetrics()
    private let isUsed = Atomic<Bool>(false)

    /// A client that connects when it is run.
    public init(configuration: PostgresConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Runs the pool until graceful shutdown, after what is under way has ended, or until cancellation, which ends it at once.
    ///
    /// - Throws: ``PostgresError/Code/shutDown`` if the client has been run before, or if there is no thread for it.
    public func run() async throws {
        guard !isUsed.exchange(true, ordering: .relaxed) else { throw PostgresError(.shutDown, reason: "a client can be run once") }
        let hasRun = await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                    let isStarted = startThread { [configuration, inbox, logger, metrics] in
                        Engine(configuration: configuration, inbox: inbox, logger: logger, metrics: metrics).run()
                        continuation.resume(returning: true)
                    }
                    if !isStarted { continuation.resume(returning: false) }
                }
            } onGracefulShutdown: {
                self.inbox.send(.shutDown)
            }
        } onCancel: {
            inbox.send(.stop)
        }
        if !hasRun { throw PostgresError(.connectionFailed, reason: "the system has no thread left") }
    }

    /// Runs statements in one round trip: all take effect, or none. See ``PostgresExecutor/batch(_:deadline:)``.
    public func batch(_ queries: [Query], deadline: Duration?) async throws(PostgresError) -> [Rows] {
        guard !queries.isEmpty else { return [] }
        return try await run(.batch(queries), of: queries, deadline: deadline)
    }

    /// Reads a statement's rows as they arrive, on a connection of its own until `body` returns.
    ///
    /// If `body` leaves early, the statement is cancelled. An error of the statement is thrown by the stream.
    ///
    /// - Parameters:
    ///   - query: the statement.
    ///   - deadline: how long the reading may take in all; nil for no limit.
    ///   - body: reads the stream.
    /// - Returns: what `body` returned.
    /// - Throws: what `body` throws.
    public nonisolated(nonsending) func withRows<T>(
        _ query: Query, deadline: Duration? = nil, _ body: (RowStream) async throws -> T
    ) async throws -> T {
        try await stream(query, lease: nil, deadline: deadline, body)
    }
}

// MARK: - Requests

extension PostgresClient {
    func run(
        _ work: Request.Work, of queries: [Query], lease: Lease? = nil, deadline: Duration?
    ) async throws(PostgresError) -> [Rows] {
        for query in queries { try query.check() }
        let span = QuerySpan(queries)
        let request = Request(work, lease: lease, submitted: .now, deadline: deadline ?? configuration.statementDeadline)
        let reply = await withTaskCancellationHandler {
            await answer(to: request)
        } onCancel: {
            inbox.cancel(request)
        }
        span.end(reply)
        return try reply.get()
    }

    /// Waits for the answer even if the task is cancelled.
    func answer(to request: Request) async -> Request.Reply {
        await withCheckedContinuation { continuation in
            if !inbox.send(.submit(Pending(request: request, continuation: continuation))) {
                continuation.resume(returning: .failure(PostgresError(.shutDown)))
            }
        }
    }

    nonisolated(nonsending) func stream<T>(
        _ query: Query, lease: Lease?, deadline: Duration?, _ body: (RowStream) async throws -> T
    ) async throws -> T {
        try query.check()
        let buffer = RowBuffer()
        let request = Request(.stream(query, buffer), lease: lease, submitted: .now, deadline: deadline)
        guard inbox.send(.submit(Pending(request: request, continuation: nil))) else { throw PostgresError(.shutDown) }
        defer {
            if !buffer.hasEnded { inbox.send(.leave(request)) }
        }
        return try await body(RowStream(request: request, buffer: buffer, inbox: inbox))
    }
}

extension Query {
    /// Refuses what would reach the server truncated.
    func check() throws(PostgresError) {
        if let invalidParameter {
            throw PostgresError(
                .invalidParameter, reason: "parameter $\(invalidParameter) holds a NUL character or cannot be encoded")
        }
        if sql.utf8.contains(0) { throw PostgresError(.invalidParameter, reason: "the statement holds a NUL character") }
    }
}
