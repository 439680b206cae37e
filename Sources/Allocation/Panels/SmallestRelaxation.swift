/// Finds the smallest change of targets that lets a panel exist, by an integer program: each bound may be broken at the price of one a seat.
struct SmallestRelaxation {
    let kinds: PanelKinds
    let monitor: DrawMonitor

    /// Prefers earlier targets among equally small changes; all such preferences together stay far below the price of one seat.
    private static let preference = 1e-7

    /// The smallest change, others, and who is missing.
    ///
    /// - Throws: ``PanelDrawError``, `CancellationError`.
    func find() throws -> PanelInfeasibility {
        guard let smallest = try smallestChanges() else {
            throw PanelDrawError.numericalTrouble("no change of the targets makes a panel possible")
        }
        var alternatives: [[PanelInfeasibility.Change]] = []
        for change in smallest {
            guard let other = try smallestChanges(keeping: change), !alternatives.contains(other) else { continue }
            alternatives.append(other)
        }
        let bySize = alternatives.enumerated().sorted { ($0.element.total, $0.offset) < ($1.element.total, $1.offset) }
        return PanelInfeasibility(
            seats: kinds.pool.seats, changes: smallest, alternatives: bySize.map(\.element),
            missing: try MissingVolunteers(kinds: kinds, monitor: monitor).find())
    }

    /// The smallest change of bounds, `nil` if there is none that leaves one of them as it is.
    private func smallestChanges(keeping kept: PanelInfeasibility.Change? = nil) throws -> [PanelInfeasibility.Change]? {
        let pool = kinds.pool
        let shape = PanelProgram(kinds)
        let program = try LinearProgram()
        let kindCount = shape.bounds.count
        program.addColumns(shape.bounds.map { LinearProgram.Line(lower: Double($0.lowerBound), upper: Double($0.upperBound)) })
        // Two columns a target, by how much its minimum and its maximum are broken; whole by themselves once the seats are.
        let breaks = pool.targets.flatMap { target -> [LinearProgram.Line] in
            let isKept = kept?.feature == target.feature && kept?.value == target.value
            return [
                LinearProgram.Line(lower: 0, upper: isKept && kept?.bound == .minimum ? 0 : Double(target.minimum)),
                LinearProgram.Line(
                    lower: 0, upper: isKept && kept?.bound == .maximum ? 0 : Double(max(0, pool.seats - target.maximum))),
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
        return try search.maximise(accepts: { isPanelWithoutTargets($0) }).map { changes(for: $0.values) }
    }

    private func isPanelWithoutTargets(_ seats: [Int]) -> Bool {
        guard seats.reduce(0, +) == kinds.pool.seats else { return false }
        return zip(kinds.kinds, seats).allSatisfy { $0.minimum <= $1 && $1 <= $0.capacity }
            && kinds.classes.allSatisfy { $0.kinds.reduce(0) { $0 + seats[$1] } <= $0.households.count }
    }

    /// Which bounds a panel breaks, and by how much.
    private func changes(for seats: [Int]) -> [PanelInfeasibility.Change] {
        var counts = Array(repeating: 0, count: kinds.pool.targets.count)
        for (kind, taken) in zip(kinds.kinds, seats) { for target in kind.targets { counts[target] += taken } }
        return zip(kinds.pool.targets, counts).compactMap { target, count -> PanelInfeasibility.Change? in
            if count < target.minimum { return target.change(.minimum, from: target.minimum, to: count) }
            return count > target.maximum ? target.change(.maximum, from: target.maximum, to: count) : nil
        }
    }
}

extension PanelTarget {
    fileprivate func change(_ bound: PanelInfeasibility.Bound, from: Int, to: Int) -> PanelInfeasibility.Change {
        PanelInfeasibility.Change(feature: feature, value: value, bound: bound, from: from, to: to)
    }
}
