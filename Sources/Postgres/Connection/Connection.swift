import CLibpq

/// A libpq connection in non-blocking pipeline mode, and the one request that is under way on it.
///
/// Confined to the engine's thread. One request at a time: behind a stranger's slow statement nobody waits while another
/// connection becomes free, and a cancel request can only hit the statement that it is meant for.
final class Connection {
    enum Progress {
        /// More is to come from the server, or the socket must take more first.
        case pending
        case finished(Request.Reply)
        case lost(PostgresError)
    }

    struct Interest: Equatable {
        var reads = true
        var writes = false
    }

    let id: Int
    let pg: OpaquePointer
    let descriptor: Int32
    var statements: StatementCache
    /// The request under way.
    var exchange: Exchange?
    /// Whether libpq holds output that the socket has not taken.
    var wantsToWrite = false
    /// Whether reading rests until a stream's consumer has room.
    var isPaused = false
    /// Whether the session must end after this request: the server is going, or became read-only.
    var mustClose = false

    /// What the poller has been told to watch for.
    var interest = Interest()

    /// Takes over a connection that has been made.
    init(id: Int, owning pg: OpaquePointer, statementCapacity: Int) {
        self.id = id
        self.pg = pg
        descriptor = PQsocket(pg)
        statements = StatementCache(capacity: statementCapacity)
        // The connection outlives the receiver: it ends the libpq connection when it ends itself.
        PQsetNoticeReceiver(pg, receiveNotice, Unmanaged.passUnretained(self).toOpaque())
        PQsetnonblocking(pg, 1)
        PQenterPipelineMode(pg)
    }

    deinit { PQfinish(pg) }

    /// Whether a transaction is open, so that the session cannot serve another request.
    var isInTransaction: Bool { PQtransactionStatus(pg) != PQTRANS_IDLE }

    /// Sends a request's work, `begin` ahead of it.
    func start(_ pending: Pending, begin: Query? = nil) -> Progress {
        exchange = Exchange(pending: pending, begin: begin)
        guard send() else { return lost() }
        return flush()
    }

    /// The socket may be written, read, or both.
    func handle(readable: Bool) -> Progress {
        if readable, PQconsumeInput(pg) == 0 { return lost() }
        if wantsToWrite {
            let progress = flush()
            guard case .pending = progress else { return progress }
        }
        return receive()
    }

    /// A stream's consumer has room again.
    func resume() -> Progress {
        guard isPaused else { return .pending }
        isPaused = false
        return receive()
    }

    /// Forgets the request that has been answered and returns it.
    func endExchange() -> Pending? {
        defer { exchange = nil }
        isPaused = false
        return exchange?.pending
    }

    /// Marks the request as to be cancelled. Returns what a helper thread needs to ask the server for it; nil if that is not needed.
    func cancel(_ cause: PostgresError.Code) -> OpaquePointer? {
        guard exchange != nil, exchange?.cancellation == nil else { return nil }
        exchange?.cancellation = cause
        return PQgetCancel(pg)
    }

    /// Drops the request's rows from now on.
    func stopStreaming() -> Progress {
        exchange?.isAbandoned = true
        return resume()
    }
}

/// Takes what the server says unasked. With no statement under way that includes the error with which it ends the session.
private func receiveNotice(_ context: UnsafeMutableRawPointer?, _ result: OpaquePointer?) {
    guard let context, let result, let report = PostgresError.Report(result), report.sqlState.endsSession else { return }
    Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue().mustClose = true
}
