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

    /// The lottery from which the panel was drawn; `nil` where there is none.
    public let lottery: PanelLottery?

    /// How the panel was drawn.
    public let algorithm: PanelAlgorithm

    /// The seed that, with the pool, gives this draw again.
    public let seed: String

    /// The ``PanelPool/canonicalHash`` of the pool drawn from.
    public let poolHash: String
}
