import CLibpq

/// What all rows of a statement have in common. Made once per prepared statement.
final class RowShape: Sendable {
    let columns: [String]
    let types: [UInt32]
    let isBinary: Bool
    let json: JSONShape

    init(_ result: OpaquePointer) {
        let range = 0..<PQnfields(result)
        columns = range.map { String(cString: PQfname(result, $0)) }
        types = range.map { PQftype(result, $0) }
        isBinary = !columns.isEmpty && PQfformat(result, 0) == 1
        json = JSONShape(columns: columns, types: types)
    }

    init() {
        columns = []
        types = []
        isBinary = false
        json = JSONShape(columns: [], types: [])
    }

    static let empty = RowShape()
}
