import CLibpq

extension PostgresError.Report {
    /// Reads an error result; nil if it is libpq's own and carries no code.
    convenience init?(_ result: OpaquePointer) {
        func field(_ code: UnicodeScalar) -> String? { PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) } }
        guard let sqlState = field("C") else { return nil }
        self.init(
            sqlState: SQLState(rawValue: sqlState), message: field("M") ?? "", detail: field("D"), hint: field("H"), context: field("W"),
            schema: field("s"), table: field("t"), column: field("c"), constraint: field("n"))
    }
}
