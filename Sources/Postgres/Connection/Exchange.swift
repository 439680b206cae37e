/// A request under way on a connection: what has been sent, and what has come back.
struct Exchange {
    /// A message whose results are awaited.
    enum Step {
        case prepare(StatementCache.Statement)
        case run(StatementCache.Statement?, isAnswered: Bool)
    }

    let pending: Pending
    let begin: Query?
    let isRepeated: Bool
    var isPipelined = true
    var steps: [Step] = []
    private var position = 0
    var results: [Rows] = []
    /// The first error; those that follow are its consequences.
    var error: PostgresError?
    /// Why the server has been asked to cancel.
    var cancellation: PostgresError.Code?
    /// Whether nobody reads the rows any more.
    var isAbandoned = false

    init(pending: Pending, begin: Query?, isRepeated: Bool = false) {
        self.pending = pending
        self.begin = begin
        self.isRepeated = isRepeated
    }

    var isPrepared: Bool {
        if case .unprepared = pending.request.work { false } else { true }
    }

    /// Whether a cancel request can end it; data of a COPY cannot be answered before its end.
    var canBeCancelled: Bool {
        switch pending.request.work {
        case .batch, .unprepared, .stream: true
        case .copyBegin, .copyData, .copyEnd: false
        }
    }

    var step: Step? { position < steps.count ? steps[position] : nil }

    mutating func nextStep() { position += 1 }

    /// Whether a statement was run that an earlier request had prepared.
    var usedCachedStatement: Bool {
        let runs = steps.count { if case .run(.some, _) = $0 { true } else { false } }
        let prepares = steps.count { if case .prepare = $0 { true } else { false } }
        return runs > prepares
    }

    /// The answer, when all results are in. A cancel request that came too late changes nothing.
    var reply: Request.Reply {
        guard let error else { return .success(results) }
        if let cancellation, error.sqlState == .queryCanceled { return .failure(error.with(code: cancellation)) }
        return .failure(error)
    }
}
