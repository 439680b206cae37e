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

    /// By how many seats the bounds change in all.
    public var total: Int { changes.reduce(0) { $0 + $1.size } }

    /// What is wrong and what to do, in plain English.
    public var description: String {
        let list = changes.map { change in
            let verb = change.bound == .minimum ? "lower the minimum" : "raise the maximum"
            return "\(verb) for \(change.feature) \(change.value) from \(change.from) to \(change.to)"
        }
        return "No panel of \(seats) can meet these targets. The smallest change that would make them possible: "
            + list.joinedInEnglish + "."
    }
}

extension [String] {
    var joinedInEnglish: String {
        count < 2 ? joined() : dropLast().joined(separator: ", ") + " and " + self[count - 1]
    }
}
