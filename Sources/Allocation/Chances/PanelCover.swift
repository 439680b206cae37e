/// Looks for a lottery over whole panels that gives each kind at least so many seats on average, by column generation.
///
/// The master program mixes the panels known so far and prices what each kind lacks; the pricing program finds the panel worth most at these prices, by branch and
/// bound over all panels. When no panel is worth more than the mix, the prices prove that no lottery lacks less.
final class PanelCover {
    /// A lottery, or the proof that there is none.
    enum Outcome {
        case lottery(weights: [Double])
        /// No panel has weighted seats above the limit, and the average wanted has.
        case cut(prices: [Double], limit: Double)
    }

    /// What may be lacking in all, in seats, before a lottery counts as found.
    static let tolerance = 5e-8

    private let kinds: PanelKinds
    private let monitor: DrawMonitor
    private let master: LinearProgram
    private let search: IntegerProgram
    private(set) var panels: [[Int]] = []
    private var known: Set<[Int]> = []
    private var cuts: [(prices: [Double], limit: Double)] = []
    private let kindCount: Int
    /// What was lacking at most so far, to tell how far the search has come.
    private var mostLacking = 0.0
    private(set) var pricings = 0

    init(kinds: PanelKinds, monitor: DrawMonitor) throws {
        self.kinds = kinds
        self.monitor = monitor
        kindCount = kinds.kinds.count
        let shape = PanelProgram(kinds)
        search = IntegerProgram(try shape.linearProgram(), bounds: shape.bounds, monitor: monitor)
        master = try LinearProgram()
        // One row a kind, what it must have; then the weights, which add up to 1. First come the columns of what is lacking.
        master.addRows(Array(repeating: LinearProgram.Line(lower: 0, upper: .infinity), count: kindCount))
        master.addRows([LinearProgram.Line(lower: 1, upper: 1)])
        master.addColumns(
            (0..<kindCount).map { LinearProgram.Line(lower: 0, upper: .infinity, cost: -1, indices: [Int32($0)], entries: [1]) }
        )
    }

    /// Makes panels known, so that the master can mix them.
    ///
    /// - Throws: ``PanelDrawError/numericalTrouble(_:)`` if a panel is beyond a cut that was said to keep all of them.
    func add(_ new: [[Int]]) throws {
        let fresh = new.filter { known.insert($0).inserted }
        guard !fresh.isEmpty else { return }
        for panel in fresh {
            guard cuts.allSatisfy({ cut in zip(cut.prices, panel).reduce(0) { $0 + $1.0 * Double($1.1) } <= cut.limit }) else {
                throw PanelDrawError.numericalTrouble("a panel was found that a proof had ruled out")
            }
        }
        master.addColumns(
            fresh.map { panel in
                var column = LinearProgram.Line(lower: 0, upper: .infinity)
                for (kind, seats) in panel.enumerated() where seats > 0 { column.append(kind, Double(seats)) }
                column.append(kindCount)
                return column
            }
        )
        panels += fresh
    }

    /// - Parameter floor: The seats each kind must have on average.
    /// - Returns: The lottery, or the cut that shows that there is none.
    /// - Throws: ``PanelDrawError``, `CancellationError`.
    func cover(_ floor: [Double]) throws -> Outcome {
        for kind in 0..<kindCount { master.setRow(kind, lower: floor[kind], upper: .infinity) }
        if panels.isEmpty {
            search.setCosts(floor)
            guard let first = try search.attempt(nodeLimit: .max, accepts: kinds.isPanel) else {
                throw PanelDrawError.numericalTrouble("there is no panel to begin with")
            }
            try add([first.values])
        }
        while true {
            try monitor.checkCancellation()
            guard try master.solve(startingPrimal: true) == .optimal else {
                throw PanelDrawError.numericalTrouble("the mix of panels has no solution")
            }
            let lacking = -master.objective
            mostLacking = max(mostLacking, lacking)
            monitor.report(0.95 - 0.65 * lacking / max(mostLacking, Self.tolerance))
            if lacking <= Self.tolerance {
                return .lottery(weights: panels.indices.map { max(0, master.value(kindCount + $0)) })
            }
            // At the optimum a row of what must be had has a dual of 0 or less: raising it makes more lack.
            let prices = (0..<kindCount).map { max(0, -master.dual($0)) }
            let worth = master.dual(kindCount)
            search.setCosts(prices)
            let better = try search.improvements(above: worth + 1e-9, patience: 20, accepts: kinds.isPanel)
            pricings += 1
            if better.isEmpty { return try cut(prices, floor: floor) }
            try add(better.map(\.values))
        }
    }

    /// A cut with clean numbers: prices as whole multiples of one fraction, the limit computed anew for them.
    private func cut(_ prices: [Double], floor: [Double]) throws -> Outcome {
        let clean = Self.wholeMultiples(prices)
        search.setCosts(clean)
        guard let best = try search.maximise(accepts: kinds.isPanel) else {
            throw PanelDrawError.numericalTrouble("no panel is left to price")
        }
        try add([best.values])
        let wanted = zip(clean, floor).reduce(0) { $0 + $1.0 * $1.1 }
        guard wanted > best.objective + 1e-9 else { throw PanelDrawError.numericalTrouble("a mix of panels lacks seats without a reason") }
        cuts.append((clean, best.objective))
        // Every panel keeps the cut, so it may narrow the search for the next ones.
        var row = LinearProgram.Line(lower: -.infinity, upper: best.objective)
        for (kind, price) in clean.enumerated() where price != 0 { row.append(kind, price) }
        search.program.addRows([row])
        return .cut(prices: clean, limit: best.objective)
    }

    /// Prices are fractions with a small common denominator, being a corner of a program in whole numbers; finds it, so that cuts carry no rounding
    /// errors into the programs that come after. Where there is none the prices are rounded to a fine grid.
    static func wholeMultiples(_ prices: [Double]) -> [Double] {
        let denominators = (1...5_000).lazy.map(Double.init)
        let denominator = denominators.first { denominator in
            prices.allSatisfy { abs($0 * denominator - ($0 * denominator).rounded()) < 1e-7 * denominator.squareRoot() }
        }
        let scale = denominator ?? Double(1 << 20)
        return prices.map { ($0 * scale).rounded() }
    }
}
