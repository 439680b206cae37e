/// One thing that is wrong in a file, and what to do about it.
public struct CSVProblem: Sendable, Hashable, CustomStringConvertible {
    /// The row as a spreadsheet numbers it: the header is row 1, blank rows count, a line break inside quotes does not.
    public let row: Int

    /// The column's name, where the problem is in one column; `nil` where it concerns the row or the file.
    public let column: String?

    /// What is wrong and what to do, in plain English. Never quotes a value from the rows.
    public let reason: String

    /// A problem in one place of a file.
    public init(row: Int, column: String? = nil, reason: String) {
        self.row = row
        self.column = column
        self.reason = reason
    }

    /// The place and the reason as one sentence.
    public var description: String {
        if let column { "Row \(row), column \"\(column)\": \(reason)" } else { "Row \(row): \(reason)" }
    }
}

/// A file that cannot be read, with everything found wrong in it, in the order of the rows.
public struct CSVError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; never empty.
    public let problems: [CSVProblem]

    /// An error with the problems found.
    public init(problems: [CSVProblem]) {
        self.problems = problems
    }

    /// One problem a line.
    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
