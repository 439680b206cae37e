/// What went wrong between the client and PostgreSQL.
///
/// `description` never holds a value of a row or a parameter, so it may be logged; `String(reflecting:)` also prints the
/// server's detail, which may.
public struct PostgresError: Error, Sendable {
    /// The kinds of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        fileprivate enum Kind: String {
            case server, connectionLost, connectionFailed, acquireTimeout, deadlineExceeded, cancelled, invalidParameter
            case decoding, rolledBack, transactionEnded, shutDown
        }
        fileprivate let kind: Kind

        /// The server refused the statement; see ``PostgresError/sqlState``.
        public static let server = Code(kind: .server)
        /// The connection broke while the statement was under way.
        public static let connectionLost = Code(kind: .connectionLost)
        /// No connection could be made.
        public static let connectionFailed = Code(kind: .connectionFailed)
        /// The pool was exhausted: no connection became free within ``PostgresConfiguration/acquireTimeout``.
        public static let acquireTimeout = Code(kind: .acquireTimeout)
        /// The statement's deadline passed.
        public static let deadlineExceeded = Code(kind: .deadlineExceeded)
        /// The task was cancelled.
        public static let cancelled = Code(kind: .cancelled)
        /// A parameter cannot be sent: text with a NUL character, or JSON that does not encode.
        public static let invalidParameter = Code(kind: .invalidParameter)
        /// A column is not what the code expects.
        public static let decoding = Code(kind: .decoding)
        /// The transaction was rolled back where a commit was asked for, because a statement in it had failed.
        public static let rolledBack = Code(kind: .rolledBack)
        /// A statement was given to a transaction that has ended.
        public static let transactionEnded = Code(kind: .transactionEnded)
        /// The client is shutting down, or has.
        public static let shutDown = Code(kind: .shutDown)

        /// The kind's name.
        public var description: String { kind.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// Whether the statement may have taken effect nonetheless: it had been sent, and no answer came.
    public var isOutcomeUnknown = false

    /// Whether a prepared statement had become invalid, so that the same statement will succeed when it is prepared afresh.
    var isStaleStatement = false

    private let reason: String?
    private let report: Report?

    /// What the server said. On the heap, because it is rare and large and the error is passed around by value.
    final class Report: Sendable {
        let sqlState: SQLState
        let message: String
        let detail, hint, context, schema, table, column, constraint: String?

        init(
            sqlState: SQLState, message: String, detail: String? = nil, hint: String? = nil, context: String? = nil,
            schema: String? = nil, table: String? = nil, column: String? = nil, constraint: String? = nil
        ) {
            self.sqlState = sqlState
            self.message = message
            self.detail = detail
            self.hint = hint
            self.context = context
            self.schema = schema
            self.table = table
            self.column = column
            self.constraint = constraint
        }
    }

    init(_ code: Code, reason: String? = nil, isOutcomeUnknown: Bool = false) {
        self.code = code
        self.reason = reason
        self.report = nil
        self.isOutcomeUnknown = isOutcomeUnknown
    }

    init(_ report: Report, code: Code = .server) {
        self.code = code
        self.reason = nil
        self.report = report
    }

    /// The same report under another code: a cancelled statement's, say.
    func with(code: Code) -> PostgresError { report.map { PostgresError($0, code: code) } ?? PostgresError(code) }
}

extension PostgresError {
    /// The server's error code; nil if the failure is not the server's.
    public var sqlState: SQLState? { report?.sqlState }
    /// The server's message. May quote a value; see ``SQLState``.
    public var message: String? { report?.message ?? reason }
    /// The server's hint.
    public var hint: String? { report?.hint }
    /// The schema of the table or type concerned.
    public var schema: String? { report?.schema }
    /// The table concerned.
    public var table: String? { report?.table }
    /// The column concerned.
    public var column: String? { report?.column }
    /// The constraint that refused the row.
    public var constraint: String? { report?.constraint }

    /// Whether the whole transaction may succeed if it is run again at once.
    public var isRetryable: Bool { sqlState == .serializationFailure || sqlState == .deadlockDetected || isStaleStatement }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The failure without any value.
    public var description: String {
        var text = "PostgresError.\(code)"
        if let report {
            text += " \(report.sqlState)"
            if report.sqlState.hasSafeMessages { text += " \(report.message)" }
            for (name, value) in [("table", table), ("column", column), ("constraint", constraint)] {
                if let value { text += " \(name)=\(value)" }
            }
        }
        if let reason { text += ": \(reason)" }
        if isOutcomeUnknown { text += " (it may have taken effect)" }
        return text
    }

    /// The failure with all that the server said, values included. Not for logs.
    public var debugDescription: String {
        guard let report else { return description }
        return description
            + [("message", report.message), ("detail", report.detail), ("hint", report.hint), ("context", report.context)]
            .map { name, value in value.map { "\n  \(name): \($0)" } ?? "" }.joined()
    }
}
