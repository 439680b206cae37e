/// A statement and the values bound to its placeholders.
///
/// Interpolation can only bind, so no value can become SQL:
///
/// ```swift
/// let query: Query = "select title from panels where id = \(id) and state = any(\(states))"
/// ```
///
/// SQL that is put together at run time must say so with `\(raw: …)`; a fragment is embedded with `\(query: …)`, or `+`.
public struct Query: Sendable, Hashable, ExpressibleByStringInterpolation {
    /// The statement, with `$1`, `$2`, … where values are bound.
    public private(set) var sql: String
    /// The bound values, one behind the other and each followed by NUL, as libpq wants them.
    private(set) var bytes: [UInt8] = []
    /// Where each value begins in `bytes`; nil for SQL null.
    private(set) var offsets: [Int?] = []
    /// The types' OIDs, 0 where PostgreSQL shall infer them.
    private(set) var types: [UInt32] = []
    /// The first parameter that cannot be sent, counted from 1.
    private(set) var invalidParameter: Int?
    /// Whether PostgreSQL shall answer in its binary forms.
    private(set) var isBinary = false
    /// The offsets of placeholders in `sql`, so that a fragment can be renumbered without parsing SQL.
    private var placeholders: [Int] = []

    /// A statement from text that was not written in the source code. Never put a value into it.
    public init(raw sql: String) { self.sql = sql }

    /// A statement without values.
    public init(stringLiteral sql: String) { self.sql = sql }

    /// A statement by interpolation.
    public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.query }

    /// The two statements' text in a row, the right one's placeholders renumbered.
    public static func + (left: Query, right: Query) -> Query {
        var sum = left
        sum.append(right)
        return sum
    }

    /// Appends a fragment, its placeholders renumbered.
    public static func += (left: inout Query, right: Query) { left.append(right) }

    /// The same statement, answered in PostgreSQL's binary forms, which ``Row/withBytes(of:_:)`` reads and nothing else. For results
    /// so large that making text of them and reading it counts.
    public var inBinary: Query {
        var query = self
        query.isBinary = true
        return query
    }

    fileprivate mutating func append(raw text: String) { sql += text }

    fileprivate mutating func bindNull(_ type: PostgresType) {
        types.append(type.oid)
        offsets.append(nil)
        appendPlaceholder(types.count)
    }

    fileprivate mutating func bind(_ value: some PostgresEncodable) {
        var text = PostgresText(bytes: bytes)
        // The copy above must be the only reference, or appending would copy every value bound so far.
        bytes = []
        let start = text.bytes.count
        value.encode(into: &text)
        if text.isNull { text.bytes.removeSubrange(start...) } else { text.bytes.append(0) }
        types.append(type(of: value).postgresType.oid)
        offsets.append(text.isNull ? nil : start)
        bytes = text.bytes
        if text.isInvalid { invalidParameter = invalidParameter ?? types.count }
        appendPlaceholder(types.count)
    }

    fileprivate mutating func append(_ fragment: Query) {
        let base = types.count
        var copied = fragment.sql.utf8.startIndex
        var number = 0
        for offset in fragment.placeholders {
            number += 1
            let start = fragment.sql.utf8.index(fragment.sql.startIndex, offsetBy: offset)
            sql += fragment.sql[copied..<start]
            appendPlaceholder(base + number)
            copied = fragment.sql.utf8.index(start, offsetBy: 1 + String(number).utf8.count)
        }
        sql += fragment.sql[copied...]
        offsets += fragment.offsets.map { offset in offset.map { $0 + bytes.count } }
        types += fragment.types
        bytes += fragment.bytes
        invalidParameter = invalidParameter ?? fragment.invalidParameter.map { $0 + base }
    }

    private mutating func appendPlaceholder(_ number: Int) {
        placeholders.append(sql.utf8.count)
        sql += "$"
        sql += String(number)
    }

    /// Collects a literal's text and the values between it.
    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        fileprivate var query = Query(raw: "")

        /// Starts a statement.
        public init(literalCapacity: Int, interpolationCount: Int) {
            query.sql.reserveCapacity(literalCapacity + interpolationCount * 3)
            query.types.reserveCapacity(interpolationCount)
            query.placeholders.reserveCapacity(interpolationCount)
        }

        /// Appends SQL from the source code.
        public mutating func appendLiteral(_ literal: String) { query.append(raw: literal) }

        /// Binds a value to the next placeholder.
        public mutating func appendInterpolation(_ value: some PostgresEncodable) { query.bind(value) }

        /// Binds a value, or SQL null, to the next placeholder.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            if let value { query.bind(value) } else { query.bindNull(Value.postgresType) }
        }

        /// Appends SQL as it is. Never a value.
        public mutating func appendInterpolation(raw sql: String) { query.append(raw: sql) }

        /// Appends a fragment, its placeholders renumbered.
        public mutating func appendInterpolation(query fragment: Query) { query.append(fragment) }
    }
}

extension Query: CustomStringConvertible {
    /// The SQL; never a value.
    public var description: String { sql }
}
