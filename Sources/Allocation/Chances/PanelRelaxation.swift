/// What linear inequalities tell about how many seats each kind holds on average: the rules of the pool, and cuts found since.
///
/// Contains every average that whole panels can have. Each cut keeps all of those and takes away an average that none can have.
struct PanelRelaxation {
    let kinds: PanelKinds
    /// The rules, then the cuts.
    private(set) var rows: [LinearProgram.Line]
    /// The number of people of each kind.
    let people: [Double]
    /// The most seats that each kind can take.
    private(set) var capacity: [Double]
    /// Whether nothing is left to decide about a kind: its people are seated or excluded before the draw.
    let isSettled: [Bool]

    init(_ kinds: PanelKinds) {
        self.kinds = kinds
        rows = PanelProgram(kinds).rows
        people = kinds.kinds.map { Double($0.people.count) }
        capacity = kinds.kinds.map { Double($0.capacity) }
        isSettled = kinds.kinds.map { $0.minimum == $0.capacity }
    }

    /// Adds the cut that the weighted seats of the kinds are at most `limit`.
    mutating func cut(_ weights: [Double], atMost limit: Double) {
        var row = LinearProgram.Line(lower: -.infinity, upper: limit)
        for (kind, weight) in weights.enumerated() where weight != 0 { row.append(kind, weight) }
        rows.append(row)
    }

    /// The same without averages that give anybody about whom the draw decides more than a chance.
    func limited(to chance: Double) -> PanelRelaxation {
        var limited = self
        for kind in capacity.indices where !isSettled[kind] { limited.capacity[kind] = min(capacity[kind], chance * people[kind]) }
        return limited
    }

    /// By how much an average misses the rows and the bounds at worst.
    func violation(of seats: [Double]) -> Double {
        var worst = 0.0
        for (kind, value) in seats.enumerated() { worst = max(worst, -value, value - capacity[kind]) }
        for row in rows {
            let sum = row.sum(seats)
            worst = max(worst, row.lower - sum, sum - row.upper)
        }
        return worst
    }
}

extension LinearProgram.Line {
    /// The entries times values.
    func sum(_ values: [Double]) -> Double {
        var sum = 0.0
        for (index, entry) in zip(indices, entries) { sum += entry * values[Int(index)] }
        return sum
    }
}
