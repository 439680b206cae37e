import Allocation
import PluginKit
import struct FoundationEssentials.Date
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

    struct New: Input {
        let pool: UUID
        let algorithm: PanelAlgorithm
        let alternates: Int
        private let drandRound: Int?
        private(set) var publicValueSource: String?
        private(set) var dueAt: Date?

        init(from fields: inout Fields) {
            pool = fields.required("pool_id", .id, "The frozen pool.")
            algorithm = fields.optional("algorithm", .choice(), default: .leximin, "How to draw.")
            alternates = fields.optional(
                "alternates", .integer(0...100), default: 0,
                "How many of the reserves are alternates, who come along from the beginning. It is committed to with the rest.")
            publicValueSource = fields.optional(
                "public_value_source", .text(1...500),
                "Where a public value will come from that nobody controls yet, such as a national lottery's draw of a day to come. The draw waits "
                    + "for it. Without one the panel is drawn at once.")
            drandRound = fields.optional(
                "drand_round", .integer(1...1_000_000_000_000),
                "The number of a round to come of the drand network that this network has chosen, as the public value; in place of a source in words."
            )
            fields.check(publicValueSource == nil || drandRound == nil, "drand_round", "Name one source of the public value, not two.")
            fields.check(
                publicValueSource.flatMap(DrandRound.read) == nil, "public_value_source", "Give the number of the round as drand_round.")
        }

        /// With the source in words, where a round of drand was named.
        func settled(by actor: Actor) async throws -> New {
            guard let drandRound else { return self }
            return try await waiting(for: Drand.round(drandRound, by: actor))
        }

        fileprivate func waiting(for round: Drand.Round) -> New {
            var new = self
            (new.publicValueSource, new.dueAt) = (round.source, round.dueAt)
            return new
        }
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
        var drand: DrandRound?
        if let round { drand = try await Drand.published(round.number, of: round.chain, by: actor) }
        let (value, published) = (drand?.randomness ?? `public`.value ?? "", drand)
        return try await actor.transaction { actor in
            let changed = try await actor.write(
                """
                update expert_panels.draws set public_value = \(value), drand_signature = \(published?.signature),
                    drand_address = \(published?.address)
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

    private static func record(
        _ new: New, _ id: UUID, replacing replaced: UUID? = nil, in job: UUID? = nil, by actor: Actor, as action: String? = nil
    ) async throws {
        var random = SystemRandomNumberGenerator()
        let secret = (0..<4).map { _ in hexadecimal(random.next()) }.joined()
        _ = try await actor.write(
            """
            insert into expert_panels.draws
                (network_id, draw_id, pool_id, algorithm, alternates, secret, public_value_source, drand_due_at, requested_by, replaces_id, job_id)
            values (\(actor.network), \(id), \(new.pool), \(new.algorithm), \(new.alternates), \(secret), \(new.publicValueSource), \(new.dueAt),
                    kith.current_person(), \(replaced), \(job))
            on conflict (network_id, pool_id) do nothing returning draw_id as id
            """, recording: action)
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func enqueue(_ id: UUID, by actor: Actor) async throws -> Row {
        let started = try await Jobs.enqueue(by: actor, job, about: id, ["draw_id": .string("\(id)")])
        _ = try await actor.run("update expert_panels.draws set job_id = \(started["id", as: UUID.self]) where draw_id = \(id)")
        return started
    }

    /// Makes a draw again without people who withdrew before it was done: a new pool, a new secret and, where there is one, a new public value.
    private static func makeAgain(
        _ id: UUID, _ committed: CommittedDraw, without references: Set<String>, in run: JobRun, by actor: Actor
    ) async throws -> UUID? {
        let source = committed.commitment.publicValueSource
        var note = "Somebody in the pool withdrew before this draw was done, so it was made again without them."
        if !source.isEmpty { note += " The new draw waits for a new public value." }
        var fewer: PanelPool?
        do {
            let rest = try committed.pool.removing(references)
            try await Blocking.run { isCancelled in try rest.requireFeasible(isCancelled: isCancelled) }
            fewer = rest
        } catch let error as PanelInfeasibility {
            note = "Somebody in the pool withdrew before this draw was done. \(error.description)"
        } catch let error as PanelPoolError {
            note = "Somebody in the pool withdrew before this draw was done. \(error.description)"
        }
        _ = try await actor.write(
            "update expert_panels.draws set voided_at = now(), note = \(String(note.prefix(2000))) where draw_id = \(id) returning draw_id as id",
            recording: "draw.voided")
        guard fewer != nil else { return nil }
        let new = UUID.version7()
        let pool = try await Pools.freeze(committed.poolID, committed.pool, without: references, by: actor)
        var again = New(
            pool: pool, algorithm: committed.commitment.algorithm, alternates: committed.commitment.alternates,
            publicValueSource: source.isEmpty ? nil : source)
        // The round of drand is out by now, so it cannot be committed to once more.
        if DrandRound.read(source: source) != nil { again = again.waiting(for: try await Drand.later(by: actor)) }
        try await record(
            again, new, replacing: id, in: run.id, by: actor, as: "draw.requested")
        return new
    }

    static let job = JobKind(module: ExpertPanels.id, "draw", "Draws a panel from a frozen pool") { run in
        guard let text = run.arguments["draw_id"]?.string, let id = UUID(uuidString: text) else { throw Refusal.notFound("draw") }
        return try await perform(id, run)
    }

    private static func perform(_ id: UUID, _ run: JobRun) async throws -> JSON {
        let state = try await run.actor.read(
            """
            select drawn_at is not null or voided_at is not null as is_over, public_value, public_value_source is not null as waits
            from expert_panels.draws where draw_id = \(id)
            """
        ).only(resource)
        // Begun again after a crash that came after the seats were written.
        if try state["is_over", as: Bool.self] { return ["draw_id": .string("\(id)".lowercased())] }
        let committed = try await CommittedDraw.commit(id, run)
        let publicValue = try state["public_value", as: String?.self]
        if try state["waits", as: Bool.self], publicValue == nil {
            return [
                "draw_id": .string("\(id)".lowercased()), "commitment": .string(committed.commitment.digest),
                "public_value_source": .string(committed.commitment.publicValueSource),
            ]
        }
        try await run.report(0.9, "Drawing the panel")
        let record = try await Blocking.run { isCancelled in
            try DrawRecord(
                drawing: committed.pool, committed.commitment, lottery: committed.lottery, secret: committed.secret,
                publicValue: publicValue ?? "", isCancelled: isCancelled)
        }
        switch try await write(record, id, committed, run) {
        case .again(let new?): return try await perform(new, run)
        case .again(nil):
            throw Refusal.conflict(
                "Somebody withdrew before the draw was done, and without them no panel is possible. The draw's note says more.")
        case .written:
            return [
                "draw_id": .string("\(id)".lowercased()), "seats": .integer(Int64(record.panel.count)),
                "reserves": .integer(Int64(record.reserves.count)), "alternates": .integer(Int64(record.alternates.count)),
                "commitment": .string(record.committed),
            ]
        }
    }

    private enum Outcome: Sendable {
        case written
        case again(UUID?)
    }

    private static func write(_ draw: DrawRecord, _ id: UUID, _ committed: CommittedDraw, _ run: JobRun) async throws -> Outcome {
        let references = draw.panel + draw.reserves
        let places = Array(draw.panel.indices) + Array(draw.reserves.indices)
        let parts = draw.panel.map { _ in Part.seat.rawValue } + draw.reserves.map { _ in Part.reserve.rawValue }
        // Sorted, so that a list by id is in the order of the draw.
        let ids = references.map { _ in UUID.version7() }.sorted { $0.uuidString < $1.uuidString }
        return try await run.actor.transaction { actor in
            // Whoever withdraws at this moment waits for the seats to be written, and ends theirs; or came first, and is seen here.
            let withdrawn = try await actor.run(
                "select from expert_panels.draws where draw_id = \(id) for update",
                """
                select v.withdrawn_at is not null or exists (
                        select from expert_panels.seats s join expert_panels.pools p on p.network_id = s.network_id and p.after_draw_id = s.draw_id
                        where p.pool_id = m.pool_id and m.standing = 'seated' and s.volunteer_id = m.volunteer_id and s.ended_at is not null),
                    m.reference
                from expert_panels.volunteers v join expert_panels.pool_members m using (network_id, volunteer_id)
                where m.pool_id = \(committed.poolID) order by v.volunteer_id for share of v
                """
            )[1].decode((Bool, String).self).filter(\.0).map(\.1)
            if !withdrawn.isEmpty {
                return .again(try await makeAgain(id, committed, without: Set(withdrawn), in: run, by: actor))
            }
            let drawn = try await actor.write(
                """
                update expert_panels.draws set drawn_at = now(), seed = \(draw.seed)
                where draw_id = \(id) and drawn_at is null and voided_at is null returning draw_id as id
                """,
                recording: "draw.completed")
            if drawn.isEmpty { return .written }
            _ = try await actor.run(
                """
                insert into expert_panels.seats (network_id, seat_id, draw_id, volunteer_id, part, place)
                select m.network_id, s.id, d.draw_id, m.volunteer_id, s.part, s.place + 1
                from unnest(\(ids)::uuid[], \(references)::text[], \(parts)::text[], \(places)::bigint[]) as s (id, reference, part, place)
                    join expert_panels.draws d on d.draw_id = \(id)
                    join expert_panels.pool_members m on m.pool_id = d.pool_id and m.reference = s.reference
                """)
            return .written
        }
    }
}

extension Draws.New {
    /// What another draw asked for, of another pool.
    fileprivate init(pool: UUID, algorithm: PanelAlgorithm, alternates: Int, publicValueSource: String?) {
        self.pool = pool
        self.algorithm = algorithm
        self.alternates = alternates
        self.publicValueSource = publicValueSource
        drandRound = nil
    }
}
