extension Rows {
    /// Appends the rows as a JSON array of objects, keyed by column name.
    ///
    /// Numbers are copied as PostgreSQL writes them (NaN and infinity become null), `json` and `jsonb` verbatim, `timestamptz`
    /// as RFC 3339 in UTC, `bytea` as base64, arrays of such types as arrays; anything else becomes a string.
    public func appendJSON(into buffer: inout [UInt8]) { appendJSON(indices, into: &buffer) }

    /// Appends some of the rows as a JSON array of objects: a page, where one row more than a page was asked for.
    public func appendJSON(_ range: Range<Int>, into buffer: inout [UInt8]) {
        buffer.append(UInt8(ascii: "["))
        for index in range {
            if index > range.lowerBound { buffer.append(UInt8(ascii: ",")) }
            self[index].appendJSON(into: &buffer)
        }
        buffer.append(UInt8(ascii: "]"))
    }
}

extension Row {
    /// Appends the row as a JSON object, keyed by column name, by the rules of ``Rows/appendJSON(into:)``.
    public func appendJSON(into buffer: inout [UInt8]) {
        if shape.json.members.isEmpty { buffer.append(UInt8(ascii: "{")) }
        for (column, member) in shape.json.members.enumerated() {
            buffer.append(contentsOf: member.prefix)
            storage.withCell(row: index, column: column) { text in
                if let text { buffer.appendJSON(text, as: member.kind) } else { buffer.append("null") }
            }
        }
        buffer.append(UInt8(ascii: "}"))
    }
}
