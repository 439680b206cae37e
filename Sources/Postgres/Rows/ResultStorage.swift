import CLibpq

/// Owns a `PGresult`.
///
/// Unchecked, because libpq's results do not change once `PQgetResult` has returned them and may be read by any number
/// of threads; the pointer never leaves this class but for the duration of a read, and is freed once, in `deinit`.
final class ResultStorage: @unchecked Sendable {
    private let result: OpaquePointer

    init(owning result: OpaquePointer) { self.result = result }
    deinit { PQclear(result) }

    var count: Int { Int(PQntuples(result)) }

    var affected: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    var commandTag: String { String(cString: PQcmdStatus(result)) }

    /// Calls `body` with a cell's text; with nil for SQL null.
    @inline(__always)
    func withCell<Value>(row: Int, column: Int, _ body: (UnsafeBufferPointer<UInt8>?) -> Value) -> Value {
        let row = Int32(truncatingIfNeeded: row)
        let column = Int32(truncatingIfNeeded: column)
        let length = PQgetlength(result, row, column)
        // An empty text and null both have length 0.
        if length == 0, PQgetisnull(result, row, column) == 1 { return body(nil) }
        let start = UnsafeRawPointer(PQgetvalue(result, row, column)!).assumingMemoryBound(to: UInt8.self)
        return body(UnsafeBufferPointer(start: start, count: Int(length)))
    }
}
