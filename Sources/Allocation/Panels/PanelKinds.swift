/// The pool with its interchangeable people put together.
///
/// People of equal values whose households have equal make-up are of one *kind*: every rule treats them alike, so a fair draw gives them equal
/// chances and the solver needs one column for all of them. Households of equal make-up form a *class*; where a class has several kinds, those kinds share
/// its households. Kinds, classes and the people in them stand in an order that follows from the sorted pool.
struct PanelKinds {
    /// People who are alike in every rule.
    struct Kind {
        /// The targets that a seat for this kind counts towards, by index into the pool's targets.
        let targets: [Int]
        /// The people, by index into the pool's candidates.
        let people: [Int]
        /// The fewest seats the kind can take: all of its people where they are seated before the draw, else 0.
        let minimum: Int
        /// The most seats the kind can take: its class's number of households, 0 where its people are excluded.
        let capacity: Int
    }

    /// Households of equal make-up.
    struct HouseholdClass {
        /// The kinds of which each household has members.
        let kinds: [Int]
        /// For each household, for each kind, the members.
        let households: [[[Int]]]
    }

    let kinds: [Kind]
    let classes: [HouseholdClass]
    let pool: PanelPool

    /// - Parameters:
    ///   - pool: The pool.
    ///   - merging: Whether to put alike people together; without, each person is a kind and each household a class.
    init(_ pool: PanelPool, merging: Bool = true) {
        self.pool = pool
        let targetsOf = Self.targets(of: pool)
        var byMakeUp: [[[Int]]: [[[Int]]]] = [:]
        var makeUps: [[[Int]]] = []
        var standings: [[[Int]]: PanelCandidate.Standing] = [:]
        for (index, (household, standing)) in Self.settledHouseholds(of: pool).enumerated() {
            // Each household's members by what they count towards, in sorted order.
            var members: [[Int]: [Int]] = [:]
            for person in household { members[merging ? targetsOf[person] : [person], default: []].append(person) }
            let keys = members.keys.sorted { $0.lexicographicallyPrecedes($1) }
            // Two people of a kind in one household or one: another make-up, because the chances differ.
            var makeUp = merging ? keys.map { $0 + [-(members[$0]?.count ?? 0)] } : [[index]]
            if standing != .open { makeUp.append([standing == .seated ? -1 : -2]) }
            if byMakeUp[makeUp] == nil { makeUps.append(makeUp) }
            standings[makeUp] = standing
            byMakeUp[makeUp, default: []].append(keys.map { members[$0] ?? [] })
        }
        var kinds: [Kind] = []
        var classes: [HouseholdClass] = []
        for makeUp in makeUps {
            let households = byMakeUp[makeUp] ?? []
            let standing = standings[makeUp] ?? .open
            let first = kinds.count
            for slot in households[0].indices {
                let people = households.flatMap { $0[slot] }
                kinds.append(
                    Kind(
                        targets: targetsOf[people[0]], people: people, minimum: standing == .seated ? households.count : 0,
                        capacity: standing == .excluded ? 0 : households.count))
            }
            classes.append(HouseholdClass(kinds: Array(first..<kinds.count), households: households))
        }
        self.kinds = kinds
        self.classes = classes
    }

    /// The targets that each candidate counts towards.
    static func targets(of pool: PanelPool) -> [[Int]] {
        var positions: [[String: Int]] = Array(repeating: [:], count: pool.features.count)
        let features = Dictionary(uniqueKeysWithValues: pool.features.enumerated().map { ($1, $0) })
        for (index, target) in pool.targets.enumerated() {
            if let feature = features[target.feature] { positions[feature][target.value] = index }
        }
        return pool.candidates.map { candidate in
            candidate.values.enumerated().compactMap { positions[$0][$1] }.sorted()
        }
    }

    /// The people of each household, those living alone or not bound by the rule by themselves, in the order of their first member.
    static func households(of pool: PanelPool) -> [[Int]] {
        var positions: [String: Int] = [:]
        var households: [[Int]] = []
        for (index, candidate) in pool.candidates.enumerated() {
            guard pool.onePerHousehold, let household = candidate.household else {
                households.append([index])
                continue
            }
            if let position = positions[household] {
                households[position].append(index)
            } else {
                positions[household] = households.count
                households.append([index])
            }
        }
        return households
    }

    /// The people about whom the draw decides, by household, and everybody else alone: who is seated, who is excluded, and who lives with
    /// somebody seated and so cannot be drawn.
    private static func settledHouseholds(of pool: PanelPool) -> [(people: [Int], standing: PanelCandidate.Standing)] {
        households(of: pool).flatMap { household -> [(people: [Int], standing: PanelCandidate.Standing)] in
            let isTaken = household.contains { pool.candidates[$0].standing == .seated }
            let open = isTaken ? [] : household.filter { pool.candidates[$0].standing == .open }
            let settled = household.filter { !open.contains($0) }.map { person in
                (people: [person], standing: pool.candidates[person].standing == .seated ? PanelCandidate.Standing.seated : .excluded)
            }
            return settled + (open.isEmpty ? [] : [(people: open, standing: .open)])
        }
    }

    /// The ids of the people of each kind.
    var ids: [[String]] { kinds.map { $0.people.map { pool.candidates[$0].id } } }

    // MARK: Panels by kind

    /// Whether so many seats for each kind make a panel that keeps every rule, in whole numbers.
    func isPanel(_ seats: [Int]) -> Bool {
        guard seats.count == kinds.count, seats.reduce(0, +) == pool.seats else { return false }
        var counts = Array(repeating: 0, count: pool.targets.count)
        for (kind, taken) in zip(kinds, seats) {
            guard taken >= kind.minimum, taken <= kind.capacity else { return false }
            if taken > 0 { for target in kind.targets { counts[target] += taken } }
        }
        for household in classes where household.kinds.count > 1 {
            if household.kinds.reduce(0, { $0 + seats[$1] }) > household.households.count { return false }
        }
        return zip(pool.targets, counts).allSatisfy { $0.minimum <= $1 && $1 <= $0.maximum }
    }

    /// Chooses the people for so many seats of each kind, everyone of a kind with the same chance: households by lot, then a member of each by lot.
    func people(for seats: [Int], using random: inout SeededGenerator) -> [Int] {
        var chosen: [Int] = []
        for householdClass in classes where householdClass.kinds.contains(where: { seats[$0] > 0 }) {
            var order = Array(householdClass.households.indices)
            random.shuffle(&order)
            var next = 0
            for (slot, kind) in householdClass.kinds.enumerated() {
                for _ in 0..<seats[kind] {
                    let members = householdClass.households[order[next]][slot]
                    chosen.append(members[random.number(below: members.count)])
                    next += 1
                }
            }
        }
        return chosen.sorted()
    }
}
