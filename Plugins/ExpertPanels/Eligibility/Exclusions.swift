import PluginKit
import struct FoundationEssentials.UUID

/// Who is left out of the next pool, at what stage and why. A pool that is frozen keeps its hash.
enum Exclusions {
    /// At what stage somebody is left out.
    enum Stage: String, Sendable, CaseIterable, PostgresCodable {
        case eligibility, conflict, shortlisting

        /// The stages at which somebody decides by hand; what shortlisting leaves out follows from the points, for all alike.
        enum ByHand: String, Sendable, CaseIterable, PostgresCodable {
            case eligibility, conflict
        }
    }

    static let resource = Resource(
        "Exclusion", "exclusion", table: "expert_panels.exclusion_details", key: "exclusion_id",
        [
            .id("volunteer_id", "Who is left out."),
            .text("reference", "The reference under which they came."),
            .choice("stage", Stage.self, "At what stage."),
            .text("reason", "Why."),
            .id("decided_by", "Who decided; null where it follows from what the person said themselves.").orNull,
            .moment("decided_at", "When."),
            .id("lifted_by", "Who took it back.").orNull,
            .text("lifted_reason", "Why it was taken back.").orNull,
            .moment("lifted_at", "When it was taken back.").orNull,
        ])

    struct New: Input {
        let stage: Stage.ByHand
        let reason: String

        init(from fields: inout Fields) {
            stage = fields.required("stage", .choice(), "eligibility or conflict.")
            reason = fields.required("reason", .text(1...2000, lines: true), "Why, as the person may read it.")
        }
    }

    struct Lifting: Input {
        let reason: String

        init(from fields: inout Fields) { reason = fields.required("reason", .text(1...2000, lines: true), "Why it is taken back.") }
    }

    /// Leaves somebody out.
    static func exclude(by actor: Actor, _ volunteer: UUID, _ new: New, in opportunity: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            try await Opportunities.lock(opportunity, of: panel, by: actor)
            _ = try await actor.get(Volunteers.resource, volunteer, where: "opportunity_id = \(opportunity)")
            _ = try await actor.write(
                """
                insert into expert_panels.exclusions (network_id, exclusion_id, volunteer_id, stage, reason, decided_by)
                values (\(actor.network), \(actor.newID), \(volunteer), \(new.stage), \(new.reason), kith.current_person())
                returning exclusion_id as id
                """)
            return try await actor.get(resource, actor.newID)
        }
    }

    /// Takes back that somebody is left out. Points are the same for all, so shortlisting is not undone for one.
    static func lift(by actor: Actor, _ id: UUID, _ lifting: Lifting, in opportunity: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            try await Opportunities.lock(opportunity, of: panel, by: actor)
            let found = try await actor.get(resource, id, where: "opportunity_id = \(opportunity)")
            if try found["stage", as: Stage.self] == .shortlisting {
                throw Refusal.conflict("Shortlisting drew one line for all. It is not moved for one person.")
            }
            let lifted = try await actor.write(
                """
                update expert_panels.exclusions set lifted_by = kith.current_person(), lifted_at = now(), lifted_reason = \(lifting.reason)
                where exclusion_id = \(id) and lifted_at is null returning exclusion_id as id
                """)
            if lifted.isEmpty { throw Refusal.conflict("This was taken back already.") }
            return try await actor.get(resource, id)
        }
    }

    /// A condition on `v`, a volunteer: whether they are in no pool, for a reason that stands.
    static let standing: Query = """
        exists (select from expert_panels.exclusions e
            where e.network_id = v.network_id and e.volunteer_id = v.volunteer_id and e.lifted_at is null)
        """
}
