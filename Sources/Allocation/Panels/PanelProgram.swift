/// The linear program whose whole solutions are the panels of a pool: one column a kind, how many seats it gets.
struct PanelProgram {
    /// The bounds of the columns.
    let bounds: [ClosedRange<Int>]
    /// The rows: the number of seats, then the targets in order, then the classes of households with several kinds.
    let rows: [LinearProgram.Line]

    /// The index of the first target's row.
    static let firstTargetRow = 1

    init(_ kinds: PanelKinds) {
        let pool = kinds.pool
        bounds = kinds.kinds.map { $0.minimum...$0.capacity }
        var all = LinearProgram.Line(lower: Double(pool.seats), upper: Double(pool.seats))
        var targets = pool.targets.map {
            LinearProgram.Line(lower: Double($0.minimum), upper: Double(min($0.maximum, pool.seats)))
        }
        for (index, kind) in kinds.kinds.enumerated() {
            all.append(index)
            for target in kind.targets { targets[target].append(index) }
        }
        let households = kinds.classes.filter { $0.kinds.count > 1 }.map { householdClass in
            var line = LinearProgram.Line(lower: 0, upper: Double(householdClass.households.count))
            for kind in householdClass.kinds { line.append(kind) }
            return line
        }
        rows = [all] + targets + households
    }

    /// A fresh program without an objective.
    ///
    /// - Throws: ``PanelDrawError/numericalTrouble(_:)`` if Clp gives no model.
    func linearProgram() throws -> LinearProgram {
        let program = try LinearProgram()
        program.addColumns(bounds.map { LinearProgram.Line(lower: Double($0.lowerBound), upper: Double($0.upperBound)) })
        program.addRows(rows)
        return program
    }
}

extension LinearProgram.Line {
    mutating func append(_ index: Int, _ entry: Double = 1) {
        indices.append(Int32(index))
        entries.append(entry)
    }
}
