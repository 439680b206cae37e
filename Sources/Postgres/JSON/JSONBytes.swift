import Glibc

extension [UInt8] {
    /// Appends bytes as they are.
    mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a JSON value made from a cell's text.
    mutating func appendJSON(_ text: UnsafeBufferPointer<UInt8>, as kind: JSONShape.Kind) {
        switch kind {
        case .string: appendJSONString(text)
        case .boolean: append(text.first == UInt8(ascii: "t") ? "true" : "false")
        case .number: appendJSONNumber(text)
        case .verbatim: append(contentsOf: text)
        case .timestamp: appendJSONTimestamp(text)
        case .base64: appendBase64(hex: text)
        case .array(let element): appendJSONArray(text, of: element)
        }
    }

    /// Appends a string in quotes. RFC 8259, section 7: quotes, backslashes and control characters are escaped.
    mutating func appendJSONString(_ text: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        var copied = 0
        for index in 0..<text.count where jsonEscapes[Int(text[index])] != 0 {
            append(contentsOf: UnsafeBufferPointer(rebasing: text[copied..<index]))
            copied = index + 1
            let escape = jsonEscapes[Int(text[index])]
            append(UInt8(ascii: "\\"))
            append(escape)
            if escape == UInt8(ascii: "u") {
                append("00")
                append(hexDigits[Int(text[index] >> 4)])
                append(hexDigits[Int(text[index] & 15)])
            }
        }
        append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...]))
        append(UInt8(ascii: "\""))
    }

    /// JSON has neither NaN nor infinity; they become null.
    private mutating func appendJSONNumber(_ text: UnsafeBufferPointer<UInt8>) {
        let first = text.first == UInt8(ascii: "-") && text.count > 1 ? text[1] : text.first ?? 0
        if first &- UInt8(ascii: "0") < 10 { append(contentsOf: text) } else { append("null") }
    }

    /// `2026-11-21 10:00:00.5+00` becomes `"2026-11-21T10:00:00.5Z"` (RFC 3339). Years beyond it stay as PostgreSQL writes them.
    private mutating func appendJSONTimestamp(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count >= 22, text[10] == UInt8(ascii: " "), text[text.count - 3] == UInt8(ascii: "+"),
            text[text.count - 2] == UInt8(ascii: "0"), text[text.count - 1] == UInt8(ascii: "0")
        else { return appendJSONString(text) }
        append(UInt8(ascii: "\""))
        append(contentsOf: UnsafeBufferPointer(rebasing: text[..<10]))
        append(UInt8(ascii: "T"))
        append(contentsOf: UnsafeBufferPointer(rebasing: text[11..<(text.count - 3)]))
        append("Z\"")
    }

    /// `\x68656c6c6f` becomes `"aGVsbG8="` (RFC 4648, section 4).
    private mutating func appendBase64(hex text: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        var group: UInt32 = 0
        var filled = 0
        func byte(_ index: Int) -> UInt32 { UInt32((hexDigit(text[index]) ?? 0) << 4 | (hexDigit(text[index + 1]) ?? 0)) }
        func sextet(_ group: UInt32, _ shift: UInt32) -> UInt8 { base64Digits[Int(group >> shift & 63)] }
        for index in stride(from: 2, to: text.count - 1, by: 2) {
            group = group << 8 | byte(index)
            filled += 1
            guard filled == 3 else { continue }
            for shift: UInt32 in [18, 12, 6, 0] { append(sextet(group, shift)) }
            (group, filled) = (0, 0)
        }
        if filled > 0 {
            group <<= UInt32(8 * (3 - filled))
            append(sextet(group, 18))
            append(sextet(group, 12))
            append(filled == 2 ? sextet(group, 6) : UInt8(ascii: "="))
            append(UInt8(ascii: "="))
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendJSONArray(_ text: UnsafeBufferPointer<UInt8>, of kind: JSONShape.Kind) {
        append(UInt8(ascii: "["))
        var isFirst = true
        var reader = ArrayLiteral(text)
        _ = reader.forEach { element in
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            switch element {
            case .null: append("null")
            case .text(let text): appendJSON(text, as: kind)
            case .array(let text): appendJSONArray(text, of: kind)
            }
            return true
        }
        append(UInt8(ascii: "]"))
    }
}

/// For each byte: 0 if it stands for itself in a JSON string, else the character behind the backslash.
private let jsonEscapes: [UInt8] = {
    var escapes = [UInt8](repeating: 0, count: 256)
    for control in 0..<0x20 { escapes[control] = UInt8(ascii: "u") }
    let short: [(Unicode.Scalar, Unicode.Scalar)] = [
        ("\n", "n"), ("\r", "r"), ("\t", "t"), ("\u{8}", "b"), ("\u{c}", "f"), ("\"", "\""), ("\\", "\\"),
    ]
    for (character, escape) in short {
        escapes[Int(character.value)] = UInt8(truncatingIfNeeded: escape.value)
    }
    return escapes
}()

private let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
