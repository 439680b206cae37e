import CLibpq
import Logging

// MARK: - Connecting

extension Engine {
    func connected(_ id: Int, _ pg: OpaquePointer) {
        // The attempt may have been given up in the meantime.
        guard attempts.removeValue(forKey: id) != nil else { return PQfinish(pg) }
        let connection = Connection(id: id, owning: pg, statementCapacity: configuration.preparedStatementCapacity)
        connections[id] = connection
        settingUp.insert(id)
        poller.add(connection.descriptor, id: id)
        let request = Request(.unprepared([configuration.setUp]), submitted: now, deadline: configuration.connectTimeout)
        start(Pending(request: request, continuation: nil), on: connection)
    }

    func endSetUp(_ connection: Connection, _ reply: Request.Reply) {
        switch reply {
        case .failure(let error): failSetUp(connection, error)
        case .success: perform(pool.connected(connection.id, now: now, chance: .random(in: 0..<1)))
        }
    }

    func failSetUp(_ connection: Connection, _ error: PostgresError) {
        close(connection.id)
        connectFailed(connection.id, error, isAttempt: false)
    }

    func connectFailed(_ id: Int, _ error: PostgresError, isAttempt: Bool = true) {
        if isAttempt && attempts.removeValue(forKey: id) == nil { return }
        logger.warning("Could not connect to PostgreSQL", metadata: ["error": "\(error)"])
        perform(pool.connectFailed(id, now: now, chance: .random(in: 0..<1)))
    }
}

// MARK: - Time

extension Engine {
    func untilNextTimer(isSaturated: Bool) -> Duration? {
        // Requests that did not wake the engine have timeouts too.
        var next = isSaturated ? min(pool.nextTick ?? .now + Engine.saturatedRest, .now + Engine.saturatedRest) : pool.nextTick
        for instant in [nextDeadline, attempts.values.min(), ultimatums.values.min()] {
            if let instant { next = min(next ?? instant, instant) }
        }
        return next.map { max(.zero, $0 - .now) }
    }

    private static let saturatedRest: Duration = .milliseconds(10)

    func checkTimers() {
        if let tick = pool.nextTick, tick <= now { perform(pool.tick(now: now)) }
        if let deadline = nextDeadline, deadline <= now { checkDeadlines() }
        for (id, instant) in attempts where instant <= now {
            connectFailed(id, PostgresError(.connectionFailed, reason: "no answer in time"))
        }
        for (id, instant) in ultimatums where instant <= now {
            guard let connection = connections[id] else { continue }
            var error = PostgresError(connection.exchange?.cancellation ?? .connectionLost, reason: "the server did not answer")
            error.isOutcomeUnknown = true
            lose(connection, error)
        }
    }

    private func checkDeadlines() {
        nextDeadline = nil
        for connection in connections.values {
            guard let exchange = connection.exchange, exchange.cancellation == nil,
                let deadline = exchange.pending.request.deadline
            else { continue }
            if deadline > now {
                nextDeadline = min(nextDeadline ?? deadline, deadline)
            } else if exchange.canBeCancelled && !settingUp.contains(connection.id) {
                cancel(exchange.pending.request, .deadlineExceeded)
            } else {
                lose(connection, PostgresError(.deadlineExceeded, isOutcomeUnknown: true))
            }
        }
    }
}
