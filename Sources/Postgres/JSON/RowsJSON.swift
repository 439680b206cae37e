extension Rows {
    /// Appends the rows as a JSON array of objects, keyed by column name.
    ///
    /// Numbers are copied as PostgreSQL writes them (NaN and infinity become null), `json` and `jsonb` verbatim, `timestamptz`
    /// as RFC 3339 in UTC, `bytea` as base64, arrays of such types as arrays; anything else becomes a string.
    public func appendJSON(into buffer: inout [UInt8]) { appendJSON(indices, into: &buffer) }

    /// Appends some of the rows as a JSON array of objects: a page, where one row more than a page was asked for.
    public func appendJSON(_ range: Range<Int>, into buffer: inout [UInt8]) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "row range out of bounds")
        var writer = JSONWriter()
        writer.append(UInt8(ascii: "["))
        for index in range {
            if index > range.lowerBound { writer.append(UInt8(ascii: ",")) }
            writer.appendObject(storage, row: index, shape.json)
        }
        writer.append(UInt8(ascii: "]"))
        writer.withBytes { buffer.append(contentsOf: $0) }
    }
}

extension Row {
    /// Appends the row as a JSON object, keyed by column name, by the rules of ``Rows/appendJSON(into:)``.
    public func appendJSON(into buffer: inout [UInt8]) { appendJSON(columns: shape.columns.count, into: &buffer) }

    /// Appends the row's first columns as a JSON object; those behind them are not for the reader.
    public func appendJSON(columns: Int, into buffer: inout [UInt8]) {
        var writer = JSONWriter()
        writer.appendObject(storage, row: index, shape.json, columns: columns)
        writer.withBytes { buffer.append(contentsOf: $0) }
    }
}

extension JSONWriter {
    fileprivate mutating func appendObject(_ storage: ResultStorage, row: Int, _ shape: JSONShape, columns: Int = .max) {
        if shape.members.isEmpty || columns == 0 { append(UInt8(ascii: "{")) }
        shape.keys.withUnsafeBufferPointer { keys in
            for column in shape.members.indices.prefix(columns) {
                let member = shape.members[column]
                append(contentsOf: UnsafeBufferPointer(rebasing: keys[member.key]))
                storage.withCell(row: row, column: column) { text in
                    if let text { append(text, as: member.kind, isArray: member.isArray) } else { append("null") }
                }
            }
        }
        append(UInt8(ascii: "}"))
    }
}
