/// A person in the pool from which a panel is drawn.
public struct PanelCandidate: Sendable, Hashable {
    /// What names the person in the draw; different from everyone else's.
    public let id: String

    /// One value a feature, in the order of the pool's features.
    public let values: [String]

    /// What people who live together share; `nil` for a person whose household is unknown, who then counts as living alone.
    public let household: String?

    /// Whether the draw decides about the person.
    public let standing: Standing

    /// What is settled about a person before the draw.
    public enum Standing: String, Sendable, Hashable, CaseIterable {
        /// Nothing: the draw decides.
        case open
        /// The person is on the panel: they hold a seat already, have said yes after an earlier draw, or must be included.
        case seated
        /// The person is not on the panel: they have declined or must not be included. They count towards nothing.
        case excluded
    }

    /// A person with their values and household.
    public init(id: String, values: [String], household: String? = nil, standing: Standing = .open) {
        self.id = id
        self.values = values
        self.household = household
        self.standing = standing
    }
}

/// How many of the panel may have one value of a feature.
public struct PanelTarget: Sendable, Hashable {
    /// The feature, such as "age".
    public let feature: String

    /// The value, such as "16-24".
    public let value: String

    /// The fewest seats that people with this value must hold.
    public let minimum: Int

    /// The most seats that people with this value may hold.
    public let maximum: Int

    /// A target for one value.
    public init(feature: String, value: String, minimum: Int, maximum: Int) {
        self.feature = feature
        self.value = value
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Reads FEATURE=VALUE:MIN..MAX, as in `age=16-24:3..5`; a value may hold colons. `nil` for any other text.
    public init?(_ text: String) {
        guard let equals = text.firstIndex(of: "="), let colon = text.lastIndex(of: ":"), equals < colon else { return nil }
        let bounds = text[text.index(after: colon)...].split(separator: "..", omittingEmptySubsequences: false)
        guard bounds.count == 2, let minimum = Int(bounds[0]), let maximum = Int(bounds[1]) else { return nil }
        self.init(
            feature: String(text[..<equals]), value: String(text[text.index(after: equals)..<colon]), minimum: minimum, maximum: maximum)
    }
}

/// Everything that is wrong with a pool, each in plain English with its feature and value.
public struct PanelPoolError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what to do, in a settled order; never empty.
    public let problems: [String]

    /// An error with the problems found.
    public init(problems: [String]) {
        self.problems = problems
    }

    /// One problem a line.
    public var description: String {
        problems.joined(separator: "\n")
    }
}
