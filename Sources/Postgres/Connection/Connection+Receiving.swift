import CLibpq

extension Connection {
    /// Takes all results that have arrived.
    func receive() -> Progress {
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

    func enterStep() {
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

    func lost(_ reason: String? = nil) -> Progress {
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
