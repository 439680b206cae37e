/// PostgreSQL's five-character error code.
///
/// PostgreSQL manual, appendix A, "PostgreSQL Error Codes".
public struct SQLState: Sendable, Hashable, RawRepresentable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The five characters.
    public let rawValue: String

    /// A code by its five characters.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// A code by its five characters.
    public init(stringLiteral rawValue: String) { self.init(rawValue: rawValue) }

    /// The five characters.
    public var description: String { rawValue }

    /// The first two characters, which tell the kind of error.
    public var errorClass: Substring { rawValue.prefix(2) }
}

extension SQLState {
    /// A row with this key exists.
    public static let uniqueViolation: SQLState = "23505"
    /// The row refers to one that does not exist, or is referred to.
    public static let foreignKeyViolation: SQLState = "23503"
    /// A column that must have a value has none.
    public static let notNullViolation: SQLState = "23502"
    /// A check constraint refused the row.
    public static let checkViolation: SQLState = "23514"
    /// An exclusion constraint refused the row.
    public static let exclusionViolation: SQLState = "23P01"
    /// Transactions collided under serializable or repeatable-read isolation.
    public static let serializationFailure: SQLState = "40001"
    /// Transactions waited for each other.
    public static let deadlockDetected: SQLState = "40P01"
    /// The statement was cancelled.
    public static let queryCanceled: SQLState = "57014"
    /// A write on a read-only server or in a read-only transaction.
    public static let readOnlyTransaction: SQLState = "25006"
    /// A row lock was not free and the statement said `nowait`.
    public static let lockNotAvailable: SQLState = "55P03"
    /// The role may not do this; row-level security's refusals come so too.
    public static let insufficientPrivilege: SQLState = "42501"
    /// The server is stopping, or an administrator ended the session.
    public static let adminShutdown: SQLState = "57P01"
    /// Another server process crashed.
    public static let crashShutdown: SQLState = "57P02"
    /// The server is starting or stopping.
    public static let cannotConnectNow: SQLState = "57P03"
    /// A table's columns changed under a prepared statement (among other unsupported things).
    static let featureNotSupported: SQLState = "0A000"
    /// A prepared statement is gone.
    static let invalidStatementName: SQLState = "26000"

    /// Whether the session is, or will at once be, of no use.
    var endsSession: Bool {
        self == .adminShutdown || self == .crashShutdown || self == .cannotConnectNow || errorClass == "08"
    }

    /// Whether PostgreSQL's messages of this class name only schema objects and states, never a row's values.
    ///
    /// Class 22, for one, quotes the offending input: `invalid input syntax for type integer: "…"`.
    var hasSafeMessages: Bool { ["08", "0A", "23", "25", "28", "3D", "40", "42", "53", "54", "55", "57", "58"].contains(errorClass) }
}
