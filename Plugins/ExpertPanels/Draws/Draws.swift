import Allocation
import Crypto
import PluginKit
import struct FoundationEssentials.UUID

extension PanelAlgorithm: PostgresCodable {}

/// Draws: who gets a seat, by an algorithm and a seed that are recorded before it begins.
enum Draws {
    static let resource = Resource(
        "Draw", "draw", table: "expert_panels.draw_details", key: "draw_id",
        [
            .id("panel_id", "The panel."),
            .id("opportunity_id", "The call."),
            .id("pool_id", "The frozen pool."),
            .text("pool_hash", "The hash of the pool."),
            .choice("algorithm", PanelAlgorithm.self, "How it is drawn."),
            .text("seed", "What the randomness comes from; with the pool it gives the same panel again."),
            .id("job_id", "The work.").orNull,
            .id("requested_by", "Who asked for it.").orNull,
            .moment("requested_at", "When the algorithm and the seed were recorded."),
            .moment("drawn_at", "When it was done.").orNull,
        ])

    static let seats = Resource(
        "Seat", "seat", table: "expert_panels.seat_details", key: "seat_id",
        [
            .id("draw_id", "The draw."),
            .id("volunteer_id", "Who was drawn."),
            .text("reference", "The id under which they came."),
            .choice("part", Part.self, "A seat, or a place among the reserves."),
            .integer("place", "The place, from 1."),
            .createdAt,
            .moment("ended_at", "When it ended.").orNull,
        ])

    enum Part: String, Sendable, CaseIterable, PostgresCodable {
        case seat, reserve
    }

    struct New: Input {
        let pool: UUID
        let algorithm: PanelAlgorithm

        init(from fields: inout Fields) {
            pool = fields.required("pool_id", .id, "The frozen pool.")
            algorithm = fields.optional("algorithm", .choice(), default: .uniform, "How to draw.")
        }
    }

    /// Records algorithm and seed and starts the draw. Two who press the button get the same draw and the same job.
    static func start(by actor: Actor, _ new: New, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            _ = try await actor.get(Pools.resource, new.pool, where: "panel_id = \(panel)")
            let seed = SymmetricKey(size: .bits256).withUnsafeBytes { $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
            _ = try await actor.write(
                """
                insert into expert_panels.draws (network_id, draw_id, pool_id, algorithm, seed, requested_by)
                values (\(actor.network), \(actor.newID), \(new.pool), \(new.algorithm), \(seed), kith.current_person())
                on conflict (network_id, pool_id) do nothing returning draw_id as id
                """)
            let draw = try await actor.read(
                "select draw_id, drawn_at is not null as is_drawn from expert_panels.draws where pool_id = \(new.pool) for update"
            ).only(resource)
            if try draw["is_drawn", as: Bool.self] {
                throw Refusal.conflict("This pool has been drawn. To draw again, freeze a new pool; both stay on record.")
            }
            let id = try draw["draw_id", as: UUID.self]
            let started = try await Jobs.enqueue(by: actor, job, about: id, ["draw_id": .string("\(id)")])
            _ = try await actor.run("update expert_panels.draws set job_id = \(started["id", as: UUID.self]) where draw_id = \(id)")
            return started
        }
    }

    static let job = JobKind(module: ExpertPanels.id, "draw", "Draws a panel from a frozen pool") { run in
        guard let text = run.arguments["draw_id"]?.string, let id = UUID(uuidString: text) else { throw Refusal.notFound("draw") }
        return try await perform(id, run)
    }

    private static func perform(_ id: UUID, _ run: JobRun) async throws -> JSON {
        let row = try await run.actor.read(
            "select pool_id, pool_hash, algorithm, seed, drawn_at is not null as is_drawn from expert_panels.draw_details where draw_id = \(id)"
        ).only(resource)
        // Begun again after a crash that came after the seats were written.
        if try row["is_drawn", as: Bool.self] { return ["draw_id": .string("\(id)")] }
        try await run.report(0.05, "Reading the frozen pool")
        let pool = try await Pools.frozen(try row["pool_id", as: UUID.self], by: run.actor)
        guard try pool.canonicalHash == row["pool_hash", as: String.self] else {
            throw Refusal.conflict("The pool is not what was frozen: its hash differs. Nothing was drawn. Tell whoever runs this server.")
        }
        let (algorithm, seed) = (try row["algorithm", as: PanelAlgorithm.self], try row["seed", as: String.self])
        try await run.report(0.1, "Drawing \(pool.seats) of \(pool.candidates.count) volunteers")
        let draw = try await Blocking.run { isCancelled in try pool.draw(algorithm, seed: seed, isCancelled: isCancelled) }
        try await run.report(0.9, "Recording the seats")
        try await write(draw, id, by: run.actor)
        return [
            "draw_id": .string("\(id)".lowercased()), "seats": .integer(Int64(draw.panel.count)),
            "reserves": .integer(Int64(draw.reserves.count)),
        ]
    }

    private static func write(_ draw: PanelDraw, _ id: UUID, by actor: Actor) async throws {
        let references = draw.panel + draw.reserves
        let places =
            Array(1...max(1, draw.panel.count)).prefix(draw.panel.count)
            + Array(1...max(1, draw.reserves.count)).prefix(draw.reserves.count)
        let parts = draw.panel.map { _ in Part.seat.rawValue } + draw.reserves.map { _ in Part.reserve.rawValue }
        // Sorted, so that a list by id is in the order of the draw.
        let ids = references.map { _ in UUID.version7() }.sorted { $0.uuidString < $1.uuidString }
        try await actor.transaction { actor in
            let drawn = try await actor.write(
                "update expert_panels.draws set drawn_at = now() where draw_id = \(id) and drawn_at is null returning draw_id as id",
                recording: "draw.completed")
            if drawn.isEmpty { return }
            // Whoever withdraws at this moment waits for the seats to be written, and ends theirs; or came first, and is seen here.
            _ = try await actor.run(
                """
                select from expert_panels.volunteers v join expert_panels.pool_members m using (network_id, volunteer_id)
                    join expert_panels.draws d using (network_id, pool_id)
                where d.draw_id = \(id) order by v.volunteer_id for share of v
                """,
                """
                insert into expert_panels.seats (network_id, seat_id, draw_id, volunteer_id, part, place, ended_at)
                select m.network_id, s.id, d.draw_id, m.volunteer_id, s.part, s.place, v.withdrawn_at
                from unnest(\(ids)::uuid[], \(references)::text[], \(parts)::text[], \(Array(places))::bigint[]) as s (id, reference, part, place)
                    join expert_panels.draws d on d.draw_id = \(id)
                    join expert_panels.pool_members m on m.pool_id = d.pool_id and m.reference = s.reference
                    join expert_panels.volunteers v on v.network_id = m.network_id and v.volunteer_id = m.volunteer_id
                """)
        }
    }
}
