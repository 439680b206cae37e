import Allocation
import KithClient

extension PoolOptions {
    /// Asks about rows with the same name and year of birth, where the file has both, of whom nobody has said whether they are one person.
    /// - Throws: a failure with the question
    func requireDifferent(_ people: PanelTable) throws {
        func column(_ name: String) -> Int? { people.header.firstIndex(of: name) }
        guard let id = column("id"), let name = column("name"), let year = column("birth_year") else { return }
        let known = Set(people.rows.map { $0[id] })
        if let unknown = different.first(where: { !known.contains($0) }) {
            throw CommandFailure("There is no candidate with the id \"\(unknown)\". Correct it.", .badData)
        }
        let settled = Set(excluded + different)
        var alike: [NameAndBirthYear: [(row: Int, id: String)]] = [:]
        for (number, row) in zip(people.rowNumbers, people.rows) where !settled.contains(row[id]) {
            guard let person = NameAndBirthYear(name: row[name], birthYear: row[year]) else { continue }
            alike[person, default: []].append((number, row[id]))
        }
        let questions = alike.values.filter { $0.count > 1 }.sorted { $0[0].row < $1[0].row }
        if questions.isEmpty { return }
        let lines = questions.map { group in
            "  Rows \(group.map { String($0.row) }.joined(separator: ", ")): \(group.map(\.id).joined(separator: ", "))"
        }
        let last = questions[0].last?.id ?? ""
        throw CommandFailure(
            """
            These rows of \(candidates) have the same name and year of birth. Are they one person? Nothing was drawn.
            \(lines.joined(separator: "\n"))
            If they are, leave one of them out:   --exclude \(last)
            If they are two people, say so:       --different \(last)
            """, .badData)
    }
}
