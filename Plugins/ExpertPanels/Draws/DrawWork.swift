import Allocation
import PluginKit
import struct FoundationEssentials.UUID

/// The work of a draw: to commit to it, to draw, to write the seats, or to make it again without whoever withdrew.
enum DrawWork {
    static let job = JobKind(module: ExpertPanels.id, "draw", "Draws a panel from a frozen pool") { run in
        guard let text = run.arguments["draw_id"]?.string, let id = UUID(uuidString: text) else { throw Refusal.notFound("draw") }
        return try await perform(id, run)
    }

    private static func perform(_ id: UUID, _ run: JobRun) async throws -> JSON {
        let state = try await run.actor.read(
            """
            select drawn_at is not null or voided_at is not null as is_over, public_value, public_value_source is not null as waits,
                (select a.draw_id from expert_panels.draws a where a.replaces_id = d.draw_id) as made_again_as
            from expert_panels.draws d where draw_id = \(id)
            """
        ).only(Draws.resource)
        // Given up for another, or begun again after a crash that came after the seats were written.
        if let again = try state["made_again_as", as: UUID?.self] { return try await perform(again, run) }
        if try state["is_over", as: Bool.self] { return ["draw_id": .string(id.text)] }
        let committed = try await CommittedDraw.commit(id, run)
        let publicValue = try state["public_value", as: String?.self]
        if try state["waits", as: Bool.self], publicValue == nil {
            return [
                "draw_id": .string(id.text), "commitment": .string(committed.commitment.digest),
                "public_value_source": .string(committed.commitment.publicValueSource),
            ]
        }
        try await run.report(0.9, "Drawing the panel")
        let record = try await Blocking.run { isCancelled in
            try DrawRecord(
                drawing: committed.pool, committed.commitment, lottery: committed.lottery, secret: committed.secret,
                publicValue: publicValue ?? "", isCancelled: isCancelled)
        }
        let withdrawn = try await write(record, id, committed, run)
        if !withdrawn.isEmpty {
            try await makeAgain(id, committed, without: withdrawn, run)
            return try await perform(id, run)
        }
        return [
            "draw_id": .string(id.text), "seats": .integer(Int64(record.panel.count)),
            "reserves": .integer(Int64(record.reserves.count)), "alternates": .integer(Int64(record.alternates.count)),
            "commitment": .string(record.committed),
        ]
    }

    /// Writes the seats, unless somebody in the pool has withdrawn.
    /// - Returns: the references of those who have
    private static func write(
        _ draw: DrawRecord, _ id: UUID, _ committed: CommittedDraw, _ run: JobRun
    ) async throws -> Set<String> {
        let references = draw.panel + draw.reserves
        let places = Array(draw.panel.indices) + Array(draw.reserves.indices)
        let parts = draw.panel.map { _ in Draws.Part.seat.rawValue } + draw.reserves.map { _ in Draws.Part.reserve.rawValue }
        // A list by id is in the order of the draw.
        let ids = UUID.version7(count: references.count)
        return try await run.actor.transaction { actor in
            let withdrawn = try await lock(id, committed, by: actor)
            guard withdrawn.isEmpty else { return withdrawn }
            let drawn = try await actor.write(
                """
                update expert_panels.draws set drawn_at = now(), seed = \(draw.seed)
                where draw_id = \(id) and drawn_at is null and voided_at is null returning draw_id as id
                """,
                recording: "draw.completed")
            if drawn.isEmpty { return [] }
            _ = try await actor.run(
                """
                insert into expert_panels.seats (network_id, seat_id, draw_id, volunteer_id, part, place)
                select m.network_id, s.id, d.draw_id, m.volunteer_id, s.part, s.place + 1
                from unnest(\(ids)::uuid[], \(references)::text[], \(parts)::text[], \(places)::bigint[]) as s (id, reference, part, place)
                    join expert_panels.draws d on d.draw_id = \(id)
                    join expert_panels.pool_members m on m.pool_id = d.pool_id and m.reference = s.reference
                """)
            return []
        }
    }

    /// Keeps the draw and its pool as they are until the transaction ends. Whoever withdraws at this moment waits for the seats to be written,
    /// and ends theirs; or came first, and is among those answered: the references of those who withdrew.
    private static func lock(_ id: UUID, _ committed: CommittedDraw, by actor: Actor) async throws -> Set<String> {
        let members = try await actor.run(
            "select from expert_panels.draws where draw_id = \(id) for update",
            """
            select v.withdrawn_at is not null or exists (
                    select from expert_panels.seats s join expert_panels.pools p on p.network_id = s.network_id and p.after_draw_id = s.draw_id
                    where p.pool_id = m.pool_id and m.standing = 'seated' and s.volunteer_id = m.volunteer_id and s.ended_at is not null),
                m.reference
            from expert_panels.volunteers v join expert_panels.pool_members m using (network_id, volunteer_id)
            where m.pool_id = \(committed.poolID) order by v.volunteer_id for share of v
            """
        )[1].decode((Bool, String).self)
        return Set(members.filter(\.0).map(\.1))
    }

    /// Gives a draw up for another without people who withdrew before it was done: a new pool, a new secret and, where there is one, a new
    /// public value. Nothing happens if more have withdrawn meanwhile.
    /// - Throws: ``Refusal`` where no panel is possible without them
    private static func makeAgain(
        _ id: UUID, _ committed: CommittedDraw, without references: Set<String>, _ run: JobRun
    ) async throws {
        // Nothing is locked while a panel is searched for, or drand asked.
        let obstacle = try await obstacle(to: committed.pool, without: references)
        let source = committed.commitment.publicValueSource
        // The round of drand is out by now, so it cannot be committed to once more.
        let isRound = DrandRound.read(source: source) != nil
        let round = obstacle == nil && isRound ? try await Drand.later(by: run.actor) : nil
        var note = "Somebody in the pool withdrew before this draw was done"
        note += obstacle.map { ". \($0)" } ?? ", so it was made again without them."
        if obstacle == nil, !source.isEmpty { note += " The new draw waits for a new public value." }
        let isGivenUp = try await run.actor.transaction { [note] actor in
            guard try await lock(id, committed, by: actor) == references else { return false }
            _ = try await actor.write(
                """
                update expert_panels.draws set voided_at = now(), note = \(String(note.prefix(2000))) where draw_id = \(id)
                returning draw_id as id
                """,
                recording: "draw.voided")
            guard obstacle == nil else { return true }
            let pool = try await Pools.freeze(committed.poolID, committed.pool, without: references, by: actor)
            let again = Draws.Settled(
                pool: pool, algorithm: committed.commitment.algorithm, alternates: committed.commitment.alternates,
                publicValueSource: round?.source ?? (source.isEmpty ? nil : source), dueAt: round?.dueAt)
            try await Draws.record(again, .version7(), replacing: id, in: run.id, by: actor, as: "draw.requested")
            return true
        }
        if isGivenUp, obstacle != nil {
            throw Refusal.conflict(
                "Somebody withdrew before the draw was done, and without them no panel is possible. The draw's note says more.")
        }
    }

    /// Why no panel can be drawn without these people; nil if one can.
    private static func obstacle(to pool: PanelPool, without references: Set<String>) async throws -> String? {
        do {
            let rest = try pool.removing(references)
            try await Blocking.run { isCancelled in try rest.requireFeasible(isCancelled: isCancelled) }
            return nil
        } catch let error as PanelInfeasibility {
            return error.description
        } catch let error as PanelPoolError {
            return error.description
        }
    }
}
