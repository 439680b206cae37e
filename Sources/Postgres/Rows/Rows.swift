/// The rows of a statement's result, in PostgreSQL's order.
///
/// They stay in the memory in which libpq received them, and a value is read when it is asked for.
///
/// ```swift
/// for (id, title) in try await client.query("select id, title from panels").decode((UUID, String).self) { … }
/// ```
public struct Rows: Sendable {
    let storage: ResultStorage
    let shape: RowShape
    private let count_: Int

    init(storage: ResultStorage, shape: RowShape) {
        self.storage = storage
        self.shape = shape
        self.count_ = storage.count
    }

    /// The names of the columns, in order.
    public var columns: [String] { shape.columns }

    /// How many rows the statement returned or changed, by its command tag; 0 for statements that do neither.
    public var affected: Int { storage.affected }

    /// Reads every row as a tuple, one element a column.
    ///
    /// All rows are read before the first is used, so that a loop's body never runs on half of a bad result.
    ///
    /// - Throws: ``PostgresError/Code/decoding``, naming the column and the type, if a value is not of the type, is null
    ///   where the type is not optional, or if the number of columns differs.
    public func decode<each Column: PostgresDecodable>(
        _ types: (repeat each Column).Type
    ) throws(PostgresError) -> [(repeat each Column)] {
        var tuples: [(repeat each Column)] = []
        tuples.reserveCapacity(count)
        for row in self { tuples.append(try row.decode(types)) }
        return tuples
    }
}

extension Rows: RandomAccessCollection {
    /// 0
    public var startIndex: Int { 0 }
    /// The number of rows.
    public var endIndex: Int { count_ }

    /// A row by position, counted from 0.
    public subscript(position: Int) -> Row {
        precondition(position >= 0 && position < count_, "row index out of range")
        return Row(storage: storage, shape: shape, index: position)
    }
}
