/// Why somebody's chance was what it was: for each target that they count towards, how its seats compare with how many people share them.
public struct ChanceReasons: Sendable, Hashable {
    /// One target that somebody counts towards.
    public struct Reason: Sendable, Hashable {
        /// The target.
        public let target: PanelTarget

        /// How many people in the pool count towards it.
        public let people: Int

        /// What it did to their chances against the equal chance.
        public let effect: Effect
    }

    /// What a target does to the chances of the people whom it is about.
    public enum Effect: String, Sendable, Hashable {
        /// Even its fewest seats are more for each of them than everybody has on average.
        case raised
        /// Even its most seats are fewer for each of them than everybody has on average.
        case lowered
        /// Neither has to be.
        case neither
    }

    /// What each target did, in the order of the pool's targets.
    public let reasons: [Reason]

    /// Everybody's average chance: seats by people.
    public let equalChance: Double

    /// The reasons of one person, `nil` if the pool has no such id.
    public init?(of id: String, in pool: PanelPool) {
        let people = pool.candidates.filter { $0.standing != .excluded }
        guard let person = people.first(where: { $0.id == id }) else { return nil }
        let equal = Double(pool.seats) / Double(people.count)
        equalChance = equal
        reasons = pool.targets.compactMap { target in
            guard let feature = pool.features.firstIndex(of: target.feature), person.values[feature] == target.value else { return nil }
            let alike = people.count { $0.values[feature] == target.value }
            let effect: Effect =
                Double(target.minimum) > equal * Double(alike)
                ? .raised : Double(target.maximum) < equal * Double(alike) ? .lowered : .neither
            return Reason(target: target, people: alike, effect: effect)
        }
    }

    /// In plain English, one sentence a target that mattered.
    public var sentences: [String] {
        let told = reasons.filter { $0.effect != .neither }
        guard !told.isEmpty else {
            return ["None of the targets that you count towards had to move your chance by itself. Those of others can have."]
        }
        return told.map { reason in
            let seats =
                reason.target.minimum == reason.target.maximum
                ? "\(reason.target.minimum)" : "\(reason.target.minimum) to \(reason.target.maximum)"
            // Small groups are not counted: somebody might know who they are.
            let people = reason.people < 5 ? "fewer than 5 people were" : "\(reason.people) people were"
            return "\(reason.target.feature) \(reason.target.value): \(people) in the pool for \(seats) of the seats. "
                + (reason.effect == .raised ? "That raised your chance." : "That lowered your chance.")
        }
    }
}
