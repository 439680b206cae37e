/// What is published before a draw so that nobody can change anything afterwards: the pool and its targets, the algorithm, the lottery with
/// all its tickets, where the public value will come from, and a secret, each by its digest.
public struct DrawCommitment: Sendable, Hashable {
    /// Names how panels are drawn from lotteries and seeds; another way of drawing gets another name.
    public static let currentVersion = "kith-draw-1"

    /// The ``PanelPool/canonicalHash``.
    public let poolHash: String

    /// How the lottery was computed.
    public let algorithm: PanelAlgorithm

    /// The way of drawing, ``currentVersion`` when it was made.
    public let version: String

    /// The ``PanelLottery/hash``, `-` where there is no lottery.
    public let lotteryHash: String

    /// Where the public value will come from, in words; empty where none is mixed in.
    public let publicValueSource: String

    /// SHA-256 of the secret: `kith-draw-secret-1` and the secret as netstrings.
    public let secretHash: String

    /// How many of the reserves, from the first, are alternates, who come along from the beginning.
    public let alternates: Int

    /// A commitment as it was published.
    public init(
        poolHash: String, algorithm: PanelAlgorithm, version: String, lotteryHash: String, publicValueSource: String, secretHash: String,
        alternates: Int = 0
    ) {
        self.poolHash = poolHash
        self.algorithm = algorithm
        self.version = version
        self.lotteryHash = lotteryHash
        self.publicValueSource = publicValueSource
        self.secretHash = secretHash
        self.alternates = alternates
    }

    /// Commits to a draw.
    ///
    /// - Parameters:
    ///   - pool: The frozen pool.
    ///   - algorithm: How the lottery was computed.
    ///   - lottery: The lottery; `nil` for ``PanelAlgorithm/uniform``.
    ///   - publicValueSource: Where the public value will come from: something that nobody controls and everybody can look up, such as a national
    ///     lottery's draw of a day to come.
    ///   - secret: At least 16 random bytes in any form; kept until the draw.
    ///   - alternates: How many of the reserves are alternates.
    public init(
        pool: PanelPool, algorithm: PanelAlgorithm, lottery: PanelLottery?, publicValueSource: String, secret: String, alternates: Int = 0
    ) {
        self.init(
            poolHash: pool.canonicalHash, algorithm: algorithm, version: Self.currentVersion, lotteryHash: lottery?.hash ?? "-",
            publicValueSource: publicValueSource, secretHash: NetstringDigest("kith-draw-secret-1", [secret]).hexadecimal,
            alternates: alternates)
    }

    /// A secret that nobody knows yet: 256 random bits, in lower-case hexadecimal.
    public static func newSecret() -> String { NetstringDigest.hexadecimal((0..<32).map { _ in UInt8.random(in: .min ... .max) }) }

    /// SHA-256 of the parts in the order of their declaration after `kith-draw-commitment-1`, as netstrings: what to publish. Where there are
    /// alternates, the first is `kith-draw-commitment-2`, and their number in decimal is the last.
    public var digest: String {
        let parts = [poolHash, algorithm.rawValue, version, lotteryHash, publicValueSource, secretHash]
        if alternates == 0 { return NetstringDigest("kith-draw-commitment-1", parts).hexadecimal }
        return NetstringDigest("kith-draw-commitment-2", parts + [String(alternates)]).hexadecimal
    }

    /// The seed of the draw: SHA-256 of `kith-draw-seed-1`, the secret and the public value, as netstrings. Nobody knows it who does not know
    /// both, and whoever knows the secret cannot choose it.
    public static func seed(secret: String, publicValue: String) -> String {
        NetstringDigest("kith-draw-seed-1", [secret, publicValue]).hexadecimal
    }
}
