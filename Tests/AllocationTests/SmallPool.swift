import Allocation

/// A generated pool so small that every panel can be listed: the oracle for what the solvers claim.
struct SmallPool {
    let features: [String]
    let candidates: [PanelCandidate]
    let targets: [PanelTarget]
    let seats: Int

    /// A pool that follows from the seed. With `tightness` near 0 the targets leave room, near 1 they are often exact and may be impossible.
    init(seed: UInt64, people: ClosedRange<Int> = 6...11, features: ClosedRange<Int> = 1...3, tightness: Double, settled: Bool = false) {
        var random = SplitMix(state: seed)
        let count = Int.random(in: people, using: &random)
        let featureCount = Int.random(in: features, using: &random)
        let valueCounts = (0..<featureCount).map { _ in Int.random(in: 2...3, using: &random) }
        self.features = (0..<featureCount).map { "f\($0)" }
        seats = Int.random(in: 2...max(2, count / 2), using: &random)
        let households = Bool.random(using: &random)
        var candidates = (0..<count).map { person in
            PanelCandidate(
                id: "p\(person)",
                values: valueCounts.map { "v\(min(Int.random(in: 0..<$0, using: &random), Int.random(in: 0..<$0, using: &random)))" },
                household: households && Bool.random(using: &random) ? "h\(Int.random(in: 0..<count, using: &random))" : nil
            )
        }
        var targets: [PanelTarget] = []
        // Around the counts of some set of people, so that targets are usually possible.
        let sample = candidates.shuffled(using: &random).prefix(seats)
        for (feature, values) in valueCounts.enumerated() {
            for value in 0..<values {
                let has = sample.count { $0.values[feature] == "v\(value)" }
                let exists = candidates.contains { $0.values[feature] == "v\(value)" }
                let isTight = Double.random(in: 0...1, using: &random) < tightness
                let minimum = exists ? max(0, has - (isTight ? 0 : Int.random(in: 0...2, using: &random))) : 0
                let maximum = has + (isTight ? 0 : Int.random(in: 0...2, using: &random))
                let shift = Int.random(in: 0..<12, using: &random) == 0 ? 1 : 0
                targets.append(
                    PanelTarget(
                        feature: "f\(feature)", value: "v\(value)", minimum: exists ? minimum + shift : 0, maximum: maximum + shift
                    )
                )
            }
        }
        self.targets = targets
        // People of the sample, so that a panel with them is usually possible, and people who are not in it.
        if settled {
            for index in candidates.indices {
                let person = candidates[index]
                guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
                candidates[index] = PanelCandidate(
                    id: person.id, values: person.values, household: person.household,
                    standing: sample.contains(person) ? .seated : .excluded)
            }
        }
        self.candidates = candidates
    }

    func pool(_ targets: [PanelTarget]? = nil) throws -> PanelPool {
        try PanelPool(features: features, candidates: candidates, targets: targets ?? self.targets, seats: seats)
    }
}

extension PanelPool {
    /// Every set of people of the right size from different households, as indices, and how many count towards each target.
    func everyChoice() -> [(people: [Int], counts: [Int])] {
        let counted = targets.map { target -> Set<Int> in
            let feature = features.firstIndex(of: target.feature) ?? 0
            return Set(candidates.indices.filter { candidates[$0].values[feature] == target.value })
        }
        var result: [(people: [Int], counts: [Int])] = []
        func extend(_ people: [Int], from next: Int) {
            if people.count == seats {
                guard candidates.indices.allSatisfy({ candidates[$0].standing != .seated || people.contains($0) }) else { return }
                result.append((people, counted.map { set in people.count { set.contains($0) } }))
                return
            }
            for person in next..<max(next, candidates.count) where candidates[person].standing != .excluded {
                let home = candidates[person].household
                if onePerHousehold, home != nil, people.contains(where: { candidates[$0].household == home }) { continue }
                extend(people + [person], from: person + 1)
            }
        }
        extend([], from: 0)
        return result
    }

    /// Every panel that meets the targets.
    func everyPanel() -> [[Int]] {
        everyChoice().filter { choice in
            zip(targets, choice.counts).allSatisfy { $0.minimum <= $1 && $1 <= $0.maximum }
        }.map(\.people)
    }

    /// The fewest seats by which bounds must change, found by looking at every choice of people.
    func smallestChange() -> Int? {
        everyChoice().map { choice in
            zip(targets, choice.counts).reduce(0) { $0 + max(0, $1.0.minimum - $1.1) + max(0, $1.1 - $1.0.maximum) }
        }.min()
    }

    /// Whether ids form a panel, checked from the candidates themselves.
    func meetsEveryRule(_ panel: [String]) -> Bool {
        let people = panel.compactMap { id in candidates.first { $0.id == id } }
        guard people.count == seats, panel.count == seats, Set(panel).count == seats else { return false }
        guard people.allSatisfy({ $0.standing != .excluded }) else { return false }
        guard candidates.allSatisfy({ $0.standing != .seated || panel.contains($0.id) }) else { return false }
        if onePerHousehold {
            let homes = people.compactMap(\.household)
            guard Set(homes).count == homes.count else { return false }
        }
        return targets.allSatisfy { target in
            let feature = features.firstIndex(of: target.feature) ?? 0
            let count = people.count { $0.values[feature] == target.value }
            return target.minimum <= count && count <= target.maximum
        }
    }
}
