/// How many seats each kind holds on average when neither the greatest chance is too great nor the least too small.
///
/// With chances counted in multiples of the equal chance (seats by people), the greatest plus one divided by the least is as small as can be: the
/// objective Goldilocks with γ = 1 of Baharav and Flanigan, "Fair, manipulation-robust, and transparent sortition" (EC 2024). It leaves
/// most chances open; leximin below the greatest chance settles them. Who can be on no panel, or is settled before the draw, does not count.
struct GoldilocksMarginal {
    let relaxation: PanelRelaxation
    let monitor: DrawMonitor

    /// How many times the interval around the least chance is halved.
    private static let halvings = 45

    /// - Parameter start: The average of leximin over the same relaxation.
    /// - Returns: The fairest average.
    /// - Throws: ``PanelDrawError``, `CancellationError`.
    func find(from start: [Double]) throws -> WantedSeats {
        let active = start.indices.filter { start[$0] > 1e-9 && !relaxation.isSettled[$0] }
        let people = active.reduce(0) { $0 + relaxation.people[$1] }
        let seats = active.reduce(0) { $0 + start[$1] }
        guard people > 0 else { return WantedSeats(average: start, floor: start) }
        let equal = seats / people
        let program = try boundedProgram(start, active: active)

        // The greatest chance is convex in the least, so the slope of the sum has one change of sign.
        var low = 0.0
        var high = active.reduce(Double.infinity) { min($0, start[$1] / relaxation.people[$1]) }
        for _ in 0..<Self.halvings {
            try monitor.checkCancellation()
            let least = (low + high) / 2
            let slope = try greatest(program, least: least).slope
            if slope < equal * equal / (least * least) { low = least } else { high = least }
        }
        // Room for the solver's tolerance, well below what anybody's chance is exact to.
        let ceiling = try greatest(program, least: (low + high) / 2).value * (1 + 1e-8)
        return try LeximinMarginal(relaxation: relaxation.limited(to: ceiling), monitor: monitor).find()
    }

    /// The program that keeps the chances between a least, the last column but one, and a greatest, the last, which is made as small as can be.
    private func boundedProgram(_ start: [Double], active: [Int]) throws -> LinearProgram {
        let count = start.count
        var columns = start.map { LinearProgram.Line(lower: $0, upper: $0) }
        for kind in active { columns[kind] = LinearProgram.Line(lower: 0, upper: relaxation.capacity[kind]) }
        columns.append(LinearProgram.Line(lower: 0, upper: 0))
        columns.append(LinearProgram.Line(lower: 0, upper: 1, cost: -1))
        let bounds = active.flatMap { kind in
            var (least, greatest) = (
                LinearProgram.Line(lower: 0, upper: .infinity), LinearProgram.Line(lower: -.infinity, upper: 0)
            )
            least.append(kind)
            least.append(count, -relaxation.people[kind])
            greatest.append(kind)
            greatest.append(count + 1, -relaxation.people[kind])
            return [least, greatest]
        }
        let program = try LinearProgram()
        program.addColumns(columns)
        program.addRows(relaxation.rows + bounds)
        return program
    }

    /// The smallest greatest chance for a least chance, and by how much it grows with it.
    private func greatest(_ program: LinearProgram, least: Double) throws -> (value: Double, slope: Double) {
        let column = program.columnCount - 2
        program.setColumn(column, lower: least, upper: least)
        guard try program.solve() == .optimal else {
            throw PanelDrawError.numericalTrouble("no chances lie between the least and the greatest")
        }
        guard program.dualBound - program.objective < 1e-7 else {
            throw PanelDrawError.numericalTrouble("the greatest chance is not proved to be the smallest")
        }
        return (-program.objective, -program.reducedCost(column))
    }
}
