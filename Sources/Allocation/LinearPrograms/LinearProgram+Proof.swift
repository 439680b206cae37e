import CClp

/// What the last solve proves, computed from its prices and the program alone (weak duality): it holds however the solver came by the prices.
extension LinearProgram {
    /// No solution has a greater objective than this; infinite where the prices prove nothing.
    var dualBound: Double {
        var costs = Array(UnsafeBufferPointer(start: Clp_objective(model), count: columnCount))
        let prices = UnsafeBufferPointer(start: Clp_dualRowSolution(model), count: rowCount)
        subtractRows(priced: { prices[$0] }, from: &costs)
        return greatest(costs) + greatestOfRows { prices[$0] }
    }

    /// Whether the ray that the solver gives for an infeasible program shows that it is: a mix of the rows that no point within the columns' bounds meets.
    var hasInfeasibilityProof: Bool {
        guard let ray = Clp_infeasibilityRay(model) else { return false }
        defer { Clp_freeRay(model, ray) }
        // Either sign may be meant; one is enough.
        for sign in [1.0, -1.0] {
            var negative = Array(repeating: 0.0, count: columnCount)
            var scale = 0.0
            for row in 0..<rowCount { scale = max(scale, abs(ray[row])) }
            guard scale > 0 else { return false }
            // The mix is at least this over the columns and at most that over the rows.
            subtractRows(priced: { sign * ray[$0] / scale }, from: &negative)
            let least = -greatest(negative)
            let most = greatestOfRows { sign * ray[$0] / scale }
            if least > most + 10 * Self.tolerance { return true }
        }
        return false
    }

    private func subtractRows(priced price: (Int) -> Double, from costs: inout [Double]) {
        let starts = Clp_getVectorStarts(model)!
        let lengths = Clp_getVectorLengths(model)!
        let rows = Clp_getIndices(model)!
        let entries = Clp_getElements(model)!
        for column in 0..<columnCount {
            let start = Int(starts[column])
            for position in start..<start + Int(lengths[column]) { costs[column] -= price(Int(rows[position])) * entries[position] }
        }
    }

    /// The most that costs can come to within the columns' bounds.
    private func greatest(_ costs: [Double]) -> Double {
        let (lower, upper) = (Clp_columnLower(model)!, Clp_columnUpper(model)!)
        var sum = 0.0
        for column in 0..<columnCount { sum += Self.most(costs[column], lower[column], upper[column]) }
        return sum
    }

    /// The most that prices can come to within the rows' bounds.
    private func greatestOfRows(_ price: (Int) -> Double) -> Double {
        let (lower, upper) = (Clp_rowLower(model)!, Clp_rowUpper(model)!)
        var sum = 0.0
        for row in 0..<rowCount { sum += Self.most(price(row), lower[row], upper[row]) }
        return sum
    }

    /// A price on a side that has no bound proves nothing, unless it is noise.
    private static func most(_ price: Double, _ lower: Double, _ upper: Double) -> Double {
        if price == 0 { return 0 }
        let bound = price > 0 ? upper : lower
        guard abs(bound) < 1e30 else { return abs(price) < 1e-11 ? 0 : .infinity }
        return price * bound
    }
}
