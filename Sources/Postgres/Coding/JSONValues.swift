import FoundationEssentials

/// JSON as text, neither parsed nor checked by the client. Binds as `json` or `jsonb`, whichever the statement needs.
public struct JSONText: Sendable, Hashable {
    /// The JSON text.
    public var text: String

    /// Wraps text that PostgreSQL will check.
    public init(_ text: String) { self.text = text }
}

extension JSONText: PostgresEncodable, PostgresDecodable {
    /// Inferred by PostgreSQL: `json` or `jsonb`.
    public static var postgresType: PostgresType { .unspecified }
    /// Appends the value's text.
    public func encode(into text: inout PostgresText) { text.append(self.text) }
    /// Reads the value's text.
    public static func decode(_ text: Span<UInt8>) -> JSONText? { JSONText(String(utf8: text)) }
}

/// A `Codable` value kept as `jsonb`, with dates in ISO 8601, to the second.
public struct Jsonb<Value: Codable & Sendable>: Sendable {
    /// The value.
    public var value: Value

    /// Wraps a value.
    public init(_ value: Value) { self.value = value }
}

extension Jsonb: Equatable where Value: Equatable {}
extension Jsonb: Hashable where Value: Hashable {}

extension Jsonb: PostgresEncodable, PostgresDecodable {
    /// `jsonb`
    public static var postgresType: PostgresType { .jsonb }

    /// A value that cannot be encoded fails the statement with ``PostgresError/Code/invalidParameter``.
    public func encode(into text: inout PostgresText) {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        guard let data = try? encoder.encode(value) else { return text.reject() }
        text.append(String(decoding: data, as: UTF8.self))
    }

    /// Reads the value's text.
    public static func decode(_ text: Span<UInt8>) -> Jsonb? {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let data = text.withUnsafeBufferPointer { Data($0) }
        return (try? decoder.decode(Value.self, from: data)).map { Jsonb($0) }
    }
}
