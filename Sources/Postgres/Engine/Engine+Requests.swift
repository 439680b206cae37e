import DequeModule

// MARK: - Requests

extension Engine {
    func submit(_ pending: Pending) {
        let request = pending.request
        let id = request.id
        if request.isCancelled { return answer(pending, .failure(PostgresError(.cancelled))) }
        guard let lease = request.lease else {
            waiting[id] = pending
            return acquire(request, id: id)
        }
        let leaseID = ObjectIdentifier(lease)
        if leases[leaseID]?.isLost == true {
            if request.endsLease {
                leases[leaseID] = nil
                lease.end()
            }
            answer(pending, .failure(PostgresError(.connectionLost)))
        } else if leases[leaseID] != nil {
            leases[leaseID]?.backlog.append(pending)
            if let connection = leases[leaseID]?.connection.flatMap({ connections[$0] }) { serveNext(connection) }
        } else if lease.hasEnded {
            answer(pending, .failure(PostgresError(.transactionEnded)))
        } else if request.endsLease {
            // No statement was run, so there is nothing to commit or roll back.
            lease.end()
            answer(pending, .success([]))
        } else {
            leases[leaseID] = LeaseState()
            waiting[id] = pending
            acquire(request, id: id)
        }
    }

    private func acquire(_ request: Request, id: RequestID) {
        let patience = request.submitted + configuration.acquireTimeout
        perform(pool.acquire(id, deadline: min(patience, request.deadline ?? patience), now: now))
    }

    /// The task of a request has been cancelled, or its deadline has passed.
    func cancel(_ request: Request, _ cause: PostgresError.Code) {
        let id = request.id
        if let connection = running[id].flatMap({ connections[$0] }) {
            return cancel(request, on: connection, cause)
        }
        if waiting[id] != nil, pool.cancel(id), let pending = waiting.removeValue(forKey: id) {
            return fail(waiting: pending, PostgresError(cause))
        }
        guard let leaseID = request.lease.map(ObjectIdentifier.init),
            let index = leases[leaseID]?.backlog.firstIndex(where: { $0.request === request }),
            let pending = leases[leaseID]?.backlog.remove(at: index)
        else { return }
        answer(pending, .failure(PostgresError(cause)))
    }

    private func cancel(_ request: Request, on connection: Connection, _ cause: PostgresError.Code) {
        if case .stream = request.work { proceed(connection, connection.stopStreaming()) }
        // What was left of the stream may have been its end, and the connection another's by now.
        guard connection.exchange?.pending.request === request, let cancel = connection.cancel(cause) else { return }
        ultimatums[connection.id] = now + configuration.connectTimeout
        cancelling.insert(connection.id)
        Connector.cancel(connection.id, Handover(pointer: cancel), inbox: inbox)
    }

    /// Ends a stream that nobody reads any more. In a transaction the rest is read and dropped, because a cancel would abort it.
    func leave(_ request: Request) {
        guard request.lease != nil, let connection = running[request.id].flatMap({ connections[$0] }) else {
            return cancel(request, .cancelled)
        }
        proceed(connection, connection.stopStreaming())
    }

    /// Answers a request that got no connection, and with it the statements of its transaction.
    private func fail(waiting pending: Pending, _ error: PostgresError) {
        answer(pending, .failure(error))
        guard let lease = pending.request.lease, let state = leases.removeValue(forKey: ObjectIdentifier(lease)) else { return }
        for other in state.backlog { answer(other, .failure(error)) }
    }
}

// MARK: - The pool's actions

extension Engine {
    func perform(_ actions: [PoolStateMachine<RequestID>.Action]) {
        for action in actions {
            switch action {
            case .connect(let id):
                attempts[id] = now + configuration.connectBound
                Connector.connect(id, configuration: configuration, inbox: inbox)
            case .lease(let id, let waiter): lease(id, to: waiter)
            case .close(let id): close(id)
            case .fail(let waiter, let failure):
                guard let pending = waiting.removeValue(forKey: waiter) else { continue }
                fail(waiting: pending, error(for: failure, pending))
            }
        }
    }

    private func lease(_ id: Int, to waiter: RequestID) {
        guard let connection = connections[id], let pending = waiting.removeValue(forKey: waiter) else { return }
        metrics.recordWait(now - pending.request.submitted)
        var begin: Query?
        if let lease = pending.request.lease {
            leases[ObjectIdentifier(lease)]?.connection = id
            leaseOfConnection[id] = ObjectIdentifier(lease)
            begin = lease.begin
        }
        start(pending, on: connection, begin: begin)
    }

    private func error(for failure: PoolStateMachine<RequestID>.Failure, _ pending: Pending) -> PostgresError {
        switch failure {
        case .unavailable: PostgresError(.connectionFailed, reason: "PostgreSQL could not be reached")
        case .shutDown: PostgresError(.shutDown)
        case .timeout:
            if let deadline = pending.request.deadline, deadline <= now {
                PostgresError(.deadlineExceeded)
            } else {
                PostgresError(.acquireTimeout, reason: "all \(configuration.maximumConnections) connections were in use")
            }
        }
    }
}

// MARK: - Exchanges

extension Engine {
    func start(_ pending: Pending, on connection: Connection, begin: Query? = nil) {
        running[pending.request.id] = connection.id
        if let deadline = pending.request.deadline { nextDeadline = min(nextDeadline ?? deadline, deadline) }
        proceed(connection, connection.start(pending, begin: begin))
    }

    /// Acts on what has become of a connection's exchange.
    func proceed(_ connection: Connection, _ progress: Connection.Progress) {
        switch progress {
        case .pending: updateInterest(connection)
        case .lost(let error): lose(connection, error)
        case .finished(let reply):
            updateInterest(connection)
            let pending = connection.endExchange()
            ultimatums[connection.id] = nil
            if settingUp.remove(connection.id) != nil { return endSetUp(connection, reply) }
            guard let pending else { return }
            answer(pending, reply)
            if let lease = pending.request.lease, pending.request.endsLease { end(lease, on: connection) }
            serveNext(connection)
        }
    }

    private func updateInterest(_ connection: Connection) {
        let interest = Connection.Interest(reads: !connection.isPaused, writes: connection.wantsToWrite)
        guard interest != connection.interest else { return }
        connection.interest = interest
        poller.update(connection.descriptor, id: connection.id, reads: interest.reads, writes: interest.writes)
    }

    /// Gives a connection that is free its next work: its transaction's next statement, housekeeping, or whoever waits.
    func serveNext(_ connection: Connection) {
        let id = connection.id
        // A cancel request under way could hit whatever came next.
        guard connection.exchange == nil, !cancelling.contains(id), !settingUp.contains(id), pool.isLeased(id) else { return }
        if connection.mustClose { return lose(connection, PostgresError(.connectionLost)) }
        if let lease = leaseOfConnection[id] {
            guard let next = leases[lease]?.backlog.popFirst() else { return }
            return start(next, on: connection)
        }
        // Somebody sent BEGIN by hand: his transaction must not catch the next one's statements.
        if connection.isInTransaction { return lose(connection, PostgresError(.connectionLost)) }
        if connection.statements.retired.count >= Engine.retiredStatementsToClose {
            let names = connection.statements.takeRetired()
            let queries = names.map { Query(raw: "deallocate \($0)") }
            let request = Request(.unprepared(queries), submitted: now, deadline: configuration.connectTimeout)
            return start(Pending(request: request, continuation: nil), on: connection)
        }
        perform(pool.release(id, now: now))
    }

    /// Evicted statements are closed in groups, because each group costs a round trip.
    private static let retiredStatementsToClose = 16

    private func end(_ lease: Lease, on connection: Connection) {
        lease.end()
        leaseOfConnection[connection.id] = nil
        guard let state = leases.removeValue(forKey: ObjectIdentifier(lease)) else { return }
        for pending in state.backlog { answer(pending, .failure(PostgresError(.transactionEnded))) }
    }

    /// Closes a connection that is broken or of no more use, and answers whoever depended on it.
    func lose(_ connection: Connection, _ error: PostgresError) {
        if let pending = connection.endExchange() { answer(pending, .failure(error)) }
        if settingUp.remove(connection.id) != nil { return failSetUp(connection, error) }
        if let leaseID = leaseOfConnection.removeValue(forKey: connection.id), let state = leases[leaseID] {
            // Kept without a connection until the transaction ends, or its next statement would begin another.
            leases[leaseID] = LeaseState(isLost: true)
            for pending in state.backlog { answer(pending, .failure(PostgresError(.connectionLost))) }
        }
        close(connection.id)
        perform(pool.discard(connection.id, now: now))
    }

    func close(_ id: Int) {
        guard let connection = connections.removeValue(forKey: id) else { return }
        poller.remove(connection.descriptor)
        cancelling.remove(id)
        ultimatums[id] = nil
    }
}
