/// Reads an array in PostgreSQL's text format: `{1,NULL,"with \"quotes\""}`, nested braces, and bounds in front (`[2:3]={…}`).
///
/// PostgreSQL manual, section 8.15.6, "Array Input and Output Syntax". The delimiter is a comma for every type but `box`.
struct ArrayLiteral {
    enum Element {
        case null
        /// An element's text without quotes and escapes; valid during the call only.
        case text(UnsafeBufferPointer<UInt8>)
        /// A nested array's literal, braces included.
        case array(UnsafeBufferPointer<UInt8>)
    }

    private let text: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var unescaped: [UInt8] = []

    /// - Parameter text: must outlive the reader.
    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    /// Calls `body` with each element in order, until it returns false.
    ///
    /// - Returns: whether the literal is well formed and `body` accepted every element.
    mutating func forEach(_ body: (Element) -> Bool) -> Bool {
        if peek == UInt8(ascii: "["), let equals = text.firstIndex(of: UInt8(ascii: "=")) { position = equals + 1 }
        guard take("{") else { return false }
        if take("}") { return position == text.count }
        repeat {
            guard element(body) else { return false }
        } while take(",")
        return take("}") && position == text.count
    }

    private var peek: UInt8? { position < text.count ? text[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(truncatingIfNeeded: character.value) else { return false }
        position += 1
        return true
    }

    private mutating func element(_ body: (Element) -> Bool) -> Bool {
        switch peek {
        case UInt8(ascii: "{"): nested(body)
        case UInt8(ascii: "\""): quoted(body)
        case nil: false
        default: plain(body)
        }
    }

    private mutating func plain(_ body: (Element) -> Bool) -> Bool {
        let start = position
        while let next = peek, next != UInt8(ascii: ","), next != UInt8(ascii: "}") { position += 1 }
        let slice = UnsafeBufferPointer(rebasing: text[start..<position])
        return body(slice.elementsEqual("NULL".utf8) ? .null : .text(slice))
    }

    private mutating func quoted(_ body: (Element) -> Bool) -> Bool {
        position += 1
        let start = position
        while let next = peek, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\") { position += 1 }
        if peek == UInt8(ascii: "\"") {
            position += 1
            return body(.text(UnsafeBufferPointer(rebasing: text[start..<position - 1])))
        }
        unescaped.removeAll(keepingCapacity: true)
        unescaped.append(contentsOf: text[start..<position])
        while let next = peek, next != UInt8(ascii: "\"") {
            if next == UInt8(ascii: "\\") { position += 1 }
            guard let character = peek else { return false }
            unescaped.append(character)
            position += 1
        }
        guard take("\"") else { return false }
        return unescaped.withUnsafeBufferPointer { body(.text($0)) }
    }

    private mutating func nested(_ body: (Element) -> Bool) -> Bool {
        let start = position
        var depth = 0
        var isQuoted = false
        while let next = peek {
            position += 1
            switch next {
            case UInt8(ascii: "\\"): position += 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "{") where !isQuoted: depth += 1
            case UInt8(ascii: "}") where !isQuoted:
                depth -= 1
                if depth == 0 { return body(.array(UnsafeBufferPointer(rebasing: text[start..<position]))) }
            default: break
            }
        }
        return false
    }
}
