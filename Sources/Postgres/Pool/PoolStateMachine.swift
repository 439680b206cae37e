/// How many connections are open, how many of them are in use, and how many requests wait for one.
struct PoolCensus: Equatable {
    var open = 0
    var used = 0
    var waiting = 0
}

/// Which connections exist, who waits for one, and when to open and close them.
///
/// Pure: time and chance are arguments, and what is to be done comes back as actions. Waiters are served strictly in order.
struct PoolStateMachine<Waiter: Hashable & Sendable> {
    typealias Instant = ContinuousClock.Instant
    typealias ConnectionID = Int

    struct Limits: Sendable {
        var minimum = 0
        var maximum = 16
        var idleTimeout: Duration = .seconds(60)
        var lifetime: Duration = .seconds(3600)
        var backoff: Duration = .milliseconds(50)
        var maximumBackoff: Duration = .seconds(1)
        /// After so many failed attempts in a row the circuit opens.
        var failuresToOpen = 4
    }

    enum Action: Equatable {
        case connect(ConnectionID)
        case lease(ConnectionID, Waiter)
        case close(ConnectionID)
        case fail(Waiter, Failure)
    }

    enum Failure: Equatable { case timeout, unavailable, shutDown }

    private struct Idle { var id: ConnectionID; var since: Instant }

    let limits: Limits
    /// Least recently used first: the last is handed out, so that the first grow old and can be closed.
    private var idle: [Idle] = []
    private var expiry: [ConnectionID: Instant] = [:]
    private var leased: Set<ConnectionID> = []
    private var connecting: Set<ConnectionID> = []
    private var waiters = WaiterQueue<Waiter>()
    private var nextID = 0
    private var failures = 0
    private var retryAt: Instant?
    private var isShuttingDown = false

    init(limits: Limits) { self.limits = limits }

    var connectionCount: Int { idle.count + leased.count }
    /// Whether a new waiter could do nothing but queue.
    var isSaturated: Bool { !waiters.isEmpty && connectionCount + connecting.count >= limits.maximum }
    var census: PoolCensus { PoolCensus(open: connectionCount, used: leased.count, waiting: waiters.count) }
    /// Whether nothing is left after a shutdown.
    var isDrained: Bool { isShuttingDown && connectionCount == 0 && connecting.isEmpty && waiters.isEmpty }
    private var isOpen: Bool { failures >= limits.failuresToOpen }

    func isLeased(_ id: ConnectionID) -> Bool { leased.contains(id) }

    mutating func start(now: Instant) -> [Action] { grow(now: now) }

    /// A waiter wants a connection, before `deadline`.
    mutating func acquire(_ waiter: Waiter, deadline: Instant, now: Instant) -> [Action] {
        if isShuttingDown { return [.fail(waiter, .shutDown)] }
        if waiters.isEmpty, let connection = idle.popLast() {
            leased.insert(connection.id)
            return [.lease(connection.id, waiter)]
        }
        // While the circuit is open, a probe decides; nobody else need wait for it.
        if isOpen && connectionCount == 0 && (!connecting.isEmpty || retryAt.map { now < $0 } ?? false) {
            return [.fail(waiter, .unavailable)]
        }
        waiters.append(waiter, deadline: deadline)
        return grow(now: now)
    }

    /// A waiter no longer wants a connection. Returns whether it was still waiting.
    mutating func cancel(_ waiter: Waiter) -> Bool { waiters.remove(waiter) }

    /// A leased connection is free again.
    mutating func release(_ id: ConnectionID, now: Instant) -> [Action] {
        guard leased.contains(id) else { return [] }
        if let expires = expiry[id], expires <= now { return close(id) + grow(now: now) }
        return hand(id, now: now)
    }

    /// A connection, leased or idle, is gone or must not be used again.
    mutating func discard(_ id: ConnectionID, now: Instant) -> [Action] {
        guard expiry[id] != nil else { return [] }
        return close(id) + grow(now: now)
    }

    /// An attempt succeeded. `chance` in 0..<1 spreads the end of life, so that connections do not all end together.
    mutating func connected(_ id: ConnectionID, now: Instant, chance: Double) -> [Action] {
        guard connecting.remove(id) != nil else { return [] }
        failures = 0
        retryAt = nil
        leased.insert(id)
        expiry[id] = now + limits.lifetime * (0.8 + 0.2 * chance)
        return hand(id, now: now) + grow(now: now)
    }

    /// An attempt failed. `chance` in 0..<1 spreads the next attempts of many clients.
    mutating func connectFailed(_ id: ConnectionID, now: Instant, chance: Double) -> [Action] {
        guard connecting.remove(id) != nil else { return [] }
        failures += 1
        let backoff = min(limits.backoff * (1 << min(failures - 1, 16)), limits.maximumBackoff)
        retryAt = now + backoff * (0.5 + 0.5 * chance)
        guard isOpen || isShuttingDown, connectionCount == 0 else { return [] }
        return waiters.removeAll().map { .fail($0, isShuttingDown ? .shutDown : .unavailable) }
    }

    /// Time has passed: fails waiters that are overdue, closes connections that are idle or old, retries attempts.
    mutating func tick(now: Instant) -> [Action] {
        var actions: [Action] = waiters.removeOverdue(now: now).map { .fail($0, .timeout) }
        var surplus = connectionCount - limits.minimum
        var kept: [Idle] = []
        for connection in idle {
            let isOld = expiry[connection.id].map { $0 <= now } ?? true
            let isUnused = surplus > 0 && connection.since + limits.idleTimeout <= now
            if isOld || isUnused {
                surplus -= 1
                expiry[connection.id] = nil
                actions.append(.close(connection.id))
            } else {
                kept.append(connection)
            }
        }
        idle = kept
        return actions + grow(now: now)
    }

    /// When `tick` has something to do next.
    var nextTick: Instant? {
        var next = waiters.earliestDeadline
        func consider(_ instant: Instant?) { if let instant { next = min(next ?? instant, instant) } }
        if !isShuttingDown { consider(retryAt) }
        let hasSurplus = connectionCount > limits.minimum
        for connection in idle {
            consider(expiry[connection.id])
            if hasSurplus { consider(connection.since + limits.idleTimeout) }
        }
        return next
    }

    /// No new waiters; those that wait are still served, then all connections are closed.
    mutating func shutDown() -> [Action] {
        isShuttingDown = true
        var actions: [Action] = []
        if waiters.isEmpty { actions = closeIdle() }
        if connectionCount == 0 && connecting.isEmpty { actions += waiters.removeAll().map { .fail($0, .shutDown) } }
        return actions
    }

    private mutating func closeIdle() -> [Action] {
        defer { idle = [] }
        for connection in idle { expiry[connection.id] = nil }
        return idle.map { .close($0.id) }
    }

    private mutating func close(_ id: ConnectionID) -> [Action] {
        leased.remove(id)
        idle.removeAll { $0.id == id }
        expiry[id] = nil
        return [.close(id)]
    }

    private mutating func hand(_ id: ConnectionID, now: Instant) -> [Action] {
        if let waiter = waiters.popFirst() { return [.lease(id, waiter)] }
        if isShuttingDown { return close(id) }
        leased.remove(id)
        idle.append(Idle(id: id, since: now))
        return []
    }

    private mutating func grow(now: Instant) -> [Action] {
        if let retryAt, now < retryAt { return [] }
        if isShuttingDown && waiters.isEmpty { return [] }
        let total = connectionCount + connecting.count
        var wanted = max(waiters.count - connecting.count, isShuttingDown ? 0 : limits.minimum - total)
        wanted = min(wanted, limits.maximum - total)
        // After a failure one attempt goes ahead of the others.
        if failures > 0 { wanted = min(wanted, connecting.isEmpty ? 1 : 0) }
        guard wanted > 0 else { return [] }
        retryAt = nil
        return (0..<wanted).map { _ in
            nextID += 1
            connecting.insert(nextID)
            return .connect(nextID)
        }
    }
}
