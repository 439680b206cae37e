/// Finds what is plainly wrong with a pool, without solving anything.
struct PanelPoolCheck {
    let features: [String]
    let candidates: [PanelCandidate]
    let targets: [PanelTarget]
    let seats: Int
    let onePerHousehold: Bool

    func problems() -> [String] {
        var problems = featureProblems() + candidateProblems()
        // Counting by value means nothing while features or rows are broken.
        guard problems.isEmpty else { return problems + targetProblems(counts: nil) }
        var counts: [String: [String: Int]] = [:]
        for (index, feature) in features.enumerated() {
            for candidate in available { counts[feature, default: [:]][candidate.values[index], default: 0] += 1 }
        }
        problems += seatProblems()
        problems += targetProblems(counts: counts)
        problems += sumProblems()
        problems += unnamedValueProblems(counts: counts)
        return problems
    }

    /// Everybody who may be on the panel.
    private var available: [PanelCandidate] { candidates.filter { $0.standing != .excluded } }

    private func featureProblems() -> [String] {
        var seen: Set<String> = []
        return features.compactMap { feature in
            if feature.isEmpty { return "A feature has no name. Name it." }
            return seen.insert(feature).inserted ? nil : "The feature \"\(feature)\" is named twice. Name it once."
        }
    }

    private func candidateProblems() -> [String] {
        var problems: [String] = []
        var seen: Set<String> = []
        for candidate in candidates {
            if candidate.id.isEmpty {
                problems.append("A candidate has no id. Give each candidate an id.")
            } else if !seen.insert(candidate.id).inserted {
                problems.append("The id \"\(candidate.id)\" is used by more than one candidate. Give each candidate an id of their own.")
            }
            if candidate.values.count != features.count {
                problems.append(
                    "The candidate \"\(candidate.id)\" has \(candidate.values.count) values where there are \(features.count) features. "
                        + "Give one value a feature."
                )
            }
        }
        return problems
    }

    private func seatProblems() -> [String] {
        if seats < 1 { return ["A panel needs at least 1 seat, not \(seats)."] }
        if available.count < seats {
            return ["There are \(available.count) candidates for \(seats) seats. Recruit more people or lower the number of seats."]
        }
        let seated = candidates.filter { $0.standing == .seated }
        if seated.count > seats {
            return [
                "\(seated.count) people are to be on the panel before the draw, and the panel has \(seats) seats. Include fewer or add seats."
            ]
        }
        guard onePerHousehold else { return [] }
        let homes = seated.compactMap(\.household)
        if Set(homes).count < homes.count {
            return [
                "Two people who are to be on the panel before the draw share a household, and at most one person a household may sit on it. "
                    + "Include one of them or allow several people a household."
            ]
        }
        let households = Set(available.compactMap(\.household)).count + available.count { $0.household == nil }
        guard households < seats else { return [] }
        return [
            "There are \(households) households for \(seats) seats, and at most one person a household may sit on the panel. "
                + "Recruit more people, lower the number of seats or allow several people a household."
        ]
    }

    private func targetProblems(counts: [String: [String: Int]]?) -> [String] {
        var problems: [String] = []
        var seen: Set<[String]> = []
        let known = Set(features)
        for target in targets {
            if !known.contains(target.feature) {
                problems.append(
                    "The targets name the feature \"\(target.feature)\", which the candidates do not have. Correct the name or add the feature."
                )
                continue
            }
            if !seen.insert([target.feature, target.value]).inserted {
                problems.append("\(target.name) has more than one target. Keep one of them.")
            }
            if target.minimum < 0 {
                problems.append("\(target.name) has the minimum \(target.minimum). A minimum cannot be less than 0.")
            }
            if target.minimum > target.maximum {
                problems.append(
                    "\(target.name) has a minimum of \(target.minimum) above its maximum of \(target.maximum). Swap or correct them."
                )
            } else if target.minimum > 0, let counts, counts[target.feature]?[target.value] == nil {
                problems.append(
                    "\(target.name) must have at least \(target.minimum) seats, but no candidate has this value. "
                        + "Lower the minimum to 0, recruit such people or correct the spelling."
                )
            }
        }
        return problems
    }

    private func sumProblems() -> [String] {
        features.flatMap { feature -> [String] in
            let own = targets.filter { $0.feature == feature }
            let minimum = own.reduce(0) { $0 + max(0, $1.minimum) }
            let maximum = own.reduce(0) { $0 + max(0, min($1.maximum, seats)) }
            var problems: [String] = []
            if minimum > seats {
                problems.append(
                    "The minima of the feature \"\(feature)\" add up to \(minimum), more than the \(seats) seats. Lower them by \(minimum - seats)."
                )
            }
            if !own.isEmpty, maximum < seats {
                problems.append(
                    "The maxima of the feature \"\(feature)\" add up to \(maximum), fewer than the \(seats) seats. Raise them by \(seats - maximum)."
                )
            }
            return problems
        }
    }

    private func unnamedValueProblems(counts: [String: [String: Int]]) -> [String] {
        features.flatMap { feature -> [String] in
            let named = Set(targets.lazy.filter { $0.feature == feature }.map(\.value))
            guard !named.isEmpty else { return [] }
            let unnamed = (counts[feature] ?? [:]).filter { !named.contains($0.key) }
            return unnamed.sorted { $0.key.precedes($1.key) }.map { value, count in
                "The feature \"\(feature)\" has no target for the value \"\(value)\" of \(count) \(count == 1 ? "candidate" : "candidates"). "
                    + "Correct the spelling, or add a target with the minimum 0."
            }
        }
    }
}

extension PanelTarget {
    /// The feature and the value as they are named in messages.
    var name: String { "The value \"\(value)\" of the feature \"\(feature)\"" }
}
