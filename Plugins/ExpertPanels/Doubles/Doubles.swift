import Allocation
import PluginKit
import struct FoundationEssentials.UUID

/// Volunteers of one call with the same name and year of birth: whether they are one person is asked of the coordinator. Nobody is merged,
/// and no pool is frozen with two of them until somebody has answered.
enum Doubles {
    /// What is said of two.
    enum Answer: String, Sendable, CaseIterable, PostgresCodable {
        case same, different
    }

    /// How far a question is.
    enum State: String, Sendable, CaseIterable, PostgresCodable {
        case open, same, different
        /// One of them has withdrawn.
        case settled
    }

    static let resource = Resource(
        "Double", "question", table: "expert_panels.double_details", key: "double_id",
        [
            .id("opportunity_id", "The call."),
            .id("one_id", "A volunteer."),
            .text("one_reference", "Their reference."),
            .id("other_id", "Another volunteer with the same name and year of birth."),
            .text("other_reference", "Their reference."),
            .choice("state", State.self, "open waits for an answer; settled needs none, because one of them has withdrawn."),
            .moment("asked_at", "When it was noticed."),
            .id("kept_id", "Of one person who came twice, the volunteer who stays.").orNull,
            .id("answered_by", "Who answered.").orNull,
            .moment("answered_at", "When it was answered.").orNull,
        ])

    struct Filters: Input {
        private let state: State?

        init(from fields: inout Fields) { state = fields.optional("state", .choice(), "Only questions that are so far.") }

        func condition(of panel: UUID, _ opportunity: UUID) -> Query {
            .all("panel_id = \(panel) and opportunity_id = \(opportunity)", state.map { "state = \($0)" })
        }
    }

    struct Said: Input {
        let answer: Answer
        let kept: UUID?

        init(from fields: inout Fields) {
            answer = fields.required("answer", .choice(), "same: they are one person. different: they are two.")
            kept = fields.optional("kept_id", .id, "The volunteer who stays, where they are one person; the other is taken out.")
            fields.check(
                (answer == .same) == (kept != nil), "kept_id", "Name the volunteer who stays where they are one person, and only then.")
        }
    }

    /// A digest of a name and a year of birth.
    static func digest(_ person: NameAndBirthYear?, in opportunity: UUID) -> [UInt8]? {
        person.map { CallDigest.of($0.text, in: opportunity) }
    }

    /// Asks about volunteers who have just come, whose ids a query answers, each against everybody of the call with the same name and year of
    /// birth.
    static func ask(about volunteers: Query, in opportunity: UUID, by actor: Actor) async throws {
        _ = try await actor.run(
            // Two who come at the same moment would not see each other.
            "select pg_advisory_xact_lock(hashtextextended('expert_panels.doubles ' || \(opportunity)::uuid, 0))",
            actor.recorded(
                """
                insert into expert_panels.doubles (network_id, double_id, opportunity_id, one_id, other_id)
                select distinct on (least(n.volunteer_id, o.volunteer_id), greatest(n.volunteer_id, o.volunteer_id))
                    n.network_id, kith.new_id(), \(opportunity)::uuid, least(n.volunteer_id, o.volunteer_id),
                    greatest(n.volunteer_id, o.volunteer_id)
                from expert_panels.characteristics n
                    join expert_panels.characteristics o
                        on o.network_id = n.network_id and o.identity = n.identity and o.volunteer_id <> n.volunteer_id
                    join expert_panels.volunteers v on v.network_id = o.network_id and v.volunteer_id = o.volunteer_id
                where n.volunteer_id in (\(query: volunteers)) and v.withdrawn_at is null
                returning double_id as id
                """, as: "double.asked"))
    }

    /// Refuses to go on with two in a pool of whom nobody has said whether they are one person.
    static func requireAnswered(in pool: UUID, by actor: Actor) async throws {
        let open =
            try await actor.read(
                """
                select count(*) from expert_panels.doubles d
                    join expert_panels.pool_members m on m.network_id = d.network_id and m.volunteer_id = d.one_id and m.pool_id = \(pool)
                    join expert_panels.pool_members n on n.network_id = d.network_id and n.volunteer_id = d.other_id and n.pool_id = m.pool_id
                where d.answer is null and 'excluded' not in (m.standing, n.standing)
                """
            ).decode(Int.self).first ?? 0
        guard open == 0 else {
            throw Refusal.conflict(
                """
                \(open == 1 ? "Two volunteers have" : "\(open) pairs of volunteers have") the same name and year of birth. Say whether they are \
                one person, then freeze the pool. To see them: kith panel doubles list PANEL
                """)
        }
    }

    /// Answers a question. Of one person who came twice the one offer stays, and the other is withdrawn with that as the reason.
    static func answer(by actor: Actor, _ id: UUID, _ said: Said, in opportunity: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            try await Opportunities.lock(opportunity, of: panel, by: actor)
            let found = try await actor.get(resource, id, where: "opportunity_id = \(opportunity)")
            switch try found["state", as: State.self] {
            case .open: break
            case .settled: throw Refusal.conflict("One of them has withdrawn, so this needs no answer any more.")
            case .same, .different: throw Refusal.conflict("This was answered already, and the answer stands.")
            }
            let pair = try [found["one_id", as: UUID.self], found["other_id", as: UUID.self]]
            if let kept = said.kept, !pair.contains(kept) {
                throw Refusal.invalid([FieldProblem("/kept_id", "This is neither of the two. Name one of them.")])
            }
            _ = try await actor.write(
                """
                update expert_panels.doubles set answer = \(said.answer), kept_id = \(said.kept), answered_by = kith.current_person(),
                    answered_at = now()
                where double_id = \(id) returning double_id as id
                """)
            for volunteer in pair where said.answer == .same && volunteer != said.kept { try await takeOut(volunteer, by: actor) }
            return try await actor.get(resource, id)
        }
    }

    private static func takeOut(_ volunteer: UUID, by actor: Actor) async throws {
        let places = try await actor.run(
            actor.recorded(
                "update expert_panels.volunteers set withdrawn_at = now() where volunteer_id = \(volunteer) and withdrawn_at is null returning volunteer_id as id",
                as: "volunteer.withdrawn"),
            // After the change: a draw that is under way has written its seats by now, or finds the offer withdrawn.
            "select from expert_panels.seats where volunteer_id = \(volunteer) and ended_at is null")[1]
        guard places.isEmpty else {
            throw Refusal.conflict("The other one was drawn for a seat or a place among the reserves. Keep that one.")
        }
    }
}
