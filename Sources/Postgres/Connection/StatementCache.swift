/// The prepared statements of one connection: the most recently used, by SQL and parameter types.
struct StatementCache {
    final class Statement {
        let name: String
        fileprivate var isPrepared = false
        fileprivate var isRetired = false
        fileprivate var lastUse = 0
        /// What its rows look like, once a result has shown it.
        var shape: RowShape?

        fileprivate init(name: String) { self.name = name }
    }

    private struct Key: Hashable {
        let sql: String
        let types: [UInt32]
        let isBinary: Bool
    }

    private let capacity: Int
    private var statements: [Key: Statement] = [:]
    private var uses = 0
    private var names = 0
    /// Statements that the server still holds and the cache does not.
    private(set) var retired: [String] = []

    /// - Parameter capacity: 0 prepares nothing.
    init(capacity: Int) { self.capacity = capacity }

    var isEnabled: Bool { capacity > 0 }

    /// The statement for a query, and whether it must be prepared first.
    mutating func find(_ query: Query) -> (statement: Statement, isNew: Bool) {
        uses += 1
        let key = Key(sql: query.sql, types: query.types, isBinary: query.isBinary)
        if let statement = statements[key] {
            statement.lastUse = uses
            return (statement, false)
        }
        if statements.count >= capacity { evict() }
        names += 1
        let statement = Statement(name: "s\(names)")
        statement.lastUse = uses
        statements[key] = statement
        return (statement, true)
    }

    /// The server has prepared it.
    mutating func prepared(_ statement: Statement) {
        statement.isPrepared = true
        // A batch of many statements may have evicted its own first.
        if statement.isRetired { retired.append(statement.name) }
    }

    /// The server did not prepare it, or it must not be used again.
    mutating func forget(_ statement: Statement) {
        guard let entry = statements.first(where: { $0.value === statement }) else { return }
        retire(entry.key, statement)
    }

    /// None can be trusted any more.
    mutating func forgetAll() {
        for (key, statement) in statements { retire(key, statement) }
    }

    /// Takes the names to deallocate.
    mutating func takeRetired() -> [String] {
        defer { retired = [] }
        return retired
    }

    private mutating func evict() {
        // A search of a hundred entries, on a miss only, is cheaper than a list to be kept in order on every hit.
        guard let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        retire(oldest.key, oldest.value)
    }

    private mutating func retire(_ key: Key, _ statement: Statement) {
        statements[key] = nil
        statement.isRetired = true
        if statement.isPrepared { retired.append(statement.name) }
    }
}
