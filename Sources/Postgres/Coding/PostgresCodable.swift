/// A value that can be bound to a placeholder of a statement.
///
/// An enumeration with raw values conforms in one line:
///
/// ```swift
/// enum Standing: String { case invited, active, ended }
/// extension Standing: PostgresCodable {}
/// ```
public protocol PostgresEncodable: PostgresArrayEncodable {
    /// The type that PostgreSQL is told.
    static var postgresType: PostgresType { get }
    /// Appends the value in PostgreSQL's text format.
    func encode(into text: inout PostgresText)
}

/// A value that can be read from a column.
public protocol PostgresDecodable: PostgresArrayDecodable {
    /// The value that the text stands for, or nil if it stands for none of this type.
    ///
    /// - Parameter text: PostgreSQL's text format, which is UTF-8.
    /// - Returns: nil to refuse the text.
    static func decode(_ text: Span<UInt8>) -> Self?
    /// What SQL null is read as; nil, the default, makes null an error.
    static var decodedNull: Self? { get }
}

/// A value that can be bound to a placeholder and read from a column.
public typealias PostgresCodable = PostgresEncodable & PostgresDecodable

/// What an array can be made of to be bound. Every ``PostgresEncodable`` is; `UInt8` is too, and makes `bytea`.
public protocol PostgresArrayEncodable: Sendable {
    /// The type of an array of such elements.
    static var postgresArrayType: PostgresType { get }
    /// Appends an array of such elements.
    static func encode(array: [Self], into text: inout PostgresText)
}

/// What an array can be made of to be read. Every ``PostgresDecodable`` is; `UInt8` is too, and reads `bytea`.
public protocol PostgresArrayDecodable: Sendable {
    /// The array that the text stands for, or nil if it stands for none.
    static func decode(array text: Span<UInt8>) -> [Self]?
}

extension PostgresDecodable {
    /// Null is an error.
    public static var decodedNull: Self? { nil }
}

extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    /// The raw value's type.
    public static var postgresType: PostgresType { RawValue.postgresType }
    /// Appends the value's text.
    public func encode(into text: inout PostgresText) { rawValue.encode(into: &text) }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    /// Reads the value's text.
    public static func decode(_ text: Span<UInt8>) -> Self? { RawValue.decode(text).flatMap(Self.init(rawValue:)) }
}

extension Optional: PostgresArrayEncodable where Wrapped: PostgresEncodable {}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    /// The type of what is wrapped.
    public static var postgresType: PostgresType { Wrapped.postgresType }

    /// Appends the value's text.
    public func encode(into text: inout PostgresText) {
        switch self {
        case .some(let value): value.encode(into: &text)
        case .none: text.appendNull()
        }
    }
}

extension Optional: PostgresArrayDecodable where Wrapped: PostgresDecodable {}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// Null is nil.
    public static var decodedNull: Wrapped?? { .some(.none) }
    /// Reads the value's text.
    public static func decode(_ text: Span<UInt8>) -> Wrapped?? { Wrapped.decode(text).map { .some($0) } }
}
