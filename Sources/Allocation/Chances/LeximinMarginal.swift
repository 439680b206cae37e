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
    private static let leastPrice = 1e-5
    /// How far the value of a level may be from its proof.
    private static let gap = 2e-7

    /// - Parameter onlyFirst: Whether a lottery need only reach the first level above 0: the greatest least chance among those who can be on
    ///   a panel at all.
    /// - Returns: The fairest average.
    /// - Throws: ``PanelDrawError``, `CancellationError`.
    func find(onlyFirst: Bool = false) throws -> WantedSeats {
        let count = relaxation.people.count
        var fixed: [Double?] = (0..<count).map { relaxation.isSettled[$0] ? relaxation.capacity[$0] : nil }
        var capped: Set<Int> = []
        var first: [Double]?
        var seats = fixed.map { $0 ?? 0 }
        while fixed.contains(where: { $0 == nil }) {
            try monitor.checkCancellation()
            let level = try solvedLevel(fixed, capped: &capped)
            let newly = priced(level, fixed: fixed)
            guard !newly.isEmpty else { throw PanelDrawError.numericalTrouble("a level of chances fixes nobody") }
            seats = level.seats
            if first == nil, level.least > 1e-9 { first = fixed.indices.map { fixed[$0] ?? relaxation.people[$0] * level.least } }
            for kind in newly { fixed[kind] = relaxation.people[kind] * level.least }
        }
        guard relaxation.violation(of: seats) < 1e-7 else { throw PanelDrawError.numericalTrouble("the fair chances break a target") }
        return WantedSeats(average: seats, floor: onlyFirst ? first ?? seats : seats)
    }

    /// What one level found.
    private struct Level {
        let program: LinearProgram
        let least: Double
        let seats: [Double]
    }

    /// The greatest least chance of the free kinds, with the caps that its solution would break.
    private func solvedLevel(_ fixed: [Double?], capped: inout Set<Int>) throws -> Level {
        let least = fixed.count
        let top = top(fixed)
        var columns = fixed.indices.map { kind in
            fixed[kind].map { LinearProgram.Line(lower: 0, upper: max(0, relaxation.capacity[kind] - $0)) }
                ?? LinearProgram.Line(lower: 0, upper: relaxation.capacity[kind])
        }
        columns.append(LinearProgram.Line(lower: 0, upper: top, cost: 1))
        while true {
            let rows = rows(fixed) + capped.sorted().filter { fixed[$0] == nil }.map(cap)
            let program = try LinearProgram()
            program.addColumns(columns)
            program.addRows(rows)
            try solveOneLevel(program, fixed: fixed)
            let level = program.value(least)
            let seats = fixed.indices.map { (fixed[$0] ?? relaxation.people[$0] * level) + program.value($0) }
            let broken = fixed.indices.filter { fixed[$0] == nil && seats[$0] > relaxation.capacity[$0] + 1e-9 && !capped.contains($0) }
            if broken.isEmpty {
                guard program.dualBound - level < Self.gap else {
                    throw PanelDrawError.numericalTrouble("a level of chances is not proved to be the greatest")
                }
                return Level(program: program, least: level, seats: seats)
            }
            capped.formUnion(broken)
        }
    }

    /// The rows of the relaxation, what is fixed moved to their right-hand sides.
    private func rows(_ fixed: [Double?]) -> [LinearProgram.Line] {
        let settled = fixed.map { $0 ?? 0 }
        return relaxation.rows.map { own in
            var row = own
            let constant = own.sum(settled)
            row.lower -= constant
            row.upper -= constant
            var entry = 0.0
            for (kind, weight) in zip(own.indices, own.entries) where fixed[Int(kind)] == nil {
                entry += weight * relaxation.people[Int(kind)]
            }
            if entry != 0 { row.append(fixed.count, entry) }
            return row
        }
    }

    /// The row that keeps a free kind from more seats than it can take.
    private func cap(_ kind: Int) -> LinearProgram.Line {
        var row = LinearProgram.Line(lower: -.infinity, upper: relaxation.capacity[kind])
        row.append(kind)
        row.append(relaxation.people.count, relaxation.people[kind])
        return row
    }

    /// What no level can be above: the least, over the free kinds, of the chance at which the kind takes all the seats it can.
    private func top(_ fixed: [Double?]) -> Double {
        var top = 1.0
        for kind in fixed.indices where fixed[kind] == nil { top = min(top, relaxation.capacity[kind] / relaxation.people[kind]) }
        return top
    }

    /// Where what is fixed no longer fits by a rounding error, gives it some room.
    private func solveOneLevel(_ program: LinearProgram, fixed: [Double?]) throws {
        if try program.solve() == .optimal { return }
        for drift in [1e-9, 1e-8] {
            for (kind, seats) in fixed.enumerated() {
                if let seats { program.setColumn(kind, lower: -drift, upper: max(0, relaxation.capacity[kind] - seats)) }
            }
            if try program.solve(startingPrimal: true) == .optimal { return }
        }
        throw PanelDrawError.numericalTrouble("a level of chances does not fit the level before")
    }

    /// The free kinds that every solution of this level leaves at it.
    private func priced(_ level: Level, fixed: [Double?]) -> [Int] {
        fixed.indices.filter { kind in
            guard fixed[kind] == nil else { return false }
            return -level.program.reducedCost(kind) * relaxation.people[kind] > Self.leastPrice
                || relaxation.capacity[kind] / relaxation.people[kind] <= level.least + 1e-9
        }
    }
}
