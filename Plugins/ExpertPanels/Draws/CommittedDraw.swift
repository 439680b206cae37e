import Allocation
import PluginKit
import struct FoundationEssentials.UUID

/// A draw of which everything is settled but the seed.
struct CommittedDraw: Sendable {
    let poolID: UUID
    let pool: PanelPool
    let commitment: DrawCommitment
    let lottery: PanelLottery?
    let secret: String

    private static let columns: Query = """
        d.pool_id, p.hash as pool_hash, d.algorithm, coalesce(d.secret, d.seed) as secret, d.public_value_source, d.version,
            d.lottery::text as lottery, d.lottery_hash, d.secret_hash, d.commitment, d.alternates
        """

    /// A draw that was committed to. The pool is held against its hash.
    static func read(_ id: UUID, by actor: Actor) async throws -> CommittedDraw {
        let row = try await row(id, by: actor)
        let pool = try await pool(of: row, by: actor)
        guard try row["commitment", as: String?.self] != nil else { throw Refusal.conflict("This draw is not committed to yet.") }
        return try CommittedDraw(row, pool)
    }

    /// Computes the lottery of a draw and commits to it, if that was not done before.
    static func commit(_ id: UUID, _ run: JobRun) async throws -> CommittedDraw {
        try await run.report(0.05, "Reading the frozen pool")
        let row = try await row(id, by: run.actor)
        let pool = try await pool(of: row, by: run.actor)
        if try row["commitment", as: String?.self] != nil { return try CommittedDraw(row, pool) }
        try await run.report(0.1, "Computing everyone's chance: \(pool.seats) seats, \(pool.candidates.count) volunteers")
        let algorithm = try row["algorithm", as: PanelAlgorithm.self]
        let lottery = try await Blocking.run { isCancelled in try pool.lottery(algorithm, isCancelled: isCancelled) }
        let secret = try row["secret", as: String.self]
        let commitment = DrawCommitment(
            pool: pool, algorithm: algorithm, lottery: lottery,
            publicValueSource: try row["public_value_source", as: String?.self] ?? "", secret: secret,
            alternates: try row["alternates", as: Int.self])
        let written = try await run.actor.write(
            """
            update expert_panels.draws set secret = \(secret), seed = null, secret_hash = \(commitment.secretHash),
                version = \(commitment.version), lottery = \(lottery.map { DrawFile.makeUps($0).description })::text::json,
                lottery_hash = \(commitment.lotteryHash), commitment = \(commitment.digest), committed_at = now()
            where draw_id = \(id) and committed_at is null and (drand_due_at is null or clock_timestamp() < drand_due_at)
            returning draw_id as id
            """, recording: "draw.committed")
        if written.isEmpty { try await refuseLate(id, run) }
        return CommittedDraw(
            poolID: try row["pool_id", as: UUID.self], pool: pool, commitment: commitment, lottery: lottery, secret: secret)
    }

    // A public value that is out before the commitment is no public value.
    private static func refuseLate(_ id: UUID, _ run: JobRun) async throws {
        let note =
            "The round of drand was out before the draw was committed to, so nothing was drawn. Freeze the pool again and name a later one."
        let late = try await run.actor.write(
            """
            update expert_panels.draws set voided_at = now(), note = \(note)
            where draw_id = \(id) and committed_at is null and drand_due_at <= clock_timestamp() returning draw_id as id
            """, recording: "draw.voided")
        if !late.isEmpty { throw Refusal.conflict(note) }
    }

    private static func row(_ id: UUID, by actor: Actor) async throws -> Row {
        try await actor.read(
            """
            select \(query: columns) from expert_panels.draws d join expert_panels.pools p using (network_id, pool_id)
            where d.draw_id = \(id)
            """
        ).only(Draws.resource)
    }

    private static func pool(of row: Row, by actor: Actor) async throws -> PanelPool {
        let pool = try await Pools.frozen(try row["pool_id", as: UUID.self], by: actor)
        guard try pool.canonicalHash == row["pool_hash", as: String.self] else {
            throw Refusal.conflict("The pool is not what was frozen: its hash differs. Nothing was drawn. Tell whoever runs this server.")
        }
        return pool
    }

    private init(poolID: UUID, pool: PanelPool, commitment: DrawCommitment, lottery: PanelLottery?, secret: String) {
        self.poolID = poolID
        self.pool = pool
        self.commitment = commitment
        self.lottery = lottery
        self.secret = secret
    }

    private init(_ row: Row, _ pool: PanelPool) throws {
        self.init(
            poolID: try row["pool_id", as: UUID.self], pool: pool,
            commitment: DrawCommitment(
                poolHash: try row["pool_hash", as: String.self], algorithm: try row["algorithm", as: PanelAlgorithm.self],
                version: try row["version", as: String.self], lotteryHash: try row["lottery_hash", as: String.self],
                publicValueSource: try row["public_value_source", as: String?.self] ?? "",
                secretHash: try row["secret_hash", as: String.self], alternates: try row["alternates", as: Int.self]),
            lottery: try row["lottery", as: String?.self].map {
                PanelLottery(pool: pool, makeUps: try DrawFile.makeUps(JSON(reading: Array($0.utf8))))
            },
            secret: try row["secret", as: String.self])
    }
}
