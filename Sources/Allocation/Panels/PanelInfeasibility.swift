/// Targets that no panel of the pool can meet, with the smallest change that would make them possible.
///
/// *Smallest* means the fewest seats by which minima are lowered and maxima raised, added up over all targets. Where several changes are equally
/// small, the one that touches targets earlier in the pool's order is preferred.
public struct PanelInfeasibility: Error, Sendable, Hashable, CustomStringConvertible {
    /// One bound of a target.
    public enum Bound: String, Sendable, Hashable {
        case minimum
        case maximum
    }

    /// A change of one bound.
    public struct Change: Sendable, Hashable {
        /// The target's feature.
        public let feature: String

        /// The target's value.
        public let value: String

        /// Which of the target's bounds changes.
        public let bound: Bound

        /// The bound as it is, in seats.
        public let from: Int

        /// The bound as it would have to be, in seats.
        public let to: Int

        /// By how many seats the bound changes.
        public var size: Int { abs(to - from) }
    }

    /// How many people the panel was to have.
    public let seats: Int

    /// The changes, in the order of the pool's targets; never empty.
    public let changes: [Change]

    /// Other changes that would do, the smallest first: each is the smallest that leaves one of the bounds above as it is.
    public let alternatives: [[Change]]

    /// The fewest people who, had they volunteered too, would let a panel meet the targets as they are, as an example with a value of each feature;
    /// empty where no number of them would.
    public let missing: [[String: String]]

    /// By how many seats the bounds change in all.
    public var total: Int { changes.total }

    /// What is wrong and what to do, in plain English.
    public var description: String {
        var text = "No panel of \(seats) can meet these targets. The smallest change that would make them possible: \(changes.sentence)."
        for alternative in alternatives.prefix(2) { text += " Or: \(alternative.sentence)." }
        if !missing.isEmpty {
            text +=
                " The targets could stay as they are if \(missing.count) more \(missing.count == 1 ? "person" : "people") volunteered, "
                + "for example: " + missing.map(\.profile).joined(separator: "; ") + "."
        }
        return text
    }
}

extension [PanelInfeasibility.Change] {
    /// By how many seats the bounds change in all.
    public var total: Int { reduce(0) { $0 + $1.size } }

    fileprivate var sentence: String {
        map { change in
            let verb = change.bound == .minimum ? "lower the minimum" : "raise the maximum"
            return "\(verb) for \(change.feature) \(change.value) from \(change.from) to \(change.to)"
        }.joinedInEnglish
    }
}

extension [String: String] {
    fileprivate var profile: String {
        sorted { $0.key.precedes($1.key) }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}

extension [String] {
    var joinedInEnglish: String {
        count < 2 ? joined() : dropLast().joined(separator: ", ") + " and " + self[count - 1]
    }
}
