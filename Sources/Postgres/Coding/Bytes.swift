public import FoundationEssentials

extension UInt8: PostgresArrayEncodable, PostgresArrayDecodable {
    /// `bytea`
    public static var postgresArrayType: PostgresType { .bytea }

    /// Appends an array's text.
    public static func encode(array: [UInt8], into text: inout PostgresText) {
        text.append("\\x")
        array.withUnsafeBytes { text.appendHex($0) }
    }

    /// Reads an array's text.
    public static func decode(array text: Span<UInt8>) -> [UInt8]? {
        guard text.count >= 2, text.count.isMultiple(of: 2), text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x") else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2 - 1)
        for index in stride(from: 2, to: text.count, by: 2) {
            guard let high = hexDigit(text[index]), let low = hexDigit(text[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}

extension Data: PostgresEncodable, PostgresDecodable {
    /// `bytea`
    public static var postgresType: PostgresType { .bytea }

    /// Appends the value's text.
    public func encode(into text: inout PostgresText) {
        text.append("\\x")
        withUnsafeBytes { text.appendHex($0) }
    }

    /// Reads the value's text.
    public static func decode(_ text: Span<UInt8>) -> Data? { UInt8.decode(array: text).map { Data($0) } }
}

extension PostgresText {
    mutating func appendHex(_ source: UnsafeRawBufferPointer) {
        bytes.reserveCapacity(bytes.count + source.count * 2)
        for byte in source {
            bytes.append(hexDigits[Int(byte >> 4)])
            bytes.append(hexDigits[Int(byte & 15)])
        }
    }
}

let hexDigits = Array("0123456789abcdef".utf8)

@inline(__always)
func hexDigit(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character &- UInt8(ascii: "A") &+ 10
    default: nil
    }
}
