/// Orders the people who could replace members.
///
/// Greedy: each next reserve is the one who can take the seat of the most members that the fewest reserves so far can replace; ties by lot.
struct ReserveList {
    let table: SeatTable
    let members: [Int]

    func ordered(seed: String) -> [Int] {
        var random = SeededGenerator(seed: seed, purpose: "reserves")
        let counts = table.counts(members)
        var taken = Array(repeating: false, count: (table.household.max() ?? 0) + 1)
        for member in members { taken[table.household[member]] = true }
        let panel = Set(members)
        var waiting = table.targets.indices.filter { !panel.contains($0) && table.standing[$0] == .open }
        random.shuffle(&waiting)
        var replaceable: [(person: Int, members: [Int])] = waiting.compactMap { person in
            let seats = members.indices.filter { table.canReplace(members[$0], by: person, counts: counts, taken: taken) }
            return seats.isEmpty ? nil : (person, seats)
        }
        var cover = Array(repeating: 0, count: members.count)
        var result: [Int] = []
        // A member already covered n times adds 1/16^n, in whole numbers; past eight nothing.
        func gain(_ seats: [Int]) -> UInt64 {
            seats.reduce(0) { $0 + (cover[$1] < 8 ? 1 << (4 * UInt64(8 - cover[$1])) : 0) }
        }
        while !replaceable.isEmpty {
            var best = 0
            var bestGain: UInt64 = 0
            for (index, candidate) in replaceable.enumerated() {
                let gain = gain(candidate.members)
                if gain > bestGain { (best, bestGain) = (index, gain) }
            }
            guard bestGain > 0 else { break }
            let chosen = replaceable.remove(at: best)
            for seat in chosen.members { cover[seat] += 1 }
            result.append(chosen.person)
        }
        return result + replaceable.map(\.person)
    }
}
