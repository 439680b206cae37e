/// A JSON value as it was read: integers are kept apart from other numbers, so that no identifier or amount of money becomes a float.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// What a person would call this kind of value.
    public var kind: String {
        switch self {
        case .null: "nothing (null)"
        case .bool: "true or false"
        case .integer, .number: "a number"
        case .string: "text"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// The member of an object, or nil where there is none.
    public subscript(_ member: String) -> JSON? {
        if case .object(let members) = self { members[member] } else { nil }
    }

    /// The text, or nil where this is not text.
    public var string: String? { if case .string(let text) = self { text } else { nil } }

    /// The whole number, or nil where this is none.
    public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }

    /// The number, whole or not, or nil where this is none.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// True or false, or nil where this is neither.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The elements of a list, or nil where this is none.
    public var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }

    /// The members of an object, or nil where this is none.
    public var object: [String: JSON]? { if case .object(let members) = self { members } else { nil } }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(Dictionary(elements) { $1 }) }
}

extension JSON: CustomStringConvertible {
    /// Compact JSON text with sorted members.
    public var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Compact JSON text in UTF-8 with sorted members, the same for equal values.
    public var bytes: [UInt8] {
        var buffer: [UInt8] = []
        append(to: &buffer)
        return buffer
    }

    /// Appends compact JSON text to a buffer.
    public func append(to buffer: inout [UInt8]) {
        switch self {
        case .null: buffer.append(contentsOf: "null".utf8)
        case .bool(let value): buffer.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): buffer.append(contentsOf: String(value).utf8)
        case .number(let value): buffer.append(contentsOf: (value.isFinite ? String(value) : "null").utf8)
        case .string(let text): JSON.append(text, to: &buffer)
        case .array(let elements):
            buffer.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { buffer.append(UInt8(ascii: ",")) }
                element.append(to: &buffer)
            }
            buffer.append(UInt8(ascii: "]"))
        case .object(let members):
            buffer.append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { buffer.append(UInt8(ascii: ",")) }
                JSON.append(member.key, to: &buffer)
                buffer.append(UInt8(ascii: ":"))
                member.value.append(to: &buffer)
            }
            buffer.append(UInt8(ascii: "}"))
        }
    }

    private static func append(_ text: String, to buffer: inout [UInt8]) {
        buffer.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                buffer.append(UInt8(ascii: "\\"))
                buffer.append(byte)
            case 0x0a: buffer.append(contentsOf: "\\n".utf8)
            case 0x0d: buffer.append(contentsOf: "\\r".utf8)
            case 0x09: buffer.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                buffer.append(contentsOf: "\\u00\(digits.count == 1 ? "0" : "")\(digits)".utf8)
            default: buffer.append(byte)
            }
        }
        buffer.append(UInt8(ascii: "\""))
    }
}
