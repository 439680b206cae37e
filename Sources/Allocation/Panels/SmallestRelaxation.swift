/// Finds the smallest change of targets that lets a panel exist, by an integer program: each bound may be broken at the price of one a seat.
struct SmallestRelaxation {
    let kinds: PanelKinds
    let monitor: DrawMonitor

    /// Prefers earlier targets among equally small changes; all such preferences together stay far below the price of one seat.
    private static let preference = 1e-7

    /// - Throws: ``PanelDrawError``, `CancellationError`.
    func find() throws -> PanelInfeasibility {
        let pool = kinds.pool
        let shape = PanelProgram(kinds)
        let program = try LinearProgram()
        let kindCount = shape.bounds.count
        program.addColumns(shape.bounds.map { LinearProgram.Line(lower: Double($0.lowerBound), upper: Double($0.upperBound)) })
        // Two columns a target, by how much its minimum and its maximum are broken; whole by themselves once the seats are.
        let breaks = pool.targets.flatMap { target in
            [
                LinearProgram.Line(lower: 0, upper: Double(target.minimum)),
                LinearProgram.Line(lower: 0, upper: Double(max(0, pool.seats - target.maximum))),
            ]
        }
        program.addColumns(breaks)
        var rows: [LinearProgram.Line] = []
        for (index, row) in shape.rows.enumerated() {
            let target = index - PanelProgram.firstTargetRow
            guard pool.targets.indices.contains(target) else {
                rows.append(row)
                continue
            }
            var (least, most) = (row, row)
            least.upper = .infinity
            most.lower = -.infinity
            least.append(kindCount + 2 * target)
            most.append(kindCount + 2 * target + 1, -1)
            rows += [least, most]
        }
        program.addRows(rows)

        let search = IntegerProgram(program, bounds: shape.bounds, monitor: monitor)
        let prices = breaks.indices.map { -1 - Self.preference * Double($0 + 1) / Double(breaks.count) }
        search.setCosts(Array(repeating: 0, count: kindCount) + prices)
        guard let solution = try search.maximise(accepts: { isPanelWithoutTargets($0) }) else {
            throw PanelDrawError.numericalTrouble("no change of the targets makes a panel possible")
        }
        return infeasibility(of: solution.values)
    }

    private func isPanelWithoutTargets(_ seats: [Int]) -> Bool {
        guard seats.reduce(0, +) == kinds.pool.seats else { return false }
        return zip(kinds.kinds, seats).allSatisfy { $0.minimum <= $1 && $1 <= $0.capacity }
            && kinds.classes.allSatisfy { $0.kinds.reduce(0) { $0 + seats[$1] } <= $0.households.count }
    }

    /// Which bounds a panel breaks, and by how much.
    private func infeasibility(of seats: [Int]) -> PanelInfeasibility {
        var counts = Array(repeating: 0, count: kinds.pool.targets.count)
        for (kind, taken) in zip(kinds.kinds, seats) { for target in kind.targets { counts[target] += taken } }
        let changes = zip(kinds.pool.targets, counts).compactMap { target, count -> PanelInfeasibility.Change? in
            if count < target.minimum { return target.change(.minimum, from: target.minimum, to: count) }
            return count > target.maximum ? target.change(.maximum, from: target.maximum, to: count) : nil
        }
        return PanelInfeasibility(seats: kinds.pool.seats, changes: changes)
    }
}

extension PanelTarget {
    fileprivate func change(_ bound: PanelInfeasibility.Bound, from: Int, to: Int) -> PanelInfeasibility.Change {
        PanelInfeasibility.Change(feature: feature, value: value, bound: bound, from: from, to: to)
    }
}
