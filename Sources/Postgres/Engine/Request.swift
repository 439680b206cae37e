import Synchronization

/// A piece of work for a connection, seen by the task that waits for it and by the engine's thread.
final class Request: Sendable {
    enum Work: Sendable {
        /// Statements in one pipeline, ended by one Sync.
        case batch([Query])
        /// The same, without preparing the statements.
        case unprepared([Query])
        /// A statement whose rows go into the buffer as they arrive.
        case stream(Query, RowBuffer)
        /// `COPY … FROM STDIN`: begin, data, end. An end with a reason makes the server discard the data.
        case copyBegin(Query)
        case copyData([UInt8])
        case copyEnd(failure: String?)
    }

    typealias Reply = Result<[Rows], PostgresError>

    /// Not the object's address, which the next request may have again while this one's place in the line is still known by it.
    let id = Request.ids.wrappingAdd(1, ordering: .relaxed).newValue
    let work: Work
    let lease: Lease?
    /// Whether the lease ends with this request.
    let endsLease: Bool
    let submitted: ContinuousClock.Instant
    let deadline: ContinuousClock.Instant?
    private static let ids = Atomic<Int>(0)
    private let cancelled = Atomic<Bool>(false)

    init(_ work: Work, lease: Lease? = nil, endsLease: Bool = false, submitted: ContinuousClock.Instant, deadline: Duration?) {
        self.work = work
        self.lease = lease
        self.endsLease = endsLease
        self.submitted = submitted
        self.deadline = deadline.map { submitted + $0 }
    }

    /// Whether the task has been cancelled, perhaps before the engine saw the request.
    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }
    func markCancelled() { cancelled.store(true, ordering: .relaxed) }
}

/// A connection kept for the statements of one transaction. Its first statement brings it into being.
final class Lease: Sendable {
    /// The statement that travels ahead of the first.
    let begin: Query
    private let ended = Atomic<Bool>(false)

    init(begin: Query) { self.begin = begin }

    /// Set by the engine alone, which thereby refuses statements that come too late.
    var hasEnded: Bool { ended.load(ordering: .relaxed) }
    func end() { ended.store(true, ordering: .relaxed) }
}

/// A request and whom to answer; nobody for the engine's own.
struct Pending: Sendable {
    let request: Request
    let continuation: CheckedContinuation<Request.Reply, Never>?

    /// Whether the engine sent it to itself.
    var isInternal: Bool {
        if case .unprepared = request.work { true } else { false }
    }
}
