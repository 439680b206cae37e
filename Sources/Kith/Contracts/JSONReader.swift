/// Reads strict JSON (RFC 8259) and refuses what would make a request ambiguous or dangerous: duplicate members, nesting past 32 levels,
/// numbers that no double can hold, lone surrogates, the NUL character, and anything after the value.
///
/// Foundation's decoder stops at 512 levels, keeps one of two duplicates in silence, and says where only in a debug text.
struct JSONReader {
    struct Failure: Error {
        /// What is wrong, in plain English.
        let reason: String
        /// The byte at which reading stopped, from 1.
        let position: Int
    }

    private static let deepest = 32
    private let bytes: [UInt8]
    private var index = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    static func read(_ bytes: [UInt8]) throws(Failure) -> JSON {
        var reader = JSONReader(bytes)
        reader.skipSpace()
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        if reader.index < bytes.count { throw reader.failure("There is something after the end of the JSON value.") }
        return value
    }

    private func failure(_ reason: String) -> Failure {
        Failure(reason: reason, position: min(index, bytes.count) + 1)
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        if next == byte {
            index += 1
            return true
        }
        return false
    }

    private mutating func value(depth: Int) throws(Failure) -> JSON {
        if depth > Self.deepest { throw failure("The JSON is nested more than \(Self.deepest) levels deep.") }
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"): return try number()
        case .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
        case nil: throw failure("The JSON ends too early.")
        default: throw failure("This is not JSON.")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(Failure) -> JSON {
        let expected = Array(String(describing: word).utf8)
        guard bytes[index...].starts(with: expected) else { throw failure("This is not JSON.") }
        index += expected.count
        return value
    }

    private mutating func object(depth: Int) throws(Failure) -> JSON {
        index += 1
        var members: [String: JSON] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("A member's name in double quotes was expected here.") }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure("A colon was expected here.") }
            skipSpace()
            if members.updateValue(try value(depth: depth + 1), forKey: name) != nil {
                throw failure("The member \"\(name.prefix(50))\" stands twice in the same object.")
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw failure("A comma or a closing brace was expected here.") }
        }
    }

    private mutating func array(depth: Int) throws(Failure) -> JSON {
        index += 1
        var elements: [JSON] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw failure("A comma or a closing bracket was expected here.") }
        }
    }

    private mutating func string() throws(Failure) -> String {
        index += 1
        var text: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                guard let string = String(validating: text, as: UTF8.self) else { throw failure("The text is not valid UTF-8.") }
                return string
            case UInt8(ascii: "\\"):
                index += 1
                try escape(into: &text)
            case 0..<0x20:
                throw failure("A control character in text must be written as an escape, like \\n.")
            default:
                text.append(byte)
                index += 1
            }
        }
        throw failure("A text is not closed with a double quote.")
    }

    private mutating func escape(into text: inout [UInt8]) throws(Failure) {
        guard let byte = next else { throw failure("The JSON ends too early.") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = UInt32(try hexadecimal())
            if code & 0xfc00 == 0xd800 {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw failure("Half of a surrogate pair stands alone.") }
                let low = UInt32(try hexadecimal())
                guard low & 0xfc00 == 0xdc00 else { throw failure("Half of a surrogate pair stands alone.") }
                code = 0x10000 + (code & 0x3ff) << 10 + (low & 0x3ff)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure("Half of a surrogate pair stands alone.") }
            text.append(contentsOf: Array(String(scalar).utf8))
        default: throw failure("An unknown escape stands in a text.")
        }
    }

    private mutating func hexadecimal() throws(Failure) -> UInt16 {
        guard index + 4 <= bytes.count else { throw failure("The JSON ends too early.") }
        var code: UInt16 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("Four hexadecimal digits must follow \\u.")
            }
            code = code << 4 | UInt16(digit)
        }
        index += 4
        return code
    }

    private mutating func number() throws(Failure) -> JSON {
        let start = index
        var whole = true
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) {
            whole = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            whole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if whole, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw failure("A number is too large.") }
        // 1.0 and 1e2 are integers to JSON Schema.
        if let integer = Int64(exactly: number), abs(integer) < 1 << 53 { return .integer(integer) }
        return .number(number)
    }

    private mutating func digits() throws(Failure) {
        let start = index
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        if index == start { throw failure("A digit was expected here.") }
    }
}

extension JSON {
    /// Reads strict JSON text.
    /// - Throws: ``Refusal`` of kind `malformed` that says what is wrong and at which byte.
    public init(reading bytes: [UInt8]) throws {
        do {
            self = try JSONReader.read(bytes)
        } catch {
            throw Refusal.malformed("\(error.reason) (byte \(error.position))")
        }
    }
}
