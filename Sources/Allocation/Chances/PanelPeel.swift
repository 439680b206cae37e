/// Takes an average of seats apart into whole panels (Carathéodory): finds a panel that can carry much of what is left, takes away as much of it as
/// leaves something that the rules allow, and goes on.
///
/// May end with something left, because the rest may be an average that whole panels do not have.
struct PanelPeel {
    let kinds: PanelKinds
    let monitor: DrawMonitor

    /// The panels found, their weights, and the weight left over; the weights and the rest add up to 1.
    struct Result {
        var panels: [[Int]] = []
        var weights: [Double] = []
        var rest = 1.0
    }

    /// Below this weight the rest is noise.
    static let leastWeight = 1e-9
    /// How many relaxations one panel may cost before a smaller share is tried.
    private static let nodeLimit = 60

    /// - Throws: ``PanelDrawError``, `CancellationError`.
    func peel(_ seats: [Double]) throws -> Result {
        let shape = PanelProgram(kinds)
        let search = IntegerProgram(try shape.linearProgram(), bounds: shape.bounds, monitor: monitor)
        var left = seats
        var result = Result()
        var share = 1.0
        while result.rest > Self.leastWeight {
            guard share > Self.leastWeight else { break }
            guard let panel = try panel(carrying: share, of: left, rest: result.rest, shape: shape, search: search) else {
                share /= 2
                continue
            }
            let weight = greatestWeight(panel, left: left, rest: result.rest, shape: shape)
            guard weight >= Self.leastWeight else {
                share /= 2
                continue
            }
            for kind in left.indices { left[kind] -= weight * Double(panel[kind]) }
            result.rest -= weight
            monitor.report(0.3 - 0.2 * result.rest)
            result.panels.append(panel)
            result.weights.append(weight)
            share = min(result.rest, max(share, weight))
        }
        return result
    }

    /// A panel of which `weight` can be taken from what is left.
    private func panel(
        carrying weight: Double, of left: [Double], rest: Double, shape: PanelProgram, search: IntegerProgram
    ) throws -> [Int]? {
        // After the panel is taken, what is left must lie between the bounds times the weight that remains.
        let remaining = max(0, rest - weight)
        let slack = 1e-9
        func range(_ sum: Double, _ lower: Double, _ upper: Double) -> (lower: Double, upper: Double) {
            let least = ((sum - remaining * upper - slack) / weight).rounded(.up)
            let most = ((sum - remaining * lower + slack) / weight).rounded(.down)
            return (max(lower, least), min(upper, most))
        }
        var bounds: [ClosedRange<Int>] = []
        for (kind, own) in shape.bounds.enumerated() {
            let (lower, upper) = range(left[kind], Double(own.lowerBound), Double(own.upperBound))
            guard lower <= upper else { return nil }
            bounds.append(Int(lower)...Int(upper))
        }
        for (index, row) in shape.rows.enumerated() {
            let (lower, upper) = range(row.sum(left), row.lower, row.upper)
            guard lower <= upper else { return nil }
            search.program.setRow(index, lower: lower, upper: upper)
        }
        search.setBounds(bounds)
        search.setCosts(left.map { $0 / rest })
        return try search.attempt(nodeLimit: Self.nodeLimit, accepts: kinds.isPanel)?.values
    }

    /// As much of a panel as can be taken away.
    private func greatestWeight(_ panel: [Int], left: [Double], rest: Double, shape: PanelProgram) -> Double {
        var weight = rest
        func limit(_ sum: Double, _ own: Double, _ lower: Double, _ upper: Double) {
            // sum - weight * own must stay within [lower, upper] * (rest - weight).
            if own > lower { weight = min(weight, max(0, sum - rest * lower) / (own - lower)) }
            if own < upper { weight = min(weight, max(0, rest * upper - sum) / (upper - own)) }
        }
        let values = panel.map(Double.init)
        for (kind, own) in shape.bounds.enumerated() {
            limit(left[kind], values[kind], Double(own.lowerBound), Double(own.upperBound))
        }
        for row in shape.rows { limit(row.sum(left), row.sum(values), row.lower, row.upper) }
        return weight
    }
}
