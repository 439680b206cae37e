/// Finds the fewest people whose absence from the pool makes its targets impossible, by an integer program: as many newcomers as needed, each with
/// any value of each feature and living with nobody, take seats beside the people there are.
struct MissingVolunteers {
    let kinds: PanelKinds
    let monitor: DrawMonitor

    /// - Returns: A value of each feature for each of them, empty where newcomers would not help.
    /// - Throws: ``PanelDrawError``, `CancellationError`.
    func find() throws -> [[String: String]] {
        let pool = kinds.pool
        let shape = PanelProgram(kinds)
        let kindCount = kinds.kinds.count
        let firstTarget = kindCount + 1
        // The seats of the kinds, the number of newcomers, and how many of them have the value of each target.
        let bounds = shape.bounds + Array(repeating: 0...pool.seats, count: 1 + pool.targets.count)
        let program = try LinearProgram()
        program.addColumns(bounds.map { LinearProgram.Line(lower: Double($0.lowerBound), upper: Double($0.upperBound)) })
        var rows = shape.rows
        rows[0].append(kindCount)
        for target in pool.targets.indices { rows[PanelProgram.firstTargetRow + target].append(firstTarget + target) }
        // Each newcomer has one value of each feature.
        for feature in Set(pool.targets.map(\.feature)).sorted(by: { $0.precedes($1) }) {
            var row = LinearProgram.Line(lower: 0, upper: 0)
            row.append(kindCount, -1)
            for (target, own) in pool.targets.enumerated() where own.feature == feature { row.append(firstTarget + target) }
            rows.append(row)
        }
        program.addRows(rows)
        let search = IntegerProgram(program, bounds: bounds, monitor: monitor)
        search.setCosts(Array(repeating: 0, count: kindCount) + [-1] + Array(repeating: 0, count: pool.targets.count))
        guard let found = try search.maximise(accepts: { keepsRules($0) }) else { return [] }
        return people(found.values)
    }

    private func keepsRules(_ values: [Int]) -> Bool {
        let pool = kinds.pool
        let count = values[kinds.kinds.count]
        var counts = Array(values[(kinds.kinds.count + 1)...])
        for (kind, seats) in zip(kinds.kinds, values) {
            guard kind.minimum <= seats, seats <= kind.capacity else { return false }
            for target in kind.targets { counts[target] += seats }
        }
        return values[..<kinds.kinds.count].reduce(0, +) + count == pool.seats
            && zip(pool.targets, counts).allSatisfy { $0.minimum <= $1 && $1 <= $0.maximum }
    }

    /// One way to give the newcomers their values.
    private func people(_ values: [Int]) -> [[String: String]] {
        var people = Array(repeating: [String: String](), count: values[kinds.kinds.count])
        for (target, count) in zip(kinds.pool.targets, values[(kinds.kinds.count + 1)...]) {
            let free = people.indices.filter { people[$0][target.feature] == nil }
            for person in free.prefix(count) { people[person][target.feature] = target.value }
        }
        return people
    }
}
