import Allocation
import PluginKit
import struct FoundationEssentials.UUID

extension PanelAlgorithm: PostgresCodable {}
extension PanelCandidate.Standing: PostgresCodable {}

/// Draws: who gets a seat, by a lottery that is committed to before anybody can know its result.
enum Draws {
    static let resource = Resource(
        "Draw", "draw", table: "expert_panels.draw_details", key: "draw_id",
        [
            .id("panel_id", "The panel."),
            .id("opportunity_id", "The call."),
            .id("pool_id", "The frozen pool."),
            .text("pool_hash", "The hash of the pool."),
            .choice("algorithm", PanelAlgorithm.self, "How it is drawn."),
            .text("commitment", "SHA-256 over all that was settled before the draw; to be published before it.").orNull,
            .moment("committed_at", "From when on nothing of it could change.").orNull,
            .text("draw_version", "The way of drawing.", from: "version").orNull,
            .text("lottery_hash", "SHA-256 of the lottery with all its tickets.").orNull,
            .text("secret_hash", "SHA-256 of the secret.").orNull,
            .integer("alternates", "How many of the reserves, from the first, come along from the beginning."),
            .text("public_value_source", "Where the public value comes from.").orNull,
            .text("public_value", "The public value that was mixed in.").orNull,
            .moment("drand_due_at", "When the round of drand is out that the public value is of.").orNull,
            .text("drand_signature", "The signature of that round; the public value is its SHA-256.").orNull,
            .text("drand_address", "Where to compare both.").orNull,
            .text("secret", "The secret, told after the draw.").orNull,
            .text("seed", "What secret and public value gave; with the pool it gives the same panel again.").orNull,
            .id("job_id", "The work.").orNull,
            .id("requested_by", "Who asked for it.").orNull,
            .moment("requested_at", "When the algorithm and the secret were recorded."),
            .moment("drawn_at", "When it was done.").orNull,
            .moment("voided_at", "When it was given up and made again.").orNull,
            .text("note", "Why it was given up.").orNull,
            .id("replaces_id", "The draw that this one makes again.").orNull,
        ])

    static let seats = Resource(
        "Seat", "seat", table: "expert_panels.seat_details", key: "seat_id",
        [
            .id("draw_id", "The draw."),
            .id("volunteer_id", "Who was drawn."),
            .text("reference", "The id under which they came."),
            .choice("part", Part.self, "A seat, or a place among the reserves."),
            .integer("place", "The place, from 1."),
            .boolean("is_alternate", "Whether they are a reserve who comes along from the beginning."),
            .createdAt,
            .moment("ended_at", "When it ended.").orNull,
        ])

    enum Part: String, Sendable, CaseIterable, PostgresCodable {
        case seat, reserve
    }

    struct PublicValue: Input {
        let value: String?

        init(from fields: inout Fields) {
            value = fields.optional(
                "public_value", .text(1...500), "The public value, as its source published it. A round of drand is read by the server.")
        }
    }

    /// Starts the draw. Two who press the button get the same draw and the same job.
    static func start(by actor: Actor, _ new: New, of panel: UUID) async throws -> Row {
        let new = try await new.settled(by: actor)
        return try await actor.transaction { actor in
            _ = try await actor.get(Pools.resource, new.pool, where: "panel_id = \(panel)")
            try await Power.require([.selectors, .chairs], of: panel, by: actor)
            try await record(new, actor.newID, by: actor)
            let draw = try await actor.read(
                """
                select draw_id, drawn_at is not null as is_drawn, voided_at is not null as is_void,
                    committed_at is not null and public_value_source is not null and public_value is null as is_waiting
                from expert_panels.draws where pool_id = \(new.pool) for update
                """
            ).only(resource)
            if try draw["is_drawn", as: Bool.self] {
                throw Refusal.conflict("This pool has been drawn. To draw again, freeze a new pool; both stay on record.")
            }
            if try draw["is_void", as: Bool.self] {
                throw Refusal.conflict(
                    "The draw of this pool was given up, and its note says why. See the draw that was made after it, or freeze a new pool.")
            }
            if try draw["is_waiting", as: Bool.self] {
                throw Refusal.conflict("This draw is committed to and waits for its public value. Give the value when it is known.")
            }
            return try await enqueue(try draw["draw_id", as: UUID.self], by: actor)
        }
    }

    /// Gives a draw that waits its public value, and starts the rest.
    static func reveal(by actor: Actor, _ id: UUID, _ public: PublicValue, of panel: UUID) async throws -> Row {
        let draw = try await actor.get(resource, id, where: "panel_id = \(panel)")
        let round = try draw["public_value_source", as: String?.self].flatMap(DrandRound.read)
        guard (round == nil) == (`public`.value != nil) else {
            throw Refusal.invalid([
                FieldProblem(
                    "/public_value",
                    round == nil
                        ? "Give the public value, as its source published it." : "Leave this out: the server reads the round of drand.")
            ])
        }
        var published: DrandRound?
        if let round { published = try await Drand.published(round.number, of: round.chain, by: actor) }
        let (value, signature, address) = (published?.randomness ?? `public`.value ?? "", published?.signature, published?.address)
        return try await actor.transaction { actor in
            let changed = try await actor.write(
                """
                update expert_panels.draws set public_value = \(value), drand_signature = \(signature), drand_address = \(address)
                where draw_id = \(id) and public_value_source is not null and committed_at is not null and voided_at is null
                  and (public_value is null or public_value = \(value) and drawn_at is null) returning draw_id as id
                """)
            guard !changed.isEmpty else {
                throw Refusal.conflict(
                    "This draw takes no public value: it waits for none, is not committed to yet, or has had another. Nothing was changed.")
            }
            return try await enqueue(id, by: actor)
        }
    }

    static func record(
        _ new: Settled, _ id: UUID, replacing replaced: UUID? = nil, in job: UUID? = nil, by actor: Actor, as action: String? = nil
    ) async throws {
        _ = try await actor.write(
            """
            insert into expert_panels.draws
                (network_id, draw_id, pool_id, algorithm, alternates, secret, public_value_source, drand_due_at, requested_by, replaces_id, job_id)
            values (\(actor.network), \(id), \(new.pool), \(new.algorithm), \(new.alternates), \(DrawCommitment.newSecret()), \(new.publicValueSource), \(new.dueAt),
                    kith.current_person(), \(replaced), \(job))
            on conflict (network_id, pool_id) do nothing returning draw_id as id
            """, recording: action)
    }

    private static func enqueue(_ id: UUID, by actor: Actor) async throws -> Row {
        let started = try await Jobs.enqueue(by: actor, DrawWork.job, about: id, ["draw_id": .string("\(id)")])
        _ = try await actor.run("update expert_panels.draws set job_id = \(started["id", as: UUID.self]) where draw_id = \(id)")
        return started
    }
}
