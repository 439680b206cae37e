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
            .integer("volunteers", "How many may be drawn."),
            .json(
                "targets", schema: ["type": "array", "items": ["type": "object"]], "The targets: feature, value, minimum, maximum."),
            .text("hash", "SHA-256 of the canonical form of the pool; published before the draw."),
            .id("frozen_by", "Who froze it.").orNull,
            .moment("frozen_at", "When."),
        ])

    struct New: Input {
        let opportunity: UUID

        init(from fields: inout Fields) {
            opportunity = fields.required("opportunity_id", .id, "The call whose volunteers and targets are frozen.")
        }
    }

    /// Freezes the volunteers and targets of a call as they are now. Refused while no panel can meet the targets, with the smallest change
    /// that would help.
    static func freeze(by actor: Actor, _ new: New, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            let opportunity = try await actor.get(Opportunities.resource, new.opportunity, where: "panel_id = \(panel)")
            // The copy is what is hashed, so that nobody can slip in between.
            _ = try await actor.run(
                """
                insert into expert_panels.pool_members (network_id, pool_id, volunteer_id, reference, answers, household)
                select v.network_id, \(actor.newID), v.volunteer_id, v.reference, c.answers, encode(c.household, 'hex')
                from expert_panels.volunteers v join expert_panels.characteristics c using (network_id, volunteer_id)
                where v.opportunity_id = \(new.opportunity) and v.withdrawn_at is null
                """)
            let pool = try await read(
                actor.newID, by: actor,
                targets: "select feature, value, minimum, maximum from expert_panels.targets where opportunity_id = \(new.opportunity)",
                seats: try opportunity["seats", as: Int.self], onePerHousehold: try opportunity["one_per_household", as: Bool.self])
            do {
                try await Blocking.run { isCancelled in try pool.requireFeasible(isCancelled: isCancelled) }
            } catch let infeasibility as PanelInfeasibility {
                throw Refusal.conflict(infeasibility.description)
            }
            try await write(pool, actor.newID, for: new.opportunity, by: actor)
            return try await actor.get(resource, actor.newID)
        }
    }

    /// Writes a pool whose members are copied already.
    private static func write(
        _ pool: PanelPool, _ id: UUID, for opportunity: UUID, by actor: Actor, recording action: String? = nil
    ) async throws {
        _ = try await actor.write(
            """
            insert into expert_panels.pools
                (network_id, pool_id, opportunity_id, seats, one_per_household, volunteers, targets, hash, frozen_by)
            values (\(actor.network), \(id), \(opportunity), \(pool.seats), \(pool.onePerHousehold), \(pool.candidates.count),
                    \(JSONText(published(pool.targets).description)), \(pool.canonicalHash), kith.current_person())
            returning pool_id as id
            """, recording: action)
    }

    /// Freezes a frozen pool once more, without people who have withdrawn since, and without anybody who came later.
    /// - Returns: the new pool's id
    static func freeze(_ id: UUID, _ pool: PanelPool, without references: Set<String>, by actor: Actor) async throws -> UUID {
        let (fewer, new) = (try pool.removing(references), UUID.version7())
        let opportunity = try await actor.run(
            """
            insert into expert_panels.pool_members (network_id, pool_id, volunteer_id, reference, answers, household)
            select network_id, \(new), volunteer_id, reference, answers, household from expert_panels.pool_members
            where pool_id = \(id) and reference <> all (\(references.sorted())::text[])
            """,
            "select opportunity_id from expert_panels.pools where pool_id = \(id)"
        )[1].decode(UUID.self)
        guard let opportunity = opportunity.first else { throw Refusal.notFound("pool") }
        try await write(fewer, new, for: opportunity, by: actor, recording: "pool.frozen")
        return new
    }

    /// A pool as it was frozen, for its draw.
    static func frozen(_ id: UUID, by actor: Actor) async throws -> PanelPool {
        let row = try await actor.read("select seats, one_per_household from expert_panels.pools where pool_id = \(id)").only(resource)
        return try await read(
            id, by: actor,
            targets: """
                select t.feature, t.value, t.minimum, t.maximum
                from expert_panels.pools p, jsonb_to_recordset(p.targets) as t (feature text, value text, minimum integer, maximum integer)
                where p.pool_id = \(id)
                """,
            seats: try row["seats", as: Int.self], onePerHousehold: try row["one_per_household", as: Bool.self])
    }

    private static func published(_ targets: [PanelTarget]) -> JSON {
        .array(
            targets.map {
                [
                    "feature": .string($0.feature), "value": .string($0.value), "minimum": .integer(Int64($0.minimum)),
                    "maximum": .integer(Int64($0.maximum)),
                ]
            })
    }

    private static func read(_ id: UUID, by actor: Actor, targets: Query, seats: Int, onePerHousehold: Bool) async throws -> PanelPool {
        let rows = try await actor.run(
            "select reference, answers::text, household from expert_panels.pool_members where pool_id = \(id)", targets)
        let targets = try rows[1].decode((String, String, Int, Int).self)
            .map { PanelTarget(feature: $0.0, value: $0.1, minimum: $0.2, maximum: $0.3) }
        let features = Set(targets.map(\.feature)).sorted()
        let candidates = try rows[0].decode((String, String, String?).self).map { reference, answers, household in
            let answers = try JSON(reading: Array(answers.utf8))
            return PanelCandidate(id: reference, values: features.map { answers[$0]?.string ?? "" }, household: household)
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
