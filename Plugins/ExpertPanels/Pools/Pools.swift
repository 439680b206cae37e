import Allocation
import PluginKit
import struct FoundationEssentials.UUID

/// Frozen pools: everybody who may be drawn, under which targets, with a hash that anyone can compute again.
enum Pools {
    static let resource = Resource(
        "Pool", "pool", table: "expert_panels.pool_details", key: "pool_id",
        [
            .id("panel_id", "The panel."),
            .id("opportunity_id", "The call."),
            .integer("seats", "How many are drawn."),
            .boolean("one_per_household", "Whether at most one person of a household may be drawn."),
            .integer("volunteers", "How many people are in it."),
            .integer("seated", "How many of them hold a seat whatever is drawn."),
            .integer("excluded", "How many of them cannot be drawn; each is told why."),
            .id("after_draw_id", "The draw after which this one fills the seats that are free again.").orNull,
            .json(
                "targets", schema: ["type": "array", "items": ["type": "object"]], "The targets: feature, value, minimum, maximum."),
            .text("hash", "SHA-256 of the canonical form of the pool; published before the draw."),
            .id("frozen_by", "Who froze it.").orNull,
            .moment("frozen_at", "When."),
        ])

    /// Freezes the volunteers and targets of a call as they are now. Refused while no panel can meet the targets, with the smallest change
    /// that would help.
    static func freeze(by actor: Actor, _ new: New, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            let opportunity = try await actor.get(Opportunities.resource, new.opportunity, where: "panel_id = \(panel)")
            let isScoring = try await actor.run(
                "select from expert_panels.opportunities where opportunity_id = \(new.opportunity) for no key update",
                "select from expert_panels.shortlists where opportunity_id = \(new.opportunity) and decided_at is null")
            guard isScoring[1].isEmpty else {
                throw Refusal.conflict("Shortlisting is under way. Freeze the pool when its line has been drawn.")
            }
            if let draw = new.afterDraw {
                _ = try await actor.get(Draws.resource, draw, where: "panel_id = \(panel) and opportunity_id = \(new.opportunity)")
            }
            // The copy is what is hashed, so that nobody can slip in between.
            _ = try await actor.run(
                """
                insert into expert_panels.pool_members (network_id, pool_id, volunteer_id, reference, answers, household, standing, reason)
                select v.network_id, \(actor.newID), v.volunteer_id, v.reference, c.answers, encode(c.household, 'hex'),
                    coalesce(n.standing, case when s.is_free is null then 'open' when s.is_free then 'excluded' else 'seated' end),
                    case when n.standing is not null then nullif(n.reason, '')
                        when s.is_free then 'You had a seat by the draw before, or were offered one, and it has ended.' end
                from expert_panels.volunteers v join expert_panels.characteristics c using (network_id, volunteer_id)
                    -- Reserves who moved up too; whoever did not answer in time has left their seat free.
                    left join lateral (
                        select t.ended_at is not null or coalesce(i.state = 'expired', false) as is_free
                        from expert_panels.seats t left join expert_panels.seat_invitation_details i using (network_id, seat_id)
                        where t.network_id = v.network_id and t.volunteer_id = v.volunteer_id and t.draw_id = \(new.afterDraw)
                          and (t.part = 'seat' or i.seat_id is not null)) s on true
                    left join unnest(\(new.named.map(\.id))::uuid[], \(new.named.map(\.standing))::text[], \(new.named.map(\.reason))::text[])
                        as n (volunteer_id, standing, reason) on n.volunteer_id = v.volunteer_id
                where \(query: eligible(for: new.opportunity))
                """)
            try await requireMembers(new, in: actor.newID, by: actor)
            try await Doubles.requireAnswered(in: actor.newID, by: actor)
            let pool = try await read(by: actor, members: members(of: actor.newID), for: opportunity)
            do {
                try await Blocking.run { isCancelled in try pool.requireFeasible(isCancelled: isCancelled) }
            } catch let infeasibility as PanelInfeasibility {
                throw Refusal.conflict(infeasibility.description)
            }
            try await write(pool, actor.newID, for: new.opportunity, after: new.afterDraw, by: actor)
            return try await actor.get(resource, actor.newID)
        }
    }

    /// Refuses to settle anything about somebody who is not in the pool.
    private static func requireMembers(_ new: New, in pool: UUID, by actor: Actor) async throws {
        let unknown = try await actor.read(
            """
            select n.position - 1 from unnest(\(new.named.map(\.id))::uuid[]) with ordinality as n (volunteer_id, position)
            where not exists (select from expert_panels.pool_members m where m.pool_id = \(pool) and m.volunteer_id = n.volunteer_id)
            """
        ).decode(Int.self)
        let problems = unknown.map {
            FieldProblem(new.named[$0].pointer, "There is no such volunteer in this call, or they have withdrawn.")
        }
        if !problems.isEmpty { throw Refusal.invalid(problems) }
    }

    /// A call's volunteers and targets as they are now.
    static func current(_ opportunity: Row, by actor: Actor) async throws -> PanelPool {
        let id = try opportunity["id", as: UUID.self]
        return try await read(
            by: actor,
            members: """
                select v.reference, c.answers::text, encode(c.household, 'hex'), 'open'
                from expert_panels.volunteers v join expert_panels.characteristics c using (network_id, volunteer_id)
                where \(query: eligible(for: id))
                """, for: opportunity)
    }

    // Who of a call's volunteers, `v`, can be in a pool.
    private static func eligible(for opportunity: UUID) -> Query {
        "v.opportunity_id = \(opportunity) and v.withdrawn_at is null and not \(query: Exclusions.standing)"
    }

    /// Writes a pool whose members are copied already.
    private static func write(
        _ pool: PanelPool, _ id: UUID, for opportunity: UUID, after draw: UUID?, by actor: Actor, recording action: String? = nil
    ) async throws {
        _ = try await actor.write(
            """
            insert into expert_panels.pools
                (network_id, pool_id, opportunity_id, seats, one_per_household, volunteers, targets, hash, frozen_by, after_draw_id)
            values (\(actor.network), \(id), \(opportunity), \(pool.seats), \(pool.onePerHousehold), \(pool.candidates.count),
                    \(JSONText(JSON.array(pool.targets.map(\.json)).description)), \(pool.canonicalHash), kith.current_person(), \(draw))
            returning pool_id as id
            """, recording: action)
    }

    /// Freezes a frozen pool once more, without people who have withdrawn since, and without anybody who came later.
    /// - Returns: the new pool's id
    static func freeze(_ id: UUID, _ pool: PanelPool, without references: Set<String>, by actor: Actor) async throws -> UUID {
        let (fewer, new) = (try pool.removing(references), UUID.version7())
        let frozen = try await actor.run(
            """
            insert into expert_panels.pool_members (network_id, pool_id, volunteer_id, reference, answers, household, standing, reason)
            select network_id, \(new), volunteer_id, reference, answers, household, standing, reason from expert_panels.pool_members
            where pool_id = \(id) and reference <> all (\(references.sorted())::text[])
            """,
            "select opportunity_id, after_draw_id from expert_panels.pools where pool_id = \(id)"
        )[1].decode((UUID, UUID?).self)
        guard let frozen = frozen.first else { throw Refusal.notFound("pool") }
        try await write(fewer, new, for: frozen.0, after: frozen.1, by: actor, recording: "pool.frozen")
        return new
    }

    /// A pool as it was frozen, for its draw.
    static func frozen(_ id: UUID, by actor: Actor) async throws -> PanelPool {
        let row = try await actor.read("select seats, one_per_household from expert_panels.pools where pool_id = \(id)").only(resource)
        return try await read(
            by: actor, members: members(of: id),
            targets: """
                select t.feature, t.value, t.minimum, t.maximum
                from expert_panels.pools p, jsonb_to_recordset(p.targets) as t (feature text, value text, minimum integer, maximum integer)
                where p.pool_id = \(id)
                """,
            seats: try row["seats", as: Int.self], onePerHousehold: try row["one_per_household", as: Bool.self])
    }

    private static func members(of pool: UUID) -> Query {
        "select reference, answers::text, household, standing from expert_panels.pool_members where pool_id = \(pool)"
    }

    // With the targets, the seats and the rule on households of a call.
    private static func read(by actor: Actor, members: Query, for opportunity: Row) async throws -> PanelPool {
        try await read(
            by: actor, members: members,
            targets: """
                select feature, value, minimum, maximum from expert_panels.targets where opportunity_id = \(try opportunity["id", as: UUID.self])
                """,
            seats: try opportunity["seats", as: Int.self], onePerHousehold: try opportunity["one_per_household", as: Bool.self])
    }

    private static func read(
        by actor: Actor, members: Query, targets: Query, seats: Int, onePerHousehold: Bool
    ) async throws -> PanelPool {
        let rows = try await actor.run(members, targets)
        let targets = try rows[1].decode((String, String, Int, Int).self)
            .map { PanelTarget(feature: $0.0, value: $0.1, minimum: $0.2, maximum: $0.3) }
        let features = Set(targets.map(\.feature)).sorted()
        let candidates = try rows[0].decode((String, String, String?, PanelCandidate.Standing).self).map {
            reference, answers, household, standing in
            let answers = try JSON(reading: Array(answers.utf8))
            return PanelCandidate(
                id: reference, values: features.map { answers[$0]?.string ?? "" }, household: household, standing: standing)
        }
        do {
            return try PanelPool(
                features: features, candidates: candidates, targets: targets, seats: seats, onePerHousehold: onePerHousehold)
        } catch {
            throw Refusal.conflict(
                "The call is not ready to be frozen. Each problem is listed.", error.problems.map { FieldProblem("/opportunity_id", $0) })
        }
    }
}
