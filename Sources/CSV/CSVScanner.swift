/// Splits bytes into records by RFC 4180, one record a call; holds nothing but its place.
///
/// Also accepts LF and CR alone as line ends, and any number of blank lines.
struct CSVScanner {
    /// What was wrong with one field; `column` counts from zero.
    struct Fault {
        let column: Int
        let reason: String
    }

    private let bytes: [UInt8]
    private let limits: CSVLimits
    private var index = 0
    private var unescaped: [UInt8] = []

    /// The number of the record read last, as a spreadsheet counts.
    private(set) var row = 0

    init(_ bytes: [UInt8], limits: CSVLimits) {
        self.bytes = bytes
        self.limits = limits
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { index = 3 }
    }

    /// Reads the next record that is not blank into `fields`; false at the end.
    ///
    /// A record with faults is still consumed, so that reading can go on after it.
    mutating func next(into fields: inout [String], faults: inout [Fault]) -> Bool {
        fields.removeAll(keepingCapacity: true)
        while index < bytes.count, bytes[index] == .lineFeed || bytes[index] == .carriageReturn {
            row += 1
            skipLineEnd()
        }
        guard index < bytes.count else { return false }
        row += 1
        var column = 0
        while true {
            let isQuoted = index < bytes.count && bytes[index] == .quote
            let field = isQuoted ? quotedField(column, &faults) : plainField(column, &faults)
            if column < limits.columns { fields.append(field) }
            column += 1
            guard index < bytes.count else { break }
            if bytes[index] == .comma {
                index += 1
                continue
            }
            skipLineEnd()
            break
        }
        if column > limits.columns {
            faults.append(Fault(column: -1, reason: "There are \(column) fields; at most \(limits.columns) are accepted."))
        }
        return true
    }

    private mutating func plainField(_ column: Int, _ faults: inout [Fault]) -> String {
        let start = index
        var hasNull = false
        var hasQuote = false
        loop: while index < bytes.count {
            switch bytes[index] {
            case .comma, .lineFeed, .carriageReturn: break loop
            case .null: hasNull = true
            case .quote: hasQuote = true
            default: break
            }
            index += 1
        }
        if hasQuote {
            faults.append(
                Fault(
                    column: column,
                    reason: "There is a quotation mark inside a field that does not start with one. "
                        + "Put the whole field in quotation marks and double the one inside."
                )
            )
        }
        return bytes.span.extracting(start..<index).withUnsafeBufferPointer { text($0, column, hasNull: hasNull, &faults) }
    }

    private mutating func quotedField(_ column: Int, _ faults: inout [Fault]) -> String {
        index += 1
        unescaped.removeAll(keepingCapacity: true)
        var start = index
        var hasNull = false
        var isClosed = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == .quote {
                if index + 1 < bytes.count, bytes[index + 1] == .quote {
                    append(start..<index + 1)
                    index += 2
                    start = index
                    continue
                }
                isClosed = true
                break
            }
            if byte == .null { hasNull = true }
            index += 1
        }
        append(start..<index)
        if isClosed {
            index += 1
            skipToDelimiter(column, &faults)
        } else {
            faults.append(
                Fault(column: column, reason: "A quotation mark opens this field and none closes it. Add the closing quotation mark.")
            )
        }
        return unescaped.withUnsafeBufferPointer { text($0, column, hasNull: hasNull, &faults) }
    }

    private mutating func append(_ range: Range<Int>) {
        unescaped.append(contentsOf: bytes[range])
    }

    private mutating func skipToDelimiter(_ column: Int, _ faults: inout [Fault]) {
        let start = index
        while index < bytes.count, bytes[index] != .comma, bytes[index] != .lineFeed, bytes[index] != .carriageReturn {
            index += 1
        }
        if index > start {
            faults.append(
                Fault(
                    column: column,
                    reason: "There is text after the closing quotation mark. Double each quotation mark that belongs to the text."
                )
            )
        }
    }

    private mutating func skipLineEnd() {
        let isCarriageReturn = bytes[index] == .carriageReturn
        index += 1
        if isCarriageReturn, index < bytes.count, bytes[index] == .lineFeed { index += 1 }
    }

    private func text(_ field: UnsafeBufferPointer<UInt8>, _ column: Int, hasNull: Bool, _ faults: inout [Fault]) -> String {
        if field.count > limits.fieldLength {
            faults.append(
                Fault(column: column, reason: "The field is \(field.count) bytes long; at most \(limits.fieldLength) are accepted.")
            )
            return ""
        }
        if hasNull {
            faults.append(Fault(column: column, reason: "There is a NUL character. Save the file again as CSV in UTF-8."))
            return ""
        }
        guard let text = String(validating: field, as: UTF8.self) else {
            faults.append(Fault(column: column, reason: "The text is not valid UTF-8. Save the file again as CSV in UTF-8."))
            return ""
        }
        return text
    }
}

extension UInt8 {
    static let null: UInt8 = 0x00
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let quote: UInt8 = 0x22
    static let comma: UInt8 = 0x2C
}
