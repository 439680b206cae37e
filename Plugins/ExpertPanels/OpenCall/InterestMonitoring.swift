import PluginKit
import struct FoundationEssentials.UUID

/// Equality monitoring of those who express interest: asked for apart from everything else, each question optional, written by the
/// person alone, read by nobody who selects, counted in groups of five or more.
enum InterestMonitoring {
    struct Answers: Input {
        let wording: Int
        let answers: MonitoringAnswers.Answers

        init(from fields: inout Fields) {
            wording = fields.required("consent_wording", .integer(1...1000), "The version of the consent that was read; it is agreed to.")
            answers = MonitoringAnswers.Answers(from: &fields)
        }
    }

    /// Replaces the answers of the visitor who asks.
    static func replace(by actor: Actor, _ new: Answers) async throws {
        try ConsentPurpose.equalityMonitoring.requirePresent(new.wording)
        try await actor.transaction { actor in
            let (id, _) = try await Interests.lock(by: actor, draftsOnly: false)
            let isWithdrawn = try await actor.read("select withdrawn_at is not null from expert_panels.interests where interest_id = \(id)")
                .decode(Bool.self)
            if isWithdrawn.first == true { throw Refusal.conflict("You have withdrawn this. Nothing more is kept of you.") }
            let given = new.answers.given
            _ = try await actor.run(
                consent(id, given: true, by: actor),
                "delete from expert_panels.interest_monitoring where interest_id = \(id)",
                """
                insert into expert_panels.interest_monitoring (network_id, interest_id, question, answer)
                select \(actor.network), \(id), a.question, a.answer
                from unnest(\(given.map(\.question))::text[], \(given.map(\.answer))::text[]) as a (question, answer)
                """,
                actor.recorded("select \(id)::uuid as id"))
        }
    }

    /// Deletes them at once.
    static func delete(by actor: Actor) async throws {
        try await actor.transaction { actor in
            let (id, _) = try await Interests.lock(by: actor, draftsOnly: false)
            _ = try await actor.run(
                consent(id, given: false, by: actor), "delete from expert_panels.interest_monitoring where interest_id = \(id)",
                actor.recorded("select \(id)::uuid as id"))
        }
    }

    private static func consent(_ id: UUID, given: Bool, by actor: Actor) -> Query {
        """
        insert into expert_panels.interest_consents (network_id, consent_id, interest_id, purpose, wording, given, channel)
        values (\(actor.network), \(UUID.version7()), \(id), 'monitoring', \(ConsentPurpose.equalityMonitoring.wording), \(given), 'web')
        """
    }

    /// The answers of the visitor who asks.
    static func get(by actor: Actor) async throws -> JSON {
        let answers = try await actor.read(
            "select question, answer from expert_panels.interest_monitoring where interest_id = expert_panels.own_interest()"
        ).decode((String, String).self)
        return .object(Dictionary(answers.map { ($0, .string($1)) }) { $1 })
    }

    /// How many gave each answer, where they are enough.
    static func count(by actor: Actor, for opportunity: UUID, of panel: UUID) async throws -> JSON {
        let counts = try await actor.run(
            """
            select c.question, c.answer, c.people
            from expert_panels.opportunities o,
                expert_panels.count_interest_monitoring(o.opportunity_id, \(ConsentPurpose.equalityMonitoring.wording)::integer) c
            where o.opportunity_id = \(opportunity) and o.panel_id = \(panel)
            """,
            "select from expert_panels.opportunities where opportunity_id = \(opportunity) and panel_id = \(panel)")
        _ = try counts[1].only(Opportunities.resource)
        return [
            "items": .array(
                try counts[0].decode((String, String, Int).self).map {
                    ["question": .string($0.0), "answer": .string($0.1), "people": .integer(Int64($0.2))]
                })
        ]
    }
}
