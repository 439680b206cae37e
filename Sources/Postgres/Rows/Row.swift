/// One row of a result. Keeps the whole result alive.
public struct Row: Sendable {
    let storage: ResultStorage
    let shape: RowShape
    let index: Int

    /// The names of the columns, in order.
    public var columns: [String] { shape.columns }

    /// Reads a column by name; the first of that name.
    ///
    /// - Throws: ``PostgresError/Code/decoding``.
    public subscript<Value: PostgresDecodable>(_ name: String, as type: Value.Type = Value.self) -> Value {
        get throws(PostgresError) {
            guard let column = shape.columns.firstIndex(of: name) else {
                throw PostgresError(.decoding, reason: "the result has no column \"\(name)\"")
            }
            return try self[column, as: type]
        }
    }

    /// Reads a column by position, counted from 0.
    ///
    /// - Throws: ``PostgresError/Code/decoding``.
    public subscript<Value: PostgresDecodable>(_ column: Int, as type: Value.Type = Value.self) -> Value {
        get throws(PostgresError) {
            guard shape.columns.indices.contains(column) else {
                throw PostgresError(.decoding, reason: "the result has no column \(column)")
            }
            guard !shape.isBinary else { throw PostgresError(.decoding, reason: "the result is in binary, which withBytes reads") }
            let value: Value? = storage.withCell(row: index, column: column) { text in
                if let text { Value.decode(text.span) } else { Value.decodedNull }
            }
            if let value { return value }
            throw decodingError(column: column, type: type)
        }
    }

    /// Reads the bytes of a column as they came, by position, counted from 0: text, or PostgreSQL's binary form after ``Query/inBinary``.
    ///
    /// - Parameters:
    ///   - column: which one.
    ///   - body: is given nil for SQL null.
    /// - Returns: what the body returns.
    public func withBytes<Value>(of column: Int, _ body: (UnsafeRawBufferPointer?) -> Value) -> Value {
        precondition(shape.columns.indices.contains(column), "the result has no column \(column)")
        return storage.withCell(row: index, column: column) { body($0.map(UnsafeRawBufferPointer.init)) }
    }

    /// Reads the row as a tuple, one element a column.
    ///
    /// - Throws: ``PostgresError/Code/decoding``, also if the number of columns differs.
    public func decode<each Column: PostgresDecodable>(
        _ types: (repeat each Column).Type
    ) throws(PostgresError) -> (repeat each Column) {
        var expected = 0
        for _ in repeat (each Column).self { expected += 1 }
        guard expected == shape.columns.count else {
            throw PostgresError(.decoding, reason: "the result has \(shape.columns.count) columns, \(expected) are expected")
        }
        var column = -1
        func next<Value: PostgresDecodable>(_ type: Value.Type) throws(PostgresError) -> Value {
            column += 1
            return try self[column, as: type]
        }
        return (repeat try next((each Column).self))
    }

    private func decodingError(column: Int, type: (some PostgresDecodable).Type) -> PostgresError {
        let isNull = storage.withCell(row: index, column: column) { $0 == nil }
        let name = shape.columns[column]
        return PostgresError(
            .decoding,
            reason: isNull
                ? "column \"\(name)\" is null, and \(type) is not optional"
                : "column \"\(name)\" (type \(shape.types[column])) does not hold \(type)"
        )
    }
}
