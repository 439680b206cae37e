/// One row of a table: as many fields as the header has columns.
public struct CSVRow: Sendable {
    /// The row as a spreadsheet numbers it: the first row under the header is 2.
    public let number: Int

    /// The fields in the header's order, exactly as written, without their quotes.
    public let fields: [String]

    let positions: [String: Int]

    /// The field under a column's name, `nil` if the table has no such column.
    public subscript(column: String) -> String? {
        positions[column].map { fields[$0] }
    }
}
