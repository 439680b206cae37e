public import FoundationEssentials
import Glibc

extension Bool: PostgresEncodable, PostgresDecodable {
    /// `bool`
    public static var postgresType: PostgresType { .bool }
    /// Appends the value's text.
    public func encode(into text: inout PostgresText) { text.append(self ? "t" as Unicode.Scalar : "f") }

    /// Reads the value's text.
    public static func decode(_ text: Span<UInt8>) -> Bool? {
        guard text.count == 1 else { return nil }
        switch text[0] {
        case UInt8(ascii: "t"): return true
        case UInt8(ascii: "f"): return false
        default: return nil
        }
    }
}

extension PostgresEncodable where Self: FixedWidthInteger {
    /// Appends the value's text.
    public func encode(into text: inout PostgresText) { text.append(self) }
}

extension PostgresDecodable where Self: FixedWidthInteger {
    /// Reads decimal digits; nil if anything else stands there or the number does not fit.
    public static func decode(_ text: Span<UInt8>) -> Self? {
        let negative = text.count > 1 && text[0] == UInt8(ascii: "-")
        guard text.count > 0 else { return nil }
        var number: Self = 0
        for index in (negative ? 1 : 0)..<text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (product, overflows) = number.multipliedReportingOverflow(by: 10)
            // Negative numbers are built downwards, because the least has no positive counterpart.
            let (sum, overflowsToo) =
                negative ? product.subtractingReportingOverflow(Self(digit)) : product.addingReportingOverflow(Self(digit))
            if overflows || overflowsToo { return nil }
            number = sum
        }
        return number
    }
}

extension Int16: PostgresEncodable, PostgresDecodable {
    /// `int2`
    public static var postgresType: PostgresType { .int2 }
}
extension Int32: PostgresEncodable, PostgresDecodable {
    /// `int4`
    public static var postgresType: PostgresType { .int4 }
}
extension Int64: PostgresEncodable, PostgresDecodable {
    /// `int8`
    public static var postgresType: PostgresType { .int8 }
}
extension Int: PostgresEncodable, PostgresDecodable {
    /// `int8`
    public static var postgresType: PostgresType { .int8 }
}

extension PostgresEncodable where Self: BinaryFloatingPoint & CustomStringConvertible {
    /// Appends the value's text.
    public func encode(into text: inout PostgresText) {
        // Swift's "inf" and "nan" are also PostgreSQL's; its shortest digits read back as the same number.
        text.append(description)
    }
}

extension Double: PostgresEncodable, PostgresDecodable {
    /// `float8`
    public static var postgresType: PostgresType { .float8 }
    /// Reads the value's text.
    public static func decode(_ text: Span<UInt8>) -> Double? { Double(String(utf8: text)) }
}

extension Float: PostgresEncodable, PostgresDecodable {
    /// `float4`
    public static var postgresType: PostgresType { .float4 }
    /// Reads the value's text.
    public static func decode(_ text: Span<UInt8>) -> Float? { Float(String(utf8: text)) }
}

extension Decimal: PostgresEncodable, PostgresDecodable {
    /// `numeric`
    public static var postgresType: PostgresType { .numeric }
    /// Appends the value's text.
    public func encode(into text: inout PostgresText) { text.append(isNaN ? "NaN" : description) }

    /// Reads up to 38 significant digits; nil for more, and for infinity, which `Decimal` cannot hold.
    public static func decode(_ text: Span<UInt8>) -> Decimal? {
        let string = String(utf8: text)
        if string == "NaN" { return .nan }
        var significant = string.utf8.drop { $0 < UInt8(ascii: "1") }
        while significant.last == UInt8(ascii: "0") { significant.removeLast() }
        guard significant.count(where: { $0 != UInt8(ascii: ".") }) <= 38 else { return nil }
        return Decimal(string: string)
    }
}

extension String: PostgresEncodable, PostgresDecodable {
    /// `text`
    public static var postgresType: PostgresType { .text }
    /// Appends the value's text.
    public func encode(into text: inout PostgresText) { text.append(self) }

    /// Reads the text of a column of any type.
    public static func decode(_ text: Span<UInt8>) -> String? { String(utf8: text) }
}

extension String {
    init(utf8 text: Span<UInt8>) {
        self = text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}

extension UUID: PostgresEncodable, PostgresDecodable {
    /// `uuid`
    public static var postgresType: PostgresType { .uuid }

    /// Appends the value's text.
    public func encode(into text: inout PostgresText) {
        withUnsafeBytes(of: uuid) { text.appendHex($0) }
    }

    /// Reads the value's text.
    public static func decode(_ text: Span<UInt8>) -> UUID? {
        guard text.count == 36 else { return nil }
        var uuid = UUID_NULL
        var position = 0
        let valid = withUnsafeMutableBytes(of: &uuid) { bytes in
            for index in 0..<16 {
                if position == 8 || position == 13 || position == 18 || position == 23 {
                    guard text[position] == UInt8(ascii: "-") else { return false }
                    position += 1
                }
                guard let high = hexDigit(text[position]), let low = hexDigit(text[position + 1]) else { return false }
                bytes[index] = high << 4 | low
                position += 2
            }
            return true
        }
        return valid ? UUID(uuid: uuid) : nil
    }
}

private let UUID_NULL: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
