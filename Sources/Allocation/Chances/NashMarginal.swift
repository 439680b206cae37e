/// How many seats each kind holds on average when the product of everyone's chances is as great as the relaxation allows.
///
/// The logarithm of the product is concave and a sum over kinds. It is replaced, within a window around the last solution, by a line of a few
/// straight pieces for each kind, which is a linear program; the window shrinks once the solution lies inside it. At the end the slopes prove how far the
/// product can be from the greatest: no average can gain more than the best panel gains along them.
struct NashMarginal {
    let relaxation: PanelRelaxation
    let monitor: DrawMonitor

    /// Straight pieces on each side of the last solution.
    private static let pieces = 3
    /// The width of the last window, relative; well above the solver's tolerance.
    private static let leastWidth = 1e-6
    /// How far the mean of the logarithms may be from the greatest.
    private static let gap = 1e-5
    private static let stepLimit = 400

    /// - Parameter start: An average that the relaxation allows, above 0 for every kind that can have a seat at all.
    /// - Returns: The fairest average; kinds that start at 0 stay there.
    /// - Throws: ``PanelDrawError``, `CancellationError`.
    func find(from start: [Double]) throws -> WantedSeats {
        var seats = start
        let active = seats.indices.filter { seats[$0] > 1e-9 && !relaxation.isSettled[$0] }
        if active.isEmpty { return WantedSeats(average: seats, floor: seats) }
        var width = 1.0
        for _ in 0..<Self.stepLimit {
            try monitor.checkCancellation()
            let (next, isInside) = try step(from: seats, active: active, width: width)
            seats = next
            guard isInside else { continue }
            if width <= Self.leastWidth {
                try prove(seats, active: active)
                return WantedSeats(average: seats, floor: seats)
            }
            width = max(Self.leastWidth, width / 5)
        }
        throw PanelDrawError.numericalTrouble("the greatest product of chances was not reached")
    }

    /// The best average within the window, and whether it lies inside.
    private func step(from seats: [Double], active: [Int], width: Double) throws -> (seats: [Double], isInside: Bool) {
        // Whoever is not active keeps what they have.
        var least = seats
        var columns: [LinearProgram.Line] = []
        var owners: [Int] = []
        var isBelow: [Bool] = []
        for kind in active {
            let capacity = relaxation.capacity[kind]
            let points = (-Self.pieces...Self.pieces).map { step in
                step == 0 ? seats[kind] : min(capacity, seats[kind] * (width * Double(step) / Double(Self.pieces)).exponential)
            }
            least[kind] = points[0]
            for (from, to) in zip(points, points.dropFirst()) where to > from {
                let slope = relaxation.people[kind] * (to / from).logarithm / (to - from)
                columns.append(LinearProgram.Line(lower: 0, upper: to - from, cost: slope))
                owners.append(kind)
                isBelow.append(to <= seats[kind])
            }
        }
        let program = try LinearProgram()
        program.addColumns(columns)
        program.addRows(rows(owners: owners, least: least))
        program.start(atUpper: isBelow)
        guard try program.solve(startingPrimal: true) == .optimal else {
            throw PanelDrawError.numericalTrouble("the product of chances has no room")
        }
        var next = least
        for (column, owner) in owners.enumerated() { next[owner] += program.value(column) }
        let isInside = active.allSatisfy { kind in
            let isAtTop = next[kind] >= seats[kind] * width.exponential * (1 - 1e-12) && next[kind] < relaxation.capacity[kind] - 1e-9
            return !isAtTop && next[kind] > least[kind] * (1 + 1e-12)
        }
        return (next, isInside)
    }

    /// The rows of the relaxation over the pieces, each kind's least seats moved to the right-hand sides.
    private func rows(owners: [Int], least: [Double]) -> [LinearProgram.Line] {
        var columnsOf = Array(repeating: [Int](), count: least.count)
        for (column, owner) in owners.enumerated() { columnsOf[owner].append(column) }
        return relaxation.rows.map { own in
            let constant = own.sum(least)
            var row = LinearProgram.Line(lower: own.lower - constant, upper: own.upper - constant)
            for (kind, entry) in zip(own.indices, own.entries) {
                for column in columnsOf[Int(kind)] { row.append(column, entry) }
            }
            return row
        }
    }

    /// What a concave function can gain is at most what its slopes gain (Frank and Wolfe, 1956).
    private func prove(_ seats: [Double], active: [Int]) throws {
        guard relaxation.violation(of: seats) < 1e-7 else { throw PanelDrawError.numericalTrouble("the fair chances break a target") }
        var columns = seats.map { LinearProgram.Line(lower: $0, upper: $0) }
        for kind in active {
            columns[kind] = LinearProgram.Line(lower: 0, upper: relaxation.capacity[kind], cost: relaxation.people[kind] / seats[kind])
        }
        let program = try LinearProgram()
        program.addColumns(columns)
        program.addRows(relaxation.rows)
        guard try program.solve() == .optimal else { throw PanelDrawError.numericalTrouble("the product of chances has no proof") }
        let people = active.reduce(0) { $0 + relaxation.people[$1] }
        guard program.objective - people < Self.gap * max(1, people) else {
            throw PanelDrawError.numericalTrouble("the product of chances is not proved to be the greatest")
        }
    }
}
