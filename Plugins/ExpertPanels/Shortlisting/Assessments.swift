import PluginKit
import struct FoundationEssentials.UUID

/// How one person scores what was sent in. The database shows nobody else's points before all are done.
enum Assessments {
    static let resource = Resource(
        "Assessment", "assessment", table: "expert_panels.assessments", key: "assessment_id",
        [
            .id("interest_id", "What was scored."),
            .id("person_id", "Who scored."),
            .json(
                "points", schema: ["type": "array", "items": ["type": "integer"]], "The points, in the order of the criteria.",
                from: "to_json(points)"),
            .text("words", "What was written for feedback.").orNull,
            .moment("written_at", "When."),
        ])

    /// What is scored: without a name, and without anything said for the targets or for monitoring.
    static let material = Resource(
        "ShortlistedInterest", "expression of interest", table: "expert_panels.interests", key: "interest_id",
        [
            .text("words", "In the person's own words.").orNull, .text("recording", "The link of a recording.").orNull,
            .boolean("is_scored", "Whether you have scored it.", from: scored),
        ])

    private static let scored = """
        exists (select from expert_panels.assessments a where a.network_id = interests.network_id
            and a.interest_id = interests.interest_id and a.person_id = kith.current_person())
        """

    struct Known: Input {
        let interest: UUID
        let conflict: Conflicts.Declared

        init(from fields: inout Fields) {
            interest = fields.required("interest_id", .id, "What you read and somebody you know in it.")
            conflict = Conflicts.Declared(from: &fields)
        }
    }

    struct Declaration: Input {
        let conflicts: [Known]

        init(from fields: inout Fields) {
            conflicts = fields.required(
                "conflicts", .list(of: .object(), 0...100),
                "What stands between you and those who offer, as far as you know; an empty list says that you know of nothing.")
        }
    }

    struct Score: Input {
        let points: [Int]
        let words: String?

        init(from fields: inout Fields) {
            points = fields.required("points", .list(of: .integer(0...10), 1...20), "The points, in the order of the criteria.")
            words = fields.optional("words", .text(1...5000, lines: true), "What can be said as feedback.")
        }
    }

    /// Declares one's conflicts of interest, which comes before reading and may be done again. A score of somebody with a conflict
    /// does not count.
    static func declare(by actor: Actor, _ declaration: Declaration, for opportunity: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            let shortlist = try await Shortlists.get(by: actor, for: opportunity, of: panel)
            let id = try shortlist["id", as: UUID.self]
            try await requireShortlister(id, by: actor)
            var statements: [Query] = []
            for known in declaration.conflicts {
                _ = try await actor.get(material, known.interest, where: "opportunity_id = \(opportunity) and sent_at is not null")
                statements.append(Conflicts.declare(by: actor, known.conflict, in: known.interest, as: "kith.current_person()"))
            }
            statements.append(
                actor.recorded(
                    """
                    update expert_panels.shortlisters set declared_at = now(), declaration_expires_on = \(query: Conflicts.expiry)
                    where shortlist_id = \(id) and person_id = kith.current_person() and ended_at is null returning shortlist_id as id
                    """))
            _ = try await actor.run(statements)
            return try await actor.get(Shortlists.resource, id)
        }
    }

    /// What whoever asks may score.
    static func materials(by actor: Actor, _ page: Page, for opportunity: UUID, of panel: UUID) async throws -> Rows {
        try await actor.transaction { actor in
            let id = try await Shortlists.get(by: actor, for: opportunity, of: panel)["id", as: UUID.self]
            try await requireShortlister(id, by: actor)
            return try await actor.list(
                material, page, where: "opportunity_id = \(opportunity) and expert_panels.may_assess(\(id), interest_id)")
        }
    }

    /// Scores one, or scores it anew.
    static func assess(by actor: Actor, _ interest: UUID, _ score: Score, for opportunity: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            let shortlist = try await Shortlists.get(by: actor, for: opportunity, of: panel)
            let id = try shortlist["id", as: UUID.self]
            try await requireShortlister(id, by: actor)
            let rules = try await actor.read(
                """
                select cardinality(criteria) as criteria, most_points, expert_panels.may_assess(shortlist_id, \(interest)) as may_assess
                from expert_panels.shortlists where shortlist_id = \(id)
                """
            ).only(Shortlists.resource)
            _ = try await actor.get(material, interest, where: "opportunity_id = \(opportunity) and sent_at is not null")
            guard try rules["may_assess", as: Bool.self] else {
                throw Refusal.forbidden(
                    "You cannot score this: you have declared a conflict of interest, have not declared that there is none, have finished, or it was withdrawn."
                )
            }
            let most = try rules["most_points", as: Int.self]
            guard score.points.count == (try rules["criteria", as: Int.self]), score.points.allSatisfy({ $0 <= most }) else {
                throw Refusal.invalid([FieldProblem("/points", "Give 0 to \(most) points for each of the criteria.")])
            }
            let written = try await actor.write(
                """
                insert into expert_panels.assessments (network_id, assessment_id, interest_id, person_id, shortlist_id, points, words)
                values (\(actor.network), \(actor.newID), \(interest), kith.current_person(), \(id), \(score.points), \(score.words))
                on conflict (network_id, interest_id, person_id) do update
                    set points = excluded.points, words = excluded.words, written_at = now()
                returning assessment_id as id
                """
            ).only(resource)
            return try await actor.get(resource, written["id", as: UUID.self])
        }
    }

    /// Says that one is done. From then on nothing of one's own changes; when all are done, they see each other's points.
    static func finish(by actor: Actor, for opportunity: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            let id = try await Shortlists.get(by: actor, for: opportunity, of: panel)["id", as: UUID.self]
            try await requireShortlister(id, by: actor)
            let open = try await actor.read("select state = 'open' from expert_panels.open_calls where opportunity_id = \(opportunity)")
                .decode(Bool.self)
            if open.first == true {
                throw Refusal.conflict(
                    "The call is still open, so there may be more to score. Finish when it has closed; whoever runs the panel says when that is "
                        + "with: kith panel change-call PANEL CALL --closes-at")
            }
            let left =
                try await actor.read(
                    """
                    select count(*) from expert_panels.interests i where i.opportunity_id = \(opportunity)
                      and expert_panels.may_assess(\(id), i.interest_id) and not exists (
                          select from expert_panels.assessments a where a.interest_id = i.interest_id and a.person_id = kith.current_person())
                    """
                ).decode(Int.self).first ?? 0
            guard left == 0 else { throw Refusal.conflict("You have not scored all yet: \(left) are left.") }
            let finished = try await actor.write(
                """
                update expert_panels.shortlisters set finished_at = coalesce(finished_at, now())
                where shortlist_id = \(id) and person_id = kith.current_person() and declaration_expires_on >= current_date
                returning shortlist_id as id
                """)
            if finished.isEmpty {
                throw Refusal.conflict("First declare what stands between you and those who offer, or that you know of nothing.")
            }
            return try await actor.get(Shortlists.resource, id)
        }
    }

    /// One's own scores; everybody's when all are done, for those who score, run the panel or audit.
    static func list(by actor: Actor, _ page: Page, for opportunity: UUID, of panel: UUID) async throws -> Rows {
        let roles = Permission.seeSelection.roles.map(\.rawValue).sorted()
        return try await actor.list(
            resource, page,
            where: """
                shortlist_id in (
                    select s.shortlist_id from expert_panels.shortlists s join expert_panels.opportunities o using (network_id, opportunity_id)
                    where s.opportunity_id = \(opportunity) and o.panel_id = \(panel))
                and (kith.holds_role(\(roles)::text[], \(panel)) or exists (
                    select from expert_panels.shortlisters l
                    where l.shortlist_id = assessments.shortlist_id and l.person_id = kith.current_person() and l.ended_at is null))
                """)
    }

    private static func requireShortlister(_ shortlist: UUID, by actor: Actor) async throws {
        let found = try await actor.read(
            """
            select from expert_panels.shortlisters
            where shortlist_id = \(shortlist) and person_id = kith.current_person() and ended_at is null
            """)
        if found.isEmpty { throw Refusal.forbidden("Only those who score for this call can do this.") }
    }
}
