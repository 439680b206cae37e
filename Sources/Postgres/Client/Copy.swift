extension Transaction {
    /// Copies rows into a table with `COPY … FROM STDIN`, much faster than `insert`. The rows are read and sent bit by bit.
    ///
    /// - Parameters:
    ///   - table: the table's name, with its schema if need be: `kith.people`.
    ///   - columns: the columns' names, in the order of each row's values.
    ///   - rows: each row's values.
    /// - Returns: the number of rows copied.
    /// - Throws: the sequence's error, or the server's; then nothing has been copied, and the transaction must be rolled back.
    @discardableResult
    public nonisolated(nonsending) func copy<Row: Sequence>(
        into table: String, columns: [String], rows: some Sequence<Row>
    ) async throws -> Int where Row.Element == any PostgresEncodable {
        var iterator = rows.makeIterator()
        return try await copy(into: table, columns: columns) { iterator.next() }
    }

    /// Copies the rows of an asynchronous sequence into a table; see ``copy(into:columns:rows:)``.
    @discardableResult
    public nonisolated(nonsending) func copy<Rows: AsyncSequence>(
        into table: String, columns: [String], rows: Rows
    ) async throws -> Int where Rows.Element: Sequence, Rows.Element.Element == any PostgresEncodable {
        var iterator = rows.makeAsyncIterator()
        return try await copy(into: table, columns: columns) { try await iterator.next(isolation: #isolation) }
    }

    private nonisolated(nonsending) func copy<Row: Sequence>(
        into table: String, columns: [String], next: () async throws -> Row?
    ) async throws -> Int where Row.Element == any PostgresEncodable {
        let name = table.split(separator: ".", omittingEmptySubsequences: false).map(quoted).joined(separator: ".")
        let list = columns.map { quoted($0[...]) }.joined(separator: ", ")
        // Begins the transaction if need be: COPY cannot share a pipeline with BEGIN.
        _ = try await client.run(.batch([]), of: [], lease: lease, deadline: nil)
        let copy = Query(raw: "copy \(name) (\(list)) from stdin")
        _ = try await client.run(.copyBegin(copy), of: [copy], lease: lease, deadline: nil)
        do {
            var chunk: [UInt8] = []
            while let row = try await next() {
                try chunk.appendCopyRow(row)
                if chunk.count >= copyChunkSize {
                    _ = try await client.run(.copyData(chunk), of: [], lease: lease, deadline: nil)
                    chunk.removeAll(keepingCapacity: true)
                }
            }
            if !chunk.isEmpty { _ = try await client.run(.copyData(chunk), of: [], lease: lease, deadline: nil) }
        } catch {
            _ = await client.answer(to: end(failure: "the rows could not be read"))
            throw error
        }
        return try await client.answer(to: end(failure: nil)).get().first?.affected ?? 0
    }

    private func end(failure: String?) -> Request {
        Request(.copyEnd(failure: failure), lease: lease, submitted: .now, deadline: client.configuration.statementDeadline)
    }

    private func quoted(_ name: Substring) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
}

private let copyChunkSize = 64 * 1024

extension [UInt8] {
    /// Appends a row in COPY's text format. PostgreSQL manual, "COPY", section "Text Format".
    mutating func appendCopyRow(_ row: some Sequence<any PostgresEncodable>) throws(PostgresError) {
        var text = PostgresText()
        var isFirst = true
        for value in row {
            if !isFirst { append(UInt8(ascii: "\t")) }
            isFirst = false
            text.bytes.removeAll(keepingCapacity: true)
            text.isNull = false
            value.encode(into: &text)
            if text.isNull {
                append(contentsOf: "\\N".utf8)
            } else {
                for byte in text.bytes {
                    switch byte {
                    case UInt8(ascii: "\\"): append(contentsOf: "\\\\".utf8)
                    case UInt8(ascii: "\n"): append(contentsOf: "\\n".utf8)
                    case UInt8(ascii: "\r"): append(contentsOf: "\\r".utf8)
                    case UInt8(ascii: "\t"): append(contentsOf: "\\t".utf8)
                    default: append(byte)
                    }
                }
            }
        }
        if text.isInvalid { throw PostgresError(.invalidParameter, reason: "a value holds a NUL character or cannot be encoded") }
        append(UInt8(ascii: "\n"))
    }
}
