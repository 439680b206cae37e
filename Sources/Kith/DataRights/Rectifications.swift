public import Postgres
public import struct FoundationEssentials.UUID

/// Rectification (UK GDPR, article 16): a person says what is wrong about them, somebody else who may change it decides, and the
/// answer is kept. Who asks, never decides.
public enum Rectifications {
    /// What was decided.
    public enum Outcome: String, Sendable, CaseIterable, PostgresCodable {
        case corrected, refused
    }

    /// What the API answers for a rectification.
    public static let resource = Resource(
        "Rectification", "correction", table: "kith.rectifications", key: "rectification_id",
        [
            .id("person_id", "Whose data."),
            .text("request", "What is wrong, and what is right."),
            .moment("asked_at", "When it was asked for."),
            .text("outcome", "What was decided: corrected or refused.").orNull,
            .text("answer", "What the person is told.").orNull,
            .id("decided_by", "Who decided.").orNull,
            .moment("decided_at", "When.").orNull,
        ])

    /// A new request.
    public struct New: Input {
        let request: String

        public init(from fields: inout Fields) {
            request = fields.required("request", .text(1...5000, lines: true), "What is wrong about you, and what is right.")
        }
    }

    /// A decision.
    public struct Decision: Input {
        let outcome: Outcome
        let answer: String

        public init(from fields: inout Fields) {
            outcome = fields.required("outcome", .choice(), "What was decided.")
            answer = fields.required(
                "answer", .text(1...5000, lines: true), "What the person is told: what was changed, or why not and where they can complain."
            )
        }
    }

    /// One's own, and all of them with the right to decide.
    public static let visible: Query = """
        person_id = kith.current_person() or exists (
            select from kith.role_grants g where g.person_id = kith.current_person() and g.programme_id is null and g.ended_at is null
              and g.role = any (\(Permission.managePeople.roleNames)))
        """

    /// Asks for a correction of what is held of oneself.
    public static func create(by actor: Actor, _ new: New) async throws -> Row {
        try await actor.write(
            """
            insert into kith.rectifications (network_id, rectification_id, person_id, request)
            values (\(actor.network), \(actor.newID), kith.current_person(), \(new.request)) returning \(query: resource.columns)
            """
        ).only(resource)
    }

    /// Decides, once.
    public static func decide(by actor: Actor, _ id: UUID, _ decision: Decision) async throws -> Row {
        try await actor.transaction { actor in
            let asked = try await actor.get(resource, id)
            let decided = try await actor.write(
                """
                update kith.rectifications set outcome = \(decision.outcome), answer = \(decision.answer), decided_by = kith.current_person(),
                    decided_at = now()
                where rectification_id = \(id) and outcome is null and person_id <> kith.current_person()
                returning \(query: resource.columns)
                """, about: try asked["person_id", as: UUID.self])
            if let row = decided.first { return row }
            throw Refusal.conflict("This was decided already, or you asked for it yourself: then somebody else has to decide.")
        }
    }
}
