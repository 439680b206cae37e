/// A whole table read from CSV (RFC 4180) in UTF-8, its first row the header.
///
/// Accepts a byte order mark, line ends of any kind, quoted fields with line breaks and doubled quotation marks. Blank rows are skipped but
/// counted, as a spreadsheet shows them. Column names are trimmed of spaces; fields are kept as written.
///
/// ```swift
/// let table = try CSVTable(parsing: bytes, requiring: ["id", "name"])
/// for row in table.rows { print(row.number, row["name"] ?? "") }
/// ```
public struct CSVTable: Sendable {
    /// The names of the columns, trimmed, each different from the others and none empty.
    public let header: [String]

    /// The rows under the header, in the file's order, without the blank ones.
    public let rows: [CSVRow]

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - columns: The columns that must be there; each one missing is a problem of row 1.
    ///   - limits: How much is accepted.
    /// - Throws: ``CSVError`` with every problem found, up to the limit. No table is made of a file with a problem.
    public init(parsing bytes: [UInt8], requiring columns: [String] = [], limits: CSVLimits = .init()) throws(CSVError) {
        var scanner = CSVScanner(bytes, limits: limits)
        var fields: [String] = []
        var faults: [CSVScanner.Fault] = []
        var problems: [CSVProblem] = []
        guard scanner.next(into: &fields, faults: &faults) else {
            throw CSVError(problems: [CSVProblem(row: 1, reason: "The file is empty. Its first row must name the columns.")])
        }
        let header = fields.map(\.trimmed)
        problems += faults.map { $0.problem(row: scanner.row, header: []) }
        problems += Self.problems(ofHeader: header, requiring: columns, row: scanner.row)
        if !problems.isEmpty { throw CSVError(problems: problems) }

        let positions = Dictionary(uniqueKeysWithValues: header.enumerated().map { ($1, $0) })
        var rows: [CSVRow] = []
        faults.removeAll()
        while problems.count < limits.problems, scanner.next(into: &fields, faults: &faults) {
            if rows.count == limits.rows {
                problems.append(CSVProblem(row: scanner.row, reason: "There are more than \(limits.rows) rows. Split the file."))
                break
            }
            problems += faults.map { $0.problem(row: scanner.row, header: header) }
            if fields.count != header.count, faults.isEmpty {
                problems.append(Self.problem(ofCount: fields.count, header: header, row: scanner.row))
            }
            faults.removeAll(keepingCapacity: true)
            rows.append(CSVRow(number: scanner.row, fields: fields, positions: positions))
        }
        if !problems.isEmpty { throw CSVError(problems: Array(problems.prefix(max(1, limits.problems)))) }
        self.header = header
        self.rows = rows
    }

    /// Reads a table from any collection of bytes, which is copied first unless it is an array.
    ///
    /// - Throws: ``CSVError`` with every problem found, up to the limit.
    public init(
        parsing bytes: some Collection<UInt8>,
        requiring columns: [String] = [],
        limits: CSVLimits = .init()
    ) throws(CSVError) {
        try self.init(parsing: Array(bytes), requiring: columns, limits: limits)
    }

    private static func problems(ofHeader header: [String], requiring columns: [String], row: Int) -> [CSVProblem] {
        var problems: [CSVProblem] = []
        var seen: Set<String> = []
        for (index, name) in header.enumerated() {
            if name.isEmpty {
                problems.append(CSVProblem(row: row, reason: "Column \(index + 1) has no name. Name it or delete the column."))
            } else if !seen.insert(name).inserted {
                problems.append(
                    CSVProblem(row: row, column: name, reason: "Two columns have the name \"\(name)\". Rename or delete one of them.")
                )
            }
        }
        for column in columns where !seen.contains(column) {
            problems.append(
                CSVProblem(row: row, column: column, reason: "The column \"\(column)\" is missing. Add it to the first row.")
            )
        }
        return problems
    }

    private static func problem(ofCount count: Int, header: [String], row: Int) -> CSVProblem {
        count < header.count
            ? CSVProblem(
                row: row,
                column: header[count],
                reason: "The header has \(header.count) columns and this row \(count). Add the missing fields from here on."
            )
            : CSVProblem(
                row: row,
                reason: "The header has \(header.count) columns and this row \(count). "
                    + "Put fields that contain a comma in quotation marks, or delete the extra ones."
            )
    }
}

extension CSVScanner.Fault {
    func problem(row: Int, header: [String]) -> CSVProblem {
        CSVProblem(row: row, column: header.indices.contains(column) ? header[column] : nil, reason: reason)
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
