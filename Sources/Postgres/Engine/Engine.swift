import CLibpq
import DequeModule
import Glibc
import Logging

/// Drives all connections from one thread: waits for sockets, messages and time, and asks the pool what to do.
///
/// Confined to its thread; other threads reach it through the inbox alone.
final class Engine {
    typealias RequestID = Int
    typealias Instant = ContinuousClock.Instant

    let configuration: PostgresConfiguration
    let inbox: Inbox
    let logger: Logger
    let metrics: ClientMetrics
    var poller = Poller()
    var pool: PoolStateMachine<RequestID>
    var connections: [Int: Connection] = [:]
    /// Attempts to connect, and when they are given up.
    var attempts: [Int: Instant] = [:]
    /// Connections whose session is being set up.
    var settingUp: Set<Int> = []
    /// Connections that a cancel request is on its way to.
    var cancelling: Set<Int> = []
    /// When to close a connection that has not answered a cancel request.
    var ultimatums: [Int: Instant] = [:]
    var waiting: [RequestID: Pending] = [:]
    /// Which connection a request is under way on, so that it can be cancelled.
    var running: [RequestID: Int] = [:]
    var leases: [ObjectIdentifier: LeaseState] = [:]
    var leaseOfConnection: [Int: ObjectIdentifier] = [:]
    /// Not later than the next deadline of a request under way.
    var nextDeadline: Instant?
    var isStopped = false
    /// The time of this turn.
    var now = ContinuousClock.now
    private var recorded = PoolCensus()
    /// Answers of this turn, given at its end in one go.
    private var answers: [(CheckedContinuation<Request.Reply, Never>, Request.Reply)] = []

    /// A transaction's statements that wait for the one under way, and its connection, once there is one.
    struct LeaseState {
        var connection: Int?
        var isLost = false
        var backlog: Deque<Pending> = []
    }

    init(configuration: PostgresConfiguration, inbox: Inbox, logger: Logger, metrics: ClientMetrics) {
        self.configuration = configuration
        self.inbox = inbox
        self.logger = logger
        self.metrics = metrics
        pool = PoolStateMachine(
            limits: .init(
                minimum: configuration.minimumConnections, maximum: max(configuration.maximumConnections, 1),
                idleTimeout: configuration.idleTimeout, lifetime: configuration.lifetime))
    }

    /// Runs until the pool is drained or the engine is stopped.
    func run() {
        poller.add(inbox.descriptor, id: Poller.wakeUpID)
        perform(pool.start(now: now))
        var messages: [Inbox.Message] = []
        while !isStopped && !pool.isDrained {
            // A request that could only queue need not wake anybody.
            let isSaturated = pool.isSaturated
            let mayRest = inbox.fallAsleep(ignoringRequests: isSaturated)
            // Sockets are looked at after the messages were taken: a session that ended before a request came is not given to it.
            if !mayRest { inbox.take(into: &messages) }
            let count = poller.wait(mayRest ? untilNextTimer(isSaturated: isSaturated) : .zero)
            inbox.wakeUp()
            now = .now
            for index in 0..<count { handle(poller[index]) }
            for message in messages { handle(message) }
            messages.removeAll(keepingCapacity: true)
            checkTimers()
            giveAnswers()
        }
        end()
    }

    /// Answers at the end of the turn, so that the threads that the answers wake find all of them.
    func answer(_ pending: Pending, _ reply: Request.Reply) {
        running[pending.request.id] = nil
        if !pending.isInternal { metrics.record(reply, after: now - pending.request.submitted) }
        if case .stream(_, let buffer) = pending.request.work { buffer.finish(reply) }
        if let continuation = pending.continuation { answers.append((continuation, reply)) }
    }

    private func giveAnswers() {
        for (continuation, reply) in answers { continuation.resume(returning: reply) }
        answers.removeAll(keepingCapacity: true)
        metrics.record(pool.census, since: &recorded)
    }

    private func handle(_ event: Poller.Event) {
        guard event.id != Poller.wakeUpID else {
            var count: eventfd_t = 0
            eventfd_read(inbox.descriptor, &count)
            return
        }
        guard let connection = connections[event.id] else { return }
        proceed(connection, connection.handle(readable: event.isReadable))
    }

    private func handle(_ message: Inbox.Message) {
        switch message {
        case .submit(let pending): submit(pending)
        case .cancel(let request): cancel(request, .cancelled)
        case .resume(let request):
            if let connection = running[request.id].flatMap({ connections[$0] }) {
                proceed(connection, connection.resume())
            }
        case .leave(let request): leave(request)
        case .connected(let id, let handover): connected(id, handover.pointer)
        case .connectFailed(let id, let error): connectFailed(id, error)
        case .cancelEnded(let id):
            cancelling.remove(id)
            if let connection = connections[id] { serveNext(connection) }
        case .shutDown: perform(pool.shutDown())
        case .stop: isStopped = true
        }
    }

    private func end() {
        let error = PostgresError(.shutDown)
        for connection in connections.values {
            if let pending = connection.endExchange() {
                answer(pending, .failure(PostgresError(.shutDown, isOutcomeUnknown: true)))
            }
        }
        for pending in waiting.values { answer(pending, .failure(error)) }
        for lease in leases.values { for pending in lease.backlog { answer(pending, .failure(error)) } }
        connections = [:]
        for message in inbox.shut() {
            switch message {
            case .submit(let pending): answer(pending, .failure(error))
            case .connected(_, let handover): PQfinish(handover.pointer)
            default: break
            }
        }
        giveAnswers()
    }
}
