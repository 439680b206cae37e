import CClp

/// A linear program solved by the simplex of COIN-OR Clp, kept warm: bounds, costs, rows and columns can change between solves and each
/// solve starts from the last basis. It maximises.
///
/// Owns Clp's model; not for two tasks at once. Tolerances are 1e-9, and every solution is held against its bounds after the solve.
final class LinearProgram {
    enum Outcome {
        case optimal
        case infeasible
    }

    /// A row or a column to add: its bounds, its cost if it is a column, and its entries by column or by row.
    struct Line {
        var lower: Double
        var upper: Double
        var cost = 0.0
        var indices: [Int32] = []
        var entries: [Double] = []
    }

    static let tolerance = 1e-9

    /// How far a solution may miss a bound before it counts as numerical trouble.
    private static let residualTolerance = 1e-7

    let model: UnsafeMutableRawPointer
    private(set) var columnCount = 0
    private(set) var rowCount = 0

    /// - Throws: ``PanelDrawError/numericalTrouble(_:)`` if Clp gives no model.
    init() throws {
        guard let model = Clp_newModel() else { throw PanelDrawError.numericalTrouble("Clp gave no model") }
        self.model = model
        Clp_setLogLevel(model, 0)
        Clp_setPrimalTolerance(model, Self.tolerance)
        Clp_setDualTolerance(model, Self.tolerance)
        Clp_setOptimizationDirection(model, -1)
    }

    deinit { Clp_deleteModel(model) }

    // MARK: Shape

    func addColumns(_ columns: [Line]) {
        let (starts, indices, entries) = Self.flattened(columns)
        Clp_addColumns(
            model, Int32(columns.count), columns.map(\.lower), columns.map(\.upper), columns.map(\.cost), starts, indices, entries)
        columnCount += columns.count
    }

    func addRows(_ rows: [Line]) {
        let (starts, indices, entries) = Self.flattened(rows)
        Clp_addRows(model, Int32(rows.count), rows.map(\.lower), rows.map(\.upper), starts, indices, entries)
        rowCount += rows.count
    }

    private static func flattened(_ lines: [Line]) -> (starts: [Int32], indices: [Int32], entries: [Double]) {
        var starts: [Int32] = [0]
        var indices: [Int32] = []
        var entries: [Double] = []
        for line in lines {
            indices += line.indices
            entries += line.entries
            starts.append(Int32(indices.count))
        }
        // Clp wants addresses even where there is nothing to read.
        if indices.isEmpty {
            indices = [0]
            entries = [0]
        }
        return (starts, indices, entries)
    }

    func setColumn(_ column: Int, lower: Double, upper: Double) {
        Clp_columnLower(model)[column] = lower
        Clp_columnUpper(model)[column] = upper
    }

    func setRow(_ row: Int, lower: Double, upper: Double) {
        Clp_rowLower(model)[row] = lower
        Clp_rowUpper(model)[row] = upper
    }

    func setCost(_ column: Int, _ cost: Double) {
        Clp_objective(model)[column] = cost
    }

    // MARK: Solving

    /// Lets the next solve start with some columns at their upper bounds, the others at their lower bounds and every row free.
    func start(atUpper isAtUpper: [Bool]) {
        Clp_copyinStatus(model, isAtUpper.map { $0 ? 2 : 3 } + Array(repeating: 1, count: rowCount))
    }

    /// Solves from the last basis by the dual simplex; where that gives no sound answer, by the primal, then from the start.
    ///
    /// - Throws: ``PanelDrawError/numericalTrouble(_:)`` if none of them gives a sound answer, or the program is unbounded.
    func solve(startingPrimal: Bool = false) throws -> Outcome {
        _ = startingPrimal ? Clp_primal(model, 0) : Clp_dual(model, 0)
        if let outcome = soundOutcome() { return outcome }
        _ = Clp_primal(model, 0)
        if let outcome = soundOutcome() { return outcome }
        return try solveAfresh()
    }

    /// Solves without the last basis.
    ///
    /// - Throws: ``PanelDrawError/numericalTrouble(_:)`` if that gives no sound answer, or the program is unbounded.
    func solveAfresh() throws -> Outcome {
        // There is no status to reset before the first solve.
        if Clp_statusExists(model) != 0 {
            for column in 0..<columnCount { Clp_setColumnStatus(model, Int32(column), 3) }
            for row in 0..<rowCount { Clp_setRowStatus(model, Int32(row), 1) }
        }
        _ = Clp_dual(model, 0)
        if let outcome = soundOutcome() { return outcome }
        throw PanelDrawError.numericalTrouble("Clp ended with status \(Clp_status(model))")
    }

    private func soundOutcome() -> Outcome? {
        switch Clp_status(model) {
        case 0: isWithinBounds ? .optimal : nil
        // Warm, the dual simplex sometimes takes a rounding error for a proof that nothing fits.
        case 1: hasInfeasibilityProof ? .infeasible : nil
        default: nil
        }
    }

    private var isWithinBounds: Bool {
        let slack = Self.residualTolerance
        let (rows, rowLower, rowUpper) = (Clp_primalRowSolution(model)!, Clp_rowLower(model)!, Clp_rowUpper(model)!)
        for row in 0..<rowCount where rows[row] < rowLower[row] - slack || rows[row] > rowUpper[row] + slack { return false }
        let (columns, lower, upper) = (Clp_primalColumnSolution(model)!, Clp_columnLower(model)!, Clp_columnUpper(model)!)
        for column in 0..<columnCount where columns[column] < lower[column] - slack || columns[column] > upper[column] + slack {
            return false
        }
        return true
    }

    // MARK: The solution

    var objective: Double { Clp_objectiveValue(model) }

    func value(_ column: Int) -> Double { Clp_primalColumnSolution(model)[column] }

    /// The values of the first `count` columns.
    func values(_ count: Int) -> [Double] { Array(UnsafeBufferPointer(start: Clp_primalColumnSolution(model), count: count)) }

    /// What the objective gains when a row's bound is raised by one.
    func dual(_ row: Int) -> Double { Clp_dualRowSolution(model)[row] }

    /// What the objective gains when a column's bound is raised by one.
    func reducedCost(_ column: Int) -> Double { Clp_dualColumnSolution(model)[column] }
}
