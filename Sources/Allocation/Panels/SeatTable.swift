/// The pool's rules in whole numbers, for checking panels of people and exchanges in them.
struct SeatTable {
    let seats: Int
    /// The targets that each person counts towards.
    let targets: [[Int]]
    /// The household of each person; no two people share one unless the rule binds them.
    let household: [Int]
    let standing: [PanelCandidate.Standing]
    let minimum: [Int]
    let maximum: [Int]

    init(_ pool: PanelPool) {
        seats = pool.seats
        targets = PanelKinds.targets(of: pool)
        var household = Array(repeating: 0, count: pool.candidates.count)
        for (index, people) in PanelKinds.households(of: pool).enumerated() { for person in people { household[person] = index } }
        self.household = household
        standing = pool.candidates.map(\.standing)
        minimum = pool.targets.map(\.minimum)
        maximum = pool.targets.map(\.maximum)
    }

    /// How many members count towards each target.
    func counts(_ members: [Int]) -> [Int] {
        var counts = Array(repeating: 0, count: minimum.count)
        for member in members { for target in targets[member] { counts[target] += 1 } }
        return counts
    }

    /// Whether people make a panel that keeps every rule, with everyone who is seated before the draw and no one who is excluded.
    func isPanel(_ members: [Int]) -> Bool {
        guard keepsRules(members) else { return false }
        let panel = Set(members)
        return standing.enumerated().allSatisfy { $1 != .seated || panel.contains($0) } && !members.contains { standing[$0] == .excluded }
    }

    /// Whether people of the right number from different households meet the targets.
    func keepsRules(_ members: [Int]) -> Bool {
        guard members.count == seats, Set(members).count == seats, Set(members.map { household[$0] }).count == seats else { return false }
        return counts(members).enumerated().allSatisfy { minimum[$0] <= $1 && $1 <= maximum[$0] }
    }

    /// Whether a person can take a member's seat; `counts` are those of the panel, `taken` tells which households have a seat.
    func canReplace(_ member: Int, by person: Int, counts: [Int], taken: [Bool]) -> Bool {
        if taken[household[person]], household[person] != household[member] { return false }
        for target in targets[member] where counts[target] - 1 < minimum[target] && !targets[person].contains(target) { return false }
        for target in targets[person] where counts[target] + 1 > maximum[target] && !targets[member].contains(target) { return false }
        return true
    }
}
