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
    private(set) var exchange: Exchange?
    /// Whether libpq holds output that the socket has not taken.
    private(set) var wantsToWrite = false
    /// Whether reading rests until a stream's consumer has room.
    private(set) var isPaused = false
    /// Whether the session must end after this request: the server is going, or became read-only.
    fileprivate(set) var mustClose = false

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

// MARK: - Sending

extension Connection {
    private func send() -> Bool {
        guard let work = exchange?.pending.request.work else { return false }
        switch work {
        case .batch(let queries), .unprepared(let queries):
            if let begin = exchange?.begin { guard send(begin, isAnswered: false) else { return false } }
            for query in queries { guard send(query, isAnswered: true) else { return false } }
            return PQpipelineSync(pg) == 1
        case .stream(let query, _):
            if let begin = exchange?.begin { guard send(begin, isAnswered: false) else { return false } }
            guard send(query, isAnswered: true) else { return false }
            enterStep()
            return PQpipelineSync(pg) == 1
        case .copyBegin(let query):
            // libpq has no COPY in pipeline mode.
            exchange?.isPipelined = false
            return PQexitPipelineMode(pg) == 1 && PQsendQuery(pg, query.sql) == 1
        case .copyData(let bytes):
            exchange?.isPipelined = false
            return bytes.withUnsafeBytes { PQputCopyData(pg, $0.baseAddress, Int32($0.count)) } == 1
        case .copyEnd(let failure):
            exchange?.isPipelined = false
            return PQputCopyEnd(pg, failure) == 1
        }
    }

    private func send(_ query: Query, isAnswered: Bool) -> Bool {
        let count = Int32(query.types.count)
        return withParameters(of: query) { values in
            guard statements.isEnabled, exchange?.isPrepared == true else {
                exchange?.steps.append(.run(nil, isAnswered: isAnswered))
                return PQsendQueryParams(pg, query.sql, count, query.types, values, nil, nil, 0) == 1
            }
            let (statement, isNew) = statements.find(query)
            if isNew {
                exchange?.steps.append(.prepare(statement))
                guard PQsendPrepare(pg, statement.name, query.sql, count, query.types) == 1 else { return false }
            }
            exchange?.steps.append(.run(statement, isAnswered: isAnswered))
            return PQsendQueryPrepared(pg, statement.name, count, values, nil, nil, 0) == 1
        }
    }

    private func withParameters(of query: Query, _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Bool) -> Bool {
        query.bytes.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: max(query.offsets.count, 1)) { values in
                let text = bytes.assumingMemoryBound(to: CChar.self).baseAddress
                for (index, offset) in query.offsets.enumerated() {
                    values.initializeElement(at: index, to: offset.flatMap { text?.advanced(by: $0) })
                }
                return body(UnsafePointer(values.baseAddress!))
            }
        }
    }

    private func flush() -> Progress {
        let status = PQflush(pg)
        guard status >= 0 else { return lost() }
        wantsToWrite = status == 1
        if !wantsToWrite, case .copyData = exchange?.pending.request.work { return .finished(.success([])) }
        return .pending
    }
}

// MARK: - Receiving

extension Connection {
    private func receive() -> Progress {
        while exchange != nil, !isPaused, PQisBusy(pg) == 0 {
            if case .copyData = exchange?.pending.request.work { return .pending }
            guard let result = PQgetResult(pg) else {
                if PQstatus(pg) == CONNECTION_BAD { return lost() }
                if let reply = endStep() { return .finished(reply) }
                continue
            }
            if let progress = take(result) { return progress }
        }
        // With nothing under way, asking is what makes libpq read the server's goodbye.
        if exchange == nil { _ = PQisBusy(pg) }
        let isGone = PQstatus(pg) == CONNECTION_BAD || exchange == nil && mustClose
        return isGone ? lost() : .pending
    }

    /// Takes a result into the exchange. Returns nil if more are expected.
    private func take(_ result: OpaquePointer) -> Progress? {
        switch PQresultStatus(result) {
        case PGRES_PIPELINE_SYNC:
            PQclear(result)
            // The server reports its settings with the Sync, after the error.
            if exchange?.error?.sqlState == .readOnlyTransaction && isReadOnly { mustClose = true }
            return repeatWithFreshStatements() ?? .finished(exchange?.reply ?? .success([]))
        case PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            succeed(result)
            return nil
        case PGRES_COPY_IN:
            PQclear(result)
            guard case .copyBegin = exchange?.pending.request.work else { return lost("COPY needs Transaction.copy") }
            return .finished(.success([]))
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
            forgetUnprepared()
            return nil
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR:
            fail(result)
            return nil
        default:
            PQclear(result)
            return lost("this kind of COPY or replication is not supported")
        }
    }

    private func succeed(_ result: OpaquePointer) {
        let storage = ResultStorage(owning: result)
        guard exchange?.isPipelined == true else {
            exchange?.results.append(Rows(storage: storage, shape: .empty))
            return
        }
        switch exchange?.step {
        case .prepare(let statement):
            statements.prepared(statement)
        case .run(let statement, isAnswered: true):
            let shape = statement?.shape ?? RowShape(result)
            statement?.shape = shape
            let rows = Rows(storage: storage, shape: shape)
            if case .stream(_, let buffer) = exchange?.pending.request.work {
                guard exchange?.isAbandoned == false else { return }
                isPaused = buffer.append(rows)
            } else {
                exchange?.results.append(rows)
            }
        case .run(_, isAnswered: false), nil: break
        }
    }

    private func fail(_ result: OpaquePointer) {
        defer { PQclear(result) }
        forgetUnprepared()
        let report = PostgresError.Report(result)
        // libpq's own report of a broken connection has no code; what the server said before is worth more.
        guard let report, exchange?.error == nil else { return }
        exchange?.error = PostgresError(report)
        if report.sqlState.endsSession { mustClose = true }
        if report.sqlState == .featureNotSupported || report.sqlState == .invalidStatementName, exchange?.usedCachedStatement == true {
            exchange?.error?.isStaleStatement = true
            statements.forgetAll()
        }
    }

    /// Whether the server takes no writes from anybody, as after a failover, rather than this transaction alone. It reports
    /// both settings unasked since PostgreSQL 14.
    private var isReadOnly: Bool {
        let settings: [String] = ["in_hot_standby", "default_transaction_read_only"]
        return settings.contains { PQparameterStatus(pg, $0).map { String(cString: $0) } != "off" }
    }

    private func forgetUnprepared() {
        if case .prepare(let statement) = exchange?.step { statements.forget(statement) }
    }

    /// The results of a step are complete. Returns the reply where no Sync will follow.
    private func endStep() -> Request.Reply? {
        guard exchange?.isPipelined == true else {
            guard let reply = exchange?.reply else { return nil }
            PQenterPipelineMode(pg)
            return reply
        }
        exchange?.nextStep()
        enterStep()
        return nil
    }

    private func enterStep() {
        if case .stream = exchange?.pending.request.work, case .run(_, isAnswered: true) = exchange?.step { PQsetSingleRowMode(pg) }
    }

    /// A prepared statement had become invalid: outside a transaction nothing has happened, and the batch is sent again, once.
    private func repeatWithFreshStatements() -> Progress? {
        guard exchange?.error?.isStaleStatement == true, let exchange, !exchange.isRepeated, !isInTransaction,
            exchange.cancellation == nil
        else { return nil }
        self.exchange = Exchange(pending: exchange.pending, begin: exchange.begin, isRepeated: true)
        guard send() else { return lost() }
        return flush()
    }

    private func lost(_ reason: String? = nil) -> Progress {
        mustClose = true
        // What the server said before it hung up may still be in the buffer.
        var patience = 16
        while patience > 0, PQisBusy(pg) == 0, let result = PQgetResult(pg) {
            patience -= 1
            if PQresultStatus(result) == PGRES_FATAL_ERROR { fail(result) } else { PQclear(result) }
        }
        var error = exchange?.error.map { $0.with(code: .connectionLost) } ?? PostgresError(.connectionLost, reason: reason)
        error.isOutcomeUnknown = exchange != nil
        return .lost(error)
    }
}

/// Takes what the server says unasked. With no statement under way that includes the error with which it ends the session.
private func receiveNotice(_ context: UnsafeMutableRawPointer?, _ result: OpaquePointer?) {
    guard let context, let result, let report = PostgresError.Report(result), report.sqlState.endsSession else { return }
    Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue().mustClose = true
}
