import PluginKit
import struct FoundationEssentials.Date
import struct FoundationEssentials.UUID

/// Scoring before the draw, for those calls that want it; most do better without. Two or more people score every expression of interest by
/// the same criteria, without its name, without what is said for the targets or for monitoring, and without each other's points until all
/// are done. One line is then drawn for everybody alike.
enum Shortlists {
    static let resource = Resource(
        "Shortlist", "shortlist", table: "expert_panels.shortlists", key: "shortlist_id",
        [
            .id("opportunity_id", "The call."),
            .texts("criteria", "What is scored, in order."),
            .integer("most_points", "How many points there are for each of the criteria."),
            .integer("shortlisters", "How many people score.", from: people("true")),
            .integer("finished", "How many of them are done.", from: people("l.finished_at is not null")),
            .boolean("is_settled", "Whether all are done, and see each other's points.", from: "expert_panels.is_settled(shortlist_id)"),
            .id("opened_by", "Who asked for it."),
            .integer("minimum_points", "The line: with fewer points, on average, somebody is left out.").orNull,
            .integer("deciders", "How many people decided.").orNull,
            .integer("deciders_counted", "How many of them have lived experience, at least, as they say themselves.").orNull,
            .integer("deciders_percent", "What part of them the network wanted to have it, in per cent.").orNull,
            .id("decided_by", "Who drew the line.").orNull,
            .moment("decided_at", "When.").orNull,
            .createdAt,
        ])

    private static func people(_ condition: String) -> String {
        """
        (select count(*) from expert_panels.shortlisters l
            where l.network_id = shortlists.network_id and l.shortlist_id = shortlists.shortlist_id and l.ended_at is null and \(condition))
        """
    }

    struct New: Input {
        let criteria: [String]
        let mostPoints: Int
        let people: [UUID]

        init(from fields: inout Fields) {
            criteria = fields.required("criteria", .list(of: .text(1...300), 1...20), "What is scored, each in a few words.")
            mostPoints = fields.optional("most_points", .integer(1...10), default: 5, "How many points there are for each of the criteria.")
            people = fields.required("shortlister_ids", .list(of: .id, 2...10), "Who scores: two people or more.")
            fields.check(Set(people).count == people.count, "shortlister_ids", "Somebody is named twice.")
        }
    }

    /// Opens a shortlist for a call.
    static func open(by actor: Actor, _ new: New, for opportunity: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            try await Opportunities.lock(opportunity, of: panel, by: actor)
            try await refuseOwn(new.people, opportunity, by: actor)
            _ = try await actor.run(
                actor.recorded(
                    """
                    insert into expert_panels.shortlists (network_id, shortlist_id, opportunity_id, criteria, most_points, opened_by)
                    values (\(actor.network), \(actor.newID), \(opportunity), \(new.criteria), \(new.mostPoints), kith.current_person())
                    returning shortlist_id as id
                    """),
                """
                insert into expert_panels.shortlisters (network_id, shortlist_id, person_id)
                select \(actor.network)::uuid, \(actor.newID)::uuid, person from unnest(\(new.people)) person
                """)
            return try await actor.get(resource, actor.newID)
        }
    }

    struct Person: Input {
        let id: UUID

        init(from fields: inout Fields) { id = fields.required("person_id", .id, "Who scores too.") }
    }

    /// Asks one more person to score, where a conflict of interest leaves somebody with fewer than two scores. Until they are done, nobody
    /// sees another's points.
    static func add(by actor: Actor, _ person: Person, for opportunity: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            try await Opportunities.lock(opportunity, of: panel, by: actor)
            let shortlist = try await get(by: actor, for: opportunity, of: panel)
            let id = try shortlist["id", as: UUID.self]
            try await refuseOwn([person.id], opportunity, by: actor)
            guard try shortlist["decided_at", as: Date?.self] == nil else { throw Refusal.conflict("The line has been drawn already.") }
            _ = try await actor.write(
                """
                insert into expert_panels.shortlisters (network_id, shortlist_id, person_id)
                values (\(actor.network), \(id), \(person.id)) returning shortlist_id as id
                """)
            return try await actor.get(resource, id)
        }
    }

    private static func refuseOwn(_ people: [UUID], _ opportunity: UUID, by actor: Actor) async throws {
        let offers = try await actor.read(
            """
            select exists (select from expert_panels.interests i
                where i.opportunity_id = \(opportunity) and i.person_id = any (\(people)) and i.withdrawn_at is null)
            """
        ).decode(Bool.self)
        if offers.first == true {
            throw Refusal.conflict("Somebody of these has expressed interest in this call. Nobody scores themselves.")
        }
    }

    /// The shortlist of a call.
    static func get(by actor: Actor, for opportunity: UUID, of panel: UUID) async throws -> Row {
        try await actor.read(
            """
            select \(query: resource.columns) from expert_panels.shortlists
            where opportunity_id = \(opportunity) and opportunity_id in (
                select o.opportunity_id from expert_panels.opportunities o where o.panel_id = \(panel))
            """
        ).only(resource)
    }

    struct Line: Input {
        let minimum: Int

        init(from fields: inout Fields) {
            minimum = fields.required(
                "minimum_points", .integer(0...200), "With fewer points than this, on average over those who scored, somebody is left out.")
        }
    }

    /// Draws the line, once: whoever is below it is left out with their points as the reason, and everybody else is in the draw.
    static func decide(by actor: Actor, _ line: Line, for opportunity: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            try await Opportunities.lock(opportunity, of: panel, by: actor)
            let shortlist = try await get(by: actor, for: opportunity, of: panel)
            let id = try shortlist["id", as: UUID.self]
            guard try shortlist["is_settled", as: Bool.self] else {
                throw Refusal.conflict("Somebody has not finished scoring. The line is drawn when all are done.")
            }
            let power = try await Power.require([.selectors], of: panel, by: actor)[0]
            let unscored =
                try await actor.read(
                    """
                    select count(*) from \(query: candidates(opportunity)) and (
                        select count(*) from expert_panels.assessments a where a.network_id = i.network_id and \(query: counted)) < 2
                    """
                ).decode(Int.self).first ?? 0
            guard unscored == 0 else {
                throw Refusal.conflict(
                    "\(unscored) expressions of interest have fewer than two scores that count, because somebody declared a conflict. Ask one more person to score."
                )
            }
            let decided = try await actor.run(
                actor.recorded(
                    """
                    update expert_panels.shortlists set minimum_points = \(line.minimum), deciders = \(power.people),
                        deciders_counted = \(power.counted), deciders_percent = \(power.percent), decided_by = kith.current_person(), decided_at = now()
                    where shortlist_id = \(id) and decided_at is null returning shortlist_id as id
                    """),
                """
                insert into expert_panels.exclusions (network_id, exclusion_id, volunteer_id, stage, reason, decided_by)
                select i.network_id, kith.new_id(), i.volunteer_id, 'shortlisting',
                    'On average ' || trim_scale(round(s.points, 1)) || ' points; the line for everybody was ' || \(line.minimum)::integer || '.',
                    kith.current_person()
                from expert_panels.shortlists l, \(query: candidates(opportunity, scored: true))
                    and l.shortlist_id = \(id) and l.decided_at = now() and s.points < \(line.minimum)
                """)
            if decided[0].isEmpty { throw Refusal.conflict("The line has been drawn. It stays the same for everybody.") }
            return try await actor.get(resource, id)
        }
    }

    // Those who may be drawn, `i`; with the average of their points, `s`.
    private static func candidates(_ opportunity: UUID, scored: Bool = false) -> Query {
        let scores: Query =
            scored
            ? """
            cross join lateral (
                select avg((select sum(p) from unnest(a.points) p)) as points from expert_panels.assessments a
                where a.network_id = i.network_id and \(query: counted)) s
            """ : ""
        return """
            expert_panels.interests i join expert_panels.volunteers v using (network_id, volunteer_id) \(query: scores)
            where i.opportunity_id = \(opportunity) and i.sent_at is not null and v.withdrawn_at is null and not \(query: Exclusions.standing)
            """
    }

    // A score `a` of `i` by somebody who has declared no conflict since, and is still one of those who score.
    private static let counted: Query = """
        a.interest_id = i.interest_id
            and exists (select from expert_panels.shortlisters w where w.network_id = a.network_id and w.shortlist_id = a.shortlist_id
                and w.person_id = a.person_id and w.ended_at is null)
            and not exists (select from expert_panels.conflicts c where c.network_id = a.network_id and c.interest_id = a.interest_id
                and c.person_id = a.person_id and c.expires_on >= current_date)
        """
}
