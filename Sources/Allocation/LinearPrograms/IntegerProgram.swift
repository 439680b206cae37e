/// Branch and bound on the first columns of a ``LinearProgram``: depth first, the fractional column nearest to a half first, its nearer
/// side first, bounds by the relaxation.
///
/// Exact up to the tolerance: a branch is left only when the relaxation proves that it holds nothing better. Small trees are expected; panels
/// have relaxations within about 2 % of their whole solutions.
final class IntegerProgram {
    /// A whole solution and its objective, computed from the whole numbers.
    struct Solution {
        let values: [Int]
        let objective: Double
    }

    private static let integrality = 1e-6
    private static let improvement = 1e-8

    let program: LinearProgram
    private let integerCount: Int
    private var lower: [Double]
    private var upper: [Double]
    private(set) var costs: [Double]
    private let monitor: DrawMonitor

    /// The search under way.
    private var cutoff = 0.0
    private var best: Solution?
    private var stopsAtFirst = false
    private var nodesLeft = 0
    private var onSolution: (Solution) -> Void = { _ in }
    private var accepts: ([Int]) -> Bool = { _ in true }

    /// - Parameters:
    ///   - program: A program whose first columns must be whole numbers.
    ///   - bounds: The bounds of those columns, one each.
    ///   - monitor: Asked now and then whether to go on.
    init(_ program: LinearProgram, bounds: [ClosedRange<Int>], monitor: DrawMonitor) {
        self.program = program
        integerCount = bounds.count
        lower = bounds.map { Double($0.lowerBound) }
        upper = bounds.map { Double($0.upperBound) }
        costs = Array(repeating: 0, count: program.columnCount)
        self.monitor = monitor
    }

    /// Sets what is maximised, one cost a column from the first on.
    func setCosts(_ new: [Double]) {
        for (column, cost) in new.enumerated() where costs[column] != cost {
            costs[column] = cost
            program.setCost(column, cost)
        }
    }

    /// Sets the bounds of the whole columns.
    func setBounds(_ bounds: [ClosedRange<Int>]) {
        for (column, range) in bounds.enumerated() {
            let (new, old) = ((Double(range.lowerBound), Double(range.upperBound)), (lower[column], upper[column]))
            guard new != old else { continue }
            (lower[column], upper[column]) = new
            program.setColumn(column, lower: new.0, upper: new.1)
        }
    }

    /// Whole solutions above a cutoff, each better than the one before.
    ///
    /// - Parameters:
    ///   - cutoff: Only solutions with a greater objective are looked for.
    ///   - patience: How many relaxations may be solved once a solution is found.
    ///   - accepts: Checks a solution in whole numbers.
    /// - Returns: The solutions, none where it is proved that there is none.
    /// - Throws: ``PanelDrawError``, `CancellationError`.
    func improvements(above cutoff: Double, patience: Int, accepts: @escaping ([Int]) -> Bool) throws -> [Solution] {
        var found: [Solution] = []
        onSolution = { [unowned self] solution in
            found.append(solution)
            nodesLeft = min(nodesLeft, patience)
        }
        defer { onSolution = { _ in } }
        do {
            _ = try maximise(above: cutoff, accepts: accepts)
        } catch PanelDrawError.tooHard where !found.isEmpty {}
        return found
    }

    /// Some whole solution, `nil` if none was found within the limit: no proof that there is none.
    ///
    /// - Throws: ``PanelDrawError/numericalTrouble(_:)``, `CancellationError`.
    func attempt(nodeLimit: Int, accepts: @escaping ([Int]) -> Bool) throws -> Solution? {
        do {
            return try maximise(stopsAtFirst: true, nodeLimit: nodeLimit, accepts: accepts)
        } catch PanelDrawError.tooHard {
            return best
        }
    }

    /// The best whole solution above a cutoff.
    ///
    /// - Parameters:
    ///   - cutoff: Only solutions with a greater objective are looked for.
    ///   - stopsAtFirst: Whether the first such solution will do, instead of the best.
    ///   - nodeLimit: How many relaxations may be solved.
    ///   - accepts: Checks a solution in whole numbers; a refusal is numerical trouble.
    /// - Returns: The solution, or `nil` where it is proved that there is none.
    /// - Throws: ``PanelDrawError``, `CancellationError`.
    func maximise(
        above cutoff: Double = -.infinity,
        stopsAtFirst: Bool = false,
        nodeLimit: Int = 2_000_000,
        accepts: @escaping ([Int]) -> Bool
    ) throws -> Solution? {
        self.cutoff = cutoff
        self.stopsAtFirst = stopsAtFirst
        self.accepts = accepts
        nodesLeft = nodeLimit
        best = nil
        try branch()
        return best
    }

    private func branch() throws {
        guard nodesLeft > 0 else { throw PanelDrawError.tooHard }
        nodesLeft -= 1
        try monitor.checkCancellation()
        guard try program.solve() == .optimal else { return }
        if program.dualBound <= cutoff + Self.improvement { return }
        guard let column = fractionalColumn() else { return try accept() }

        let value = program.value(column)
        let (savedLower, savedUpper) = (lower[column], upper[column])
        let down = value.rounded(.down)
        let isDownFirst = value - down <= 0.5
        for isDown in [isDownFirst, !isDownFirst] {
            if isDown { upper[column] = down } else { lower[column] = down + 1 }
            program.setColumn(column, lower: lower[column], upper: upper[column])
            defer {
                (lower[column], upper[column]) = (savedLower, savedUpper)
                program.setColumn(column, lower: savedLower, upper: savedUpper)
            }
            try branch()
            if stopsAtFirst, best != nil { return }
        }
    }

    private func fractionalColumn() -> Int? {
        var choice: Int?
        var farthest = Self.integrality
        for column in 0..<integerCount {
            let value = program.value(column)
            let distance = abs(value - value.rounded())
            // A margin, so that the last bits of a value do not decide between equals.
            if distance > farthest + 1e-7 {
                farthest = distance
                choice = column
            }
        }
        return choice
    }

    private func accept() throws {
        let values = program.values(integerCount).map { Int($0.rounded()) }
        guard accepts(values) else { throw PanelDrawError.numericalTrouble("a panel rounded into a broken target") }
        var objective = 0.0
        if program.columnCount == integerCount {
            for column in 0..<integerCount { objective += costs[column] * Double(values[column]) }
        } else {
            objective = program.objective
        }
        guard objective > cutoff else { return }
        cutoff = objective
        let solution = Solution(values: values, objective: objective)
        best = solution
        onSolution(solution)
    }
}
