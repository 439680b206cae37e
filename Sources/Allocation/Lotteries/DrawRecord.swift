/// A draw with all that is needed to check it without trusting whoever drew.
public struct DrawRecord: Sendable, Hashable {
    /// Whom the panel was drawn from, under which targets.
    public let pool: PanelPool

    /// What was published before the draw.
    public let commitment: DrawCommitment

    /// The digest that was published.
    public let committed: String

    /// The lottery; `nil` for ``PanelAlgorithm/uniform``.
    public let lottery: PanelLottery?

    /// The secret, told after the draw.
    public let secret: String

    /// The public value; empty where none was mixed in.
    public let publicValue: String

    /// The round of drand that the public value is of; `nil` where it is of another source.
    public let drand: DrandRound?

    /// The seed that secret and public value give.
    public let seed: String

    /// The ids of the panel, sorted.
    public let panel: [String]

    /// The ids of the reserves, in their order.
    public let reserves: [String]

    /// The ids of the alternates: the first of the reserves, as many as were committed to.
    public var alternates: [String] { Array(reserves.prefix(commitment.alternates)) }

    /// A record as it was published.
    public init(
        pool: PanelPool, commitment: DrawCommitment, committed: String, lottery: PanelLottery?, secret: String, publicValue: String,
        drand: DrandRound? = nil, seed: String, panel: [String], reserves: [String]
    ) {
        self.pool = pool
        self.commitment = commitment
        self.committed = committed
        self.lottery = lottery
        self.secret = secret
        self.publicValue = publicValue
        self.drand = drand
        self.seed = seed
        self.panel = panel
        self.reserves = reserves
    }

    /// What is committed to and not drawn yet; to be kept until the public value is known.
    public init(committing pool: PanelPool, _ commitment: DrawCommitment, lottery: PanelLottery?, secret: String) {
        self.init(
            pool: pool, commitment: commitment, committed: commitment.digest, lottery: lottery, secret: secret, publicValue: "", seed: "",
            panel: [], reserves: [])
    }

    /// Draws from what was committed to.
    ///
    /// - Throws: ``PanelDrawError``, `CancellationError`.
    public init(
        drawing pool: PanelPool, _ commitment: DrawCommitment, lottery: PanelLottery?, secret: String, publicValue: String,
        isCancelled: @escaping () -> Bool = { Task.isCancelled }
    ) throws {
        let seed = DrawCommitment.seed(secret: secret, publicValue: publicValue)
        let draw = try pool.draw(commitment.algorithm, from: lottery, seed: seed, isCancelled: isCancelled)
        self.init(
            pool: pool, commitment: commitment, committed: commitment.digest, lottery: lottery, secret: secret, publicValue: publicValue,
            seed: seed, panel: draw.panel, reserves: draw.reserves)
    }
}
