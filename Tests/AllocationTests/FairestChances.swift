@testable import Allocation

/// The fairest chances of a small pool by definition, from the list of all its panels and of all people: nothing of kinds, relaxations, peels
/// or prices. The oracle for the lotteries.
struct FairestChances {
    let pool: PanelPool
    let panels: [[Int]]

    /// The greatest `t` such that a mix of panels gives the free people at least `t`, the settled ones at least theirs, and `person`, if given, as much as possible.
    private func greatest(settled: [Double?], atLeast level: Double?, person: Int? = nil) throws -> Double {
        let program = try LinearProgram()
        let people = pool.candidates.count
        // First the level, then the weights.
        program.addColumns([LinearProgram.Line(lower: 0, upper: 1, cost: person == nil ? 1 : 0)])
        program.addColumns(
            panels.map { panel in
                LinearProgram.Line(lower: 0, upper: 1, cost: person.map { panel.contains($0) ? 1 : 0 } ?? 0)
            }
        )
        var rows: [LinearProgram.Line] = []
        for candidate in 0..<people {
            var row = LinearProgram.Line(lower: (settled[candidate] ?? level ?? 0) - 1e-9, upper: .infinity)
            if settled[candidate] == nil, level == nil { row.append(0, -1) }
            for (index, panel) in panels.enumerated() where panel.contains(candidate) { row.append(1 + index) }
            rows.append(row)
        }
        var all = LinearProgram.Line(lower: 1, upper: 1)
        for index in panels.indices { all.append(1 + index) }
        program.addRows(rows + [all])
        guard try program.solveAfresh() == .optimal else { throw PanelDrawError.numericalTrouble("the oracle has no solution") }
        return program.objective
    }

    /// The smallest greatest chance plus the inverse of the least, both in multiples of the equal chance, over all mixes of panels.
    func goldilocks() throws -> Double {
        let possible = Set(panels.joined())
        let equal = Double(pool.seats) / Double(possible.count)
        let highest = try leximin().enumerated().filter { possible.contains($0.offset) }.map(\.element).min() ?? 0
        let program = try LinearProgram()
        program.addColumns([LinearProgram.Line(lower: 0, upper: 1, cost: -1)])
        program.addColumns(panels.map { _ in LinearProgram.Line(lower: 0, upper: 1) })
        var all = LinearProgram.Line(lower: 1, upper: 1)
        for index in panels.indices { all.append(1 + index) }
        program.addRows([all])
        for person in possible.sorted() {
            var least = LinearProgram.Line(lower: 0, upper: .infinity)
            for (index, panel) in panels.enumerated() where panel.contains(person) { least.append(1 + index) }
            var greatest = least
            (greatest.lower, greatest.upper) = (-.infinity, 0)
            greatest.append(0, -1)
            program.addRows([least, greatest])
        }
        func value(_ least: Double) throws -> Double {
            for index in 0..<possible.count { program.setRow(1 + 2 * index, lower: least, upper: .infinity) }
            guard try program.solveAfresh() == .optimal else { throw PanelDrawError.numericalTrouble("the oracle has no solution") }
            return -program.objective / equal + equal / least
        }
        var (low, high) = (highest / 1000, highest - 1e-9)
        for _ in 0..<60 {
            let (one, other) = (low + (high - low) / 3, high - (high - low) / 3)
            if try value(one) < value(other) { high = other } else { low = one }
        }
        return try value((low + high) / 2)
    }

    /// Everyone's chance under leximin: a person is settled at a level when even the mix best for them gives them no more.
    func leximin() throws -> [Double] {
        var settled: [Double?] = Array(repeating: nil, count: pool.candidates.count)
        while settled.contains(where: { $0 == nil }) {
            let level = try greatest(settled: settled, atLeast: nil)
            let stuck = try settled.indices.filter { person in
                try settled[person] == nil && greatest(settled: settled, atLeast: level, person: person) < level + 1e-6
            }
            guard !stuck.isEmpty else { throw PanelDrawError.numericalTrouble("the oracle settles nobody") }
            for person in stuck { settled[person] = level }
        }
        return settled.map { $0 ?? 0 }
    }
}
