/// A table of texts, such as one read from CSV: rows as long as the header.
public struct PanelTable: Sendable {
    /// The names of the columns.
    public let header: [String]

    /// The rows under the header.
    public let rows: [[String]]

    /// The number of each row in its file, for messages.
    public let rowNumbers: [Int]

    /// A table with its header; without numbers the rows count from 2.
    public init(header: [String], rows: [[String]], rowNumbers: [Int]? = nil) {
        self.header = header
        self.rows = rows
        self.rowNumbers = rowNumbers ?? Array(2..<2 + rows.count)
    }
}

extension PanelPool {
    /// Reads a pool from the two tables of the field's usual files.
    ///
    /// - Parameters:
    ///   - candidates: One person a row: the column `id`, a column for each feature that the targets name, and optionally `address` and `zip`. People
    ///     with the same address and the same zip share a household; an empty address is no household. Other columns are ignored.
    ///   - targets: One target a row: the columns `feature`, `value`, `min` and `max`. Spaces around a value do not count.
    ///   - seats: How many people make a panel.
    ///   - onePerHousehold: Whether at most one person of a household may sit on a panel.
    /// - Returns: The pool. Its features are the ones that the targets name.
    /// - Throws: ``PanelPoolError`` with every problem found.
    public static func read(
        candidates: PanelTable,
        targets: PanelTable,
        seats: Int,
        onePerHousehold: Bool = true
    ) throws(PanelPoolError) -> PanelPool {
        var problems: [String] = []
        let targetColumns = columns(["feature", "value", "min", "max"], of: targets, named: "targets", &problems)
        let idColumn = columns(["id"], of: candidates, named: "candidates", &problems)
        guard problems.isEmpty else { throw PanelPoolError(problems: problems) }

        let read = self.targets(from: targets, columns: targetColumns, &problems)
        var features: [String] = []
        for target in read where !features.contains(target.feature) { features.append(target.feature) }
        let featureColumns = columns(features, of: candidates, named: "candidates", &problems)
        guard problems.isEmpty else { throw PanelPoolError(problems: problems) }

        let address = candidates.header.firstIndex(of: "address")
        let zip = candidates.header.firstIndex(of: "zip")
        let people = candidates.rows.map { row in
            PanelCandidate(
                id: row.text(idColumn[0]),
                values: featureColumns.map { row.text($0) },
                household: address.flatMap { address in
                    let home = row.text(address)
                    // The length keeps "1 A" + "B" apart from "1" + "A B".
                    return home.isEmpty ? nil : "\(home.utf8.count):\(home) \(zip.map { row.text($0) } ?? "")"
                }
            )
        }
        return try PanelPool(features: features, candidates: people, targets: read, seats: seats, onePerHousehold: onePerHousehold)
    }

    private static func columns(_ names: [String], of table: PanelTable, named: String, _ problems: inout [String]) -> [Int] {
        names.compactMap { name in
            if let index = table.header.firstIndex(of: name) { return index }
            problems.append("The file of \(named) has no column \"\(name)\". Add it or correct its name in the first row.")
            return nil
        }
    }

    private static func targets(from table: PanelTable, columns: [Int], _ problems: inout [String]) -> [PanelTarget] {
        zip(table.rowNumbers, table.rows).compactMap { number, row in
            let (feature, value) = (row.text(columns[0]), row.text(columns[1]))
            guard let minimum = Int(row.text(columns[2])), let maximum = Int(row.text(columns[3])) else {
                problems.append(
                    "Row \(number) of the targets needs whole numbers as min and max: the value \"\(value)\" of the feature \"\(feature)\"."
                )
                return nil
            }
            return PanelTarget(feature: feature, value: value, minimum: minimum, maximum: maximum)
        }
    }
}

extension [String] {
    /// A cell without the spaces around it; empty where the row is too short.
    fileprivate func text(_ column: Int) -> String {
        guard indices.contains(column) else { return "" }
        var text = self[column][...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
