/// How much a reader accepts before it gives up, so that a hostile or mistaken file cannot use up the server.
public struct CSVLimits: Sendable, Hashable {
    /// The longest field, in bytes of UTF-8.
    public var fieldLength: Int

    /// The most columns in a row.
    public var columns: Int

    /// The most rows after the header.
    public var rows: Int

    /// The most problems gathered before reading stops.
    public var problems: Int

    /// Limits that suit files people upload by hand; each can be widened.
    public init(fieldLength: Int = 65_536, columns: Int = 1_000, rows: Int = 1_000_000, problems: Int = 100) {
        self.fieldLength = fieldLength
        self.columns = columns
        self.rows = rows
        self.problems = problems
    }
}
