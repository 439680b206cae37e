public import Postgres

extension Row {
    /// The row as a document, by the names of its columns.
    /// - Throws: where a column of JSON holds none
    public func json() throws -> JSON {
        var bytes: [UInt8] = []
        appendJSON(into: &bytes)
        return try JSON(reading: bytes)
    }
}
