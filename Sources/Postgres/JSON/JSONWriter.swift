import Glibc

/// Bytes of JSON under way to the caller's buffer.
///
/// Appending to an array checks for sharing at each step; here a value is some steps, and a page thousands of them.
struct JSONWriter: ~Copyable {
    private var bytes: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0

    init(capacity: Int = 4096) {
        self.capacity = capacity
        bytes = .allocate(capacity: capacity)
    }

    deinit { bytes.deallocate() }

    /// What has been written; valid during the call only.
    func withBytes<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        body(UnsafeBufferPointer(start: bytes, count: count))
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if count == capacity { grow(by: 1) }
        bytes[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always)
    mutating func append(contentsOf text: UnsafeBufferPointer<UInt8>) {
        guard let start = text.baseAddress else { return }
        if text.count > capacity - count { grow(by: text.count) }
        memcpy(bytes + count, start, text.count)
        count += text.count
    }

    private mutating func grow(by missing: Int) {
        let larger = max(capacity * 2, count + missing)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.update(from: bytes, count: count)
        bytes.deallocate()
        (bytes, capacity) = (moved, larger)
    }
}

extension JSONWriter {
    /// Appends a JSON value made from a cell's text.
    mutating func append(_ text: UnsafeBufferPointer<UInt8>, as kind: JSONShape.Kind, isArray: Bool) {
        if isArray { return appendArray(text, of: kind) }
        switch kind {
        case .string: appendString(text)
        case .boolean: append(text.first == UInt8(ascii: "t") ? "true" : "false")
        case .number: appendNumber(text)
        case .verbatim: append(contentsOf: text)
        case .timestamp: appendTimestamp(text)
        case .base64: appendBase64(hex: text)
        }
    }

    /// Appends a string in quotes. RFC 8259, section 7: quotes, backslashes and control characters are escaped.
    mutating func appendString(_ text: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        var copied = 0
        var index = text.firstToEscape(from: 0)
        while index < text.count {
            append(contentsOf: UnsafeBufferPointer(rebasing: text[copied..<index]))
            appendEscape(text[index])
            copied = index + 1
            index = text.firstToEscape(from: copied)
        }
        append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...]))
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(_ character: UInt8) {
        switch character {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        default:
            append("\\u00")
            append(hexDigits[Int(character >> 4)])
            append(hexDigits[Int(character & 15)])
        }
    }

    /// JSON has neither NaN nor infinity; they become null.
    private mutating func appendNumber(_ text: UnsafeBufferPointer<UInt8>) {
        let first = text.first == UInt8(ascii: "-") && text.count > 1 ? text[1] : text.first ?? 0
        if first &- UInt8(ascii: "0") < 10 { append(contentsOf: text) } else { append("null") }
    }

    /// `2026-11-21 10:00:00.5+00` becomes `"2026-11-21T10:00:00.5Z"` (RFC 3339). Years beyond it stay as PostgreSQL writes them.
    private mutating func appendTimestamp(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count >= 22, text[10] == UInt8(ascii: " "), text[text.count - 3] == UInt8(ascii: "+"),
            text[text.count - 2] == UInt8(ascii: "0"), text[text.count - 1] == UInt8(ascii: "0")
        else { return appendString(text) }
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

    private mutating func appendArray(_ text: UnsafeBufferPointer<UInt8>, of kind: JSONShape.Kind) {
        append(UInt8(ascii: "["))
        var isFirst = true
        var reader = ArrayLiteral(text)
        _ = reader.forEach { element in
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            switch element {
            case .null: append("null")
            case .text(let text): append(text, as: kind, isArray: false)
            case .array(let text): appendArray(text, of: kind)
            }
            return true
        }
        append(UInt8(ascii: "]"))
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The position of the next quote, backslash or control character; `count` if there is none.
    ///
    /// Looks at eight bytes at a time. Henry Warren, "Hacker's Delight", section 6-1, on finding a byte in a word.
    fileprivate func firstToEscape(from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let raw = UnsafeRawBufferPointer(self)
        var index = start
        while index + 8 <= count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            let control = (word &- ones &* 0x20) & ~word
            guard (control | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash) & highs == 0 else { break }
            index += 8
        }
        while index < count, self[index] >= 0x20, self[index] != 0x22, self[index] != 0x5C { index += 1 }
        return index
    }
}

private let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
