/// Writes a table as CSV (RFC 4180) in UTF-8: CRLF line ends, quotation marks only where a field needs them.
///
/// ```swift
/// var writer = CSVWriter(header: ["id", "name"], guardingFormulas: true)
/// writer.append(["1", "=SUM(A1)"])
/// writer.bytes  // id,name⏎1,'=SUM(A1)⏎
/// ```
public struct CSVWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []

    /// Whether a field that a spreadsheet would run as a formula is written with an apostrophe before it.
    public let guardsFormulas: Bool

    private let columnCount: Int

    /// Starts a table with its header.
    ///
    /// - Parameters:
    ///   - header: The names of the columns.
    ///   - guardingFormulas: Whether to put an apostrophe before a field that starts with `=`, `+`, `-`, `@`, a tab or a carriage return and
    ///     is not a plain number: such a field runs as a formula when a spreadsheet opens the file (OWASP, CSV injection). The guarded text
    ///     does not read back as it was: leave it off where a program reads the file.
    public init(header: [String], guardingFormulas: Bool = false) {
        guardsFormulas = guardingFormulas
        columnCount = header.count
        append(header)
    }

    /// Writes one row; a row shorter than the header is filled with empty fields.
    public mutating func append(_ fields: [String]) {
        let count = max(fields.count, columnCount)
        for index in 0..<count {
            if index > 0 { bytes.append(.comma) }
            // A lone empty field must show its quotation marks: a blank line is no row.
            if index < fields.count { append(fields[index], isAlone: count == 1) } else if count == 1 { append("", isAlone: true) }
        }
        bytes.append(.carriageReturn)
        bytes.append(.lineFeed)
    }

    private mutating func append(_ field: String, isAlone: Bool) {
        let utf8 = field.utf8
        let isGuarded = guardsFormulas && field.startsFormula
        let isQuoted =
            utf8.contains { $0 == .comma || $0 == .quote || $0 == .lineFeed || $0 == .carriageReturn }
            || (isAlone && utf8.isEmpty)
            // A byte order mark at the very start would be taken for the file's own.
            || (bytes.isEmpty && utf8.first == 0xEF)
        if isQuoted { bytes.append(.quote) }
        if isGuarded { bytes.append(UInt8(ascii: "'")) }
        if isQuoted {
            for byte in utf8 {
                if byte == .quote { bytes.append(.quote) }
                bytes.append(byte)
            }
            bytes.append(.quote)
        } else {
            bytes.append(contentsOf: utf8)
        }
    }
}

extension String {
    fileprivate var startsFormula: Bool {
        guard let first = utf8.first else { return false }
        switch first {
        case UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "\t"), .carriageReturn: return true
        case UInt8(ascii: "-"): return !isPlainNegativeNumber
        default: return false
        }
    }

    private var isPlainNegativeNumber: Bool {
        let digits = utf8.dropFirst().split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        return digits.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
    }
}
