/// How a panel is drawn among those that meet the targets.
public enum PanelAlgorithm: String, CaseIterable, Sendable, Hashable, Codable {
    /// A panel at random among those that meet the targets, without known chances for each person.
    ///
    /// Each person gets a random number, and the panel with the greatest sum that meets the targets is found; so every possible panel can be drawn, and
    /// people whom every rule treats alike have equal chances. From there random exchanges of one to three members, accepted whenever the targets
    /// still hold, move the panel on: left to run for ever they would make each panel that exchanges can reach equally likely (Metropolis).
    /// They run for a settled number of steps, so the result is near to uniform where the targets leave room, and not where they are tight.
    case uniform
}

/// The result of a draw, with what is needed to check it again.
public struct PanelDraw: Sendable, Hashable {
    /// The ids of the panel, sorted.
    public let panel: [String]

    /// The ids of the people to ask when a member declines, in this order; see ``PanelPool/replacement(for:on:from:)``.
    ///
    /// Each could take the seat of at least one member without breaking a target. The first ones together can stand in for as many different
    /// members as possible. People whom no member's going would let in are not listed.
    public let reserves: [String]

    /// Everyone's chance of a seat before the draw, by id, between 0 and 1; `nil` where the algorithm does not know.
    public let probabilities: [String: Double]?

    /// How the panel was drawn.
    public let algorithm: PanelAlgorithm

    /// The seed that, with the pool, gives this draw again.
    public let seed: String

    /// The ``PanelPool/canonicalHash`` of the pool drawn from.
    public let poolHash: String
}
