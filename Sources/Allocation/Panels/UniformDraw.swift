/// Draws a panel at random by ``PanelAlgorithm/uniform``.
struct UniformDraw {
    let pool: PanelPool
    let monitor: DrawMonitor

    /// How many exchanges are tried for each seat.
    private static let exchangesPerSeat = 2_000

    /// - Returns: The members, by index into the pool's candidates, sorted.
    /// - Throws: ``PanelDrawError``, `CancellationError`.
    func draw(seed: String) throws -> [Int] {
        var random = SeededGenerator(seed: seed, purpose: "uniform")
        let start = try greatestSum(using: &random)
        monitor.report(0.5)
        return try exchanged(start, using: &random)
    }

    /// The panel with the greatest sum of random numbers.
    private func greatestSum(using random: inout SeededGenerator) throws -> [Int] {
        let kinds = PanelKinds(pool, merging: false)
        let shape = PanelProgram(kinds)
        let search = IntegerProgram(try shape.linearProgram(), bounds: shape.bounds, monitor: monitor)
        var weights = Array(repeating: 0.0, count: pool.candidates.count)
        // In the order of the sorted pool; thirty bits are exact as costs and make equal sums next to impossible.
        for person in weights.indices { weights[person] = Double(random.next() >> 34) / Double(1 << 30) }
        search.setCosts(kinds.kinds.map { weights[$0.people[0]] })
        guard let solution = try search.maximise(accepts: kinds.isPanel) else {
            throw PanelDrawError.numericalTrouble("a panel exists among kinds and none among people")
        }
        return solution.values.indices.filter { solution.values[$0] == 1 }.map { kinds.kinds[$0].people[0] }
    }

    /// The panel after random exchanges of one to three members, each kept if every rule still holds.
    private func exchanged(_ start: [Int], using random: inout SeededGenerator) throws -> [Int] {
        let table = SeatTable(pool)
        var members = start
        let isMember = Set(start)
        var others = table.targets.indices.filter { !isMember.contains($0) && table.standing[$0] == .open }
        let movable = members.indices.filter { table.standing[members[$0]] == .open }
        var counts = table.counts(members)
        var residents = Array(repeating: 0, count: (table.household.max() ?? 0) + 1)
        for member in members { residents[table.household[member]] += 1 }

        func move(_ seat: Int, _ other: Int) {
            let (leaving, joining) = (members[seat], others[other])
            for target in table.targets[leaving] { counts[target] -= 1 }
            for target in table.targets[joining] { counts[target] += 1 }
            residents[table.household[leaving]] -= 1
            residents[table.household[joining]] += 1
            (members[seat], others[other]) = (joining, leaving)
        }

        guard !others.isEmpty, !movable.isEmpty else { return members.sorted() }
        for step in 0..<Self.exchangesPerSeat * table.seats {
            if step % 4096 == 0 { try monitor.checkCancellation() }
            let size = 1 + random.number(below: 3)
            // With replacement: a pair drawn twice undoes itself, and the way back stays as likely as the way there.
            let pairs = (0..<size).map { _ in
                let (seat, other) = random.number(below: movable.count * others.count).quotientAndRemainder(dividingBy: others.count)
                return (seat: movable[seat], other: other)
            }
            for pair in pairs { move(pair.seat, pair.other) }
            let holds =
                counts.indices.allSatisfy { table.minimum[$0] <= counts[$0] && counts[$0] <= table.maximum[$0] }
                && pairs.allSatisfy { residents[table.household[members[$0.seat]]] == 1 }
            if !holds { for pair in pairs.reversed() { move(pair.seat, pair.other) } }
        }
        return members.sorted()
    }
}
