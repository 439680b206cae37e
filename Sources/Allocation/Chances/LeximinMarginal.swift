/// How many seats each kind holds on average when the least chance of a seat is as great as the relaxation allows, then the second least, and so on
/// (Flanigan et al., Nature 596 (2021)).
///
/// Each level is one small linear program: the seats of a kind that is still free are its people times the least chance `t`, plus a surplus; the greatest `t`
/// is found, and every kind whose surplus has a price is fixed there. A kind without a price may stay free, since the next level cannot be lower.
/// The prices are the proof that the level is the greatest; they are checked for each level.
struct LeximinMarginal {
    let relaxation: PanelRelaxation
    let monitor: DrawMonitor

    /// From which price on a kind is fixed; the prices of a level, times people, add up to 1.
    private static let leastPrice = 1e-7
    /// How far the value of a level may be from its proof.
    private static let gap = 1e-7

    /// - Parameter onlyFirst: Whether a lottery need only reach the first level above 0: the greatest least chance among those who can be on
    ///   a panel at all.
    /// - Returns: The fairest average.
    /// - Throws: ``PanelDrawError``, `CancellationError`.
    func find(onlyFirst: Bool = false) throws -> WantedSeats {
        let count = relaxation.people.count
        var fixed: [Double?] = Array(repeating: nil, count: count)
        let program = try LinearProgram()
        let least = count
        program.addColumns(relaxation.capacity.map { LinearProgram.Line(lower: 0, upper: $0) })
        program.addColumns([LinearProgram.Line(lower: 0, upper: 1, cost: 1)])
        var rows = relaxation.rows.map { row in
            var row = row
            row.append(least, 0)
            return row
        }
        // Entered as 1, because the solver drops zeros; set before each solve.
        program.addRows(rows.map { $0.with(lastEntry: 1) })
        var capped: [Int] = []
        var first: [Double]?

        while fixed.contains(where: { $0 == nil }) {
            try monitor.checkCancellation()
            prepare(program, rows: &rows, fixed: fixed, capped: capped)
            try solve(program, rows: &rows, fixed: fixed, capped: &capped)
            let level = program.value(least)
            try proveGreatest(program, rows: rows, fixed: fixed, capped: capped, level: level)
            let newly = priced(program, fixed: fixed, level: level)
            guard !newly.isEmpty else { throw PanelDrawError.numericalTrouble("a level of chances fixes nobody") }
            if first == nil, level > 1e-9 { first = fixed.indices.map { fixed[$0] ?? relaxation.people[$0] * level } }
            for kind in newly { fixed[kind] = relaxation.people[kind] * level }
        }
        let seats = fixed.map { $0 ?? 0 }
        guard relaxation.violation(of: seats) < 1e-6 else { throw PanelDrawError.numericalTrouble("the fair chances break a target") }
        return WantedSeats(average: seats, floor: onlyFirst ? first ?? seats : seats)
    }

    /// Moves what is fixed to the right-hand sides.
    private func prepare(_ program: LinearProgram, rows: inout [LinearProgram.Line], fixed: [Double?], capped: [Int]) {
        let least = fixed.count
        let settled = fixed.map { $0 ?? 0 } + [0]
        for index in relaxation.rows.indices {
            let own = relaxation.rows[index]
            let constant = own.sum(settled)
            var entry = 0.0
            for (kind, weight) in zip(own.indices, own.entries) where fixed[Int(kind)] == nil {
                entry += weight * relaxation.people[Int(kind)]
            }
            rows[index].lower = own.lower - constant
            rows[index].upper = own.upper - constant
            rows[index].entries[own.entries.count] = entry
            program.setRow(index, lower: rows[index].lower, upper: rows[index].upper)
            program.setEntry(row: index, column: least, entry)
        }
        for (position, kind) in capped.enumerated() where fixed[kind] != nil {
            rows[relaxation.rows.count + position].upper = .infinity
            program.setRow(relaxation.rows.count + position, lower: -.infinity, upper: .infinity)
        }
        for kind in fixed.indices where fixed[kind] != nil { program.setColumn(kind, lower: 0, upper: 0) }
        program.setColumn(least, lower: 0, upper: top(fixed))
    }

    /// What no level can be above: the least, over the free kinds, of the chance at which the kind takes all the seats it can.
    private func top(_ fixed: [Double?]) -> Double {
        var top = 1.0
        for kind in fixed.indices where fixed[kind] == nil { top = min(top, relaxation.capacity[kind] / relaxation.people[kind]) }
        return top
    }

    /// Solves one level, adding the caps that the solution breaks until it breaks none.
    private func solve(
        _ program: LinearProgram, rows: inout [LinearProgram.Line], fixed: [Double?], capped: inout [Int]
    ) throws {
        let least = fixed.count
        while true {
            try solveForgivingDrift(program, fixed: fixed)
            let level = program.value(least)
            let seats = fixed.indices.map { (fixed[$0] ?? relaxation.people[$0] * level) + program.value($0) }
            let broken = fixed.indices.filter { fixed[$0] == nil && seats[$0] > relaxation.capacity[$0] + 1e-9 && !capped.contains($0) }
            if broken.isEmpty { return }
            let caps = broken.map { kind in
                var row = LinearProgram.Line(lower: -.infinity, upper: relaxation.capacity[kind])
                row.append(kind)
                row.append(least, relaxation.people[kind])
                return row
            }
            program.addRows(caps)
            rows += caps
            capped += broken
        }
    }

    /// The dual simplex sometimes takes a rounding error for a proof that nothing fits: asks again by the primal, then afresh, and at last lets what is
    /// fixed move by as little as will do.
    private func solveForgivingDrift(_ program: LinearProgram, fixed: [Double?]) throws {
        if try program.solve() == .optimal { return }
        if try program.solve(startingPrimal: true) == .optimal { return }
        if try program.solveAfresh() == .optimal { return }
        for drift in [1e-9, 1e-8] {
            for kind in fixed.indices where fixed[kind] != nil { program.setColumn(kind, lower: -drift, upper: drift) }
            if try program.solve(startingPrimal: true) == .optimal { return }
        }
        throw PanelDrawError.numericalTrouble("a level of chances does not fit the level before")
    }

    /// The free kinds that every solution of this level leaves at it.
    private func priced(_ program: LinearProgram, fixed: [Double?], level: Double) -> [Int] {
        fixed.indices.filter { kind in
            guard fixed[kind] == nil else { return false }
            return -program.reducedCost(kind) * relaxation.people[kind] > Self.leastPrice
                || relaxation.capacity[kind] / relaxation.people[kind] <= level + 1e-12
        }
    }

    /// Weak duality: whatever the prices, no solution can be above this bound.
    private func proveGreatest(
        _ program: LinearProgram, rows: [LinearProgram.Line], fixed: [Double?], capped: [Int], level: Double
    ) throws {
        let least = fixed.count
        var costs = Array(repeating: 0.0, count: least + 1)
        costs[least] = 1
        var bound = 0.0
        for (index, row) in rows.enumerated() {
            let price = program.dual(index)
            guard price != 0 else { continue }
            let side = price > 0 ? row.upper : row.lower
            // A price on a side that the row does not have is noise.
            guard side.isFinite else { continue }
            bound += price * side
            for (column, entry) in zip(row.indices, row.entries) { costs[Int(column)] -= price * entry }
        }
        for kind in fixed.indices where fixed[kind] == nil { bound += max(0, costs[kind]) * relaxation.capacity[kind] }
        bound += max(0, costs[least]) * top(fixed)
        guard bound - level < Self.gap else { throw PanelDrawError.numericalTrouble("a level of chances is not proved to be the greatest") }
    }
}

extension LinearProgram.Line {
    fileprivate func with(lastEntry entry: Double) -> Self {
        var line = self
        line.entries[line.entries.count - 1] = entry
        return line
    }
}
