import PluginKit
import struct FoundationEssentials.UUID

/// What a panel recommends, who answers it and by when, and what came of it.
enum Recommendations {
    /// What was answered.
    enum Answer: String, Sendable, CaseIterable, PostgresCodable {
        case done, partly
        case notDone = "not_done"
        /// Leaves it open, with another day.
        case later
    }

    static let resource = Resource(
        "Recommendation", "recommendation", table: "expert_panels.recommendation_details", key: "recommendation_id",
        [
            .id("panel_id", "The panel that made it."),
            .text("title", "What should be done."),
            .text("details", "More of it, in plain English."),
            .text("evidence", "What it rests on.").orNull,
            .integer("asked", "How many of the panel were asked."),
            .integer("in_favour", "How many of them support it."),
            .integer("authors", "How many people made it."),
            .id("organisation_id", "The organisation that answers."),
            .text("organisation_name", "What it is called."),
            .id("owner_id", "Who sees to the answer."),
            .date("due_on", "By when it is to be answered."),
            .boolean("is_overdue", "Whether that day has passed without an answer."),
            .choice("answer", Answer.self, "The latest answer.").orNull,
            .text("answer_words", "What was said with it.").orNull,
            .moment("answered_at", "When.").orNull,
            .boolean("is_closed", "Whether it has been answered for good."),
            .integer("agree", "How many of those who made it agree with the answer."),
            .integer("disagree", "How many do not."),
            .version, .createdAt,
        ])

    static let answers = Resource(
        "Answer", "answer", table: "expert_panels.answers", key: "answer_id",
        [
            .choice("answer", Answer.self, "The answer."),
            .text("words", "What was said with it.").orNull,
            .id("answered_by", "By whom."),
            .moment("answered_at", "When."),
        ])

    struct New: Input {
        let title: String
        let details: String
        let evidence: String?
        let asked: Int
        let inFavour: Int
        let authors: [UUID]
        let organisation: UUID
        let owner: UUID
        let dueOn: CalendarDate

        init(from fields: inout Fields) {
            title = fields.required("title", .text(), "What should be done.")
            details = fields.required("details", .text(1...10_000, lines: true), "More of it, in plain English.")
            evidence = fields.optional("evidence", .text(1...10_000, lines: true), "What it rests on.")
            asked = fields.required("asked", .integer(1...1000), "How many of the panel were asked.")
            inFavour = fields.required("in_favour", .integer(0...1000), "How many of them support it.")
            authors = fields.required("author_ids", .list(of: .id, 1...100), "Who made it. They say whether an answer is one.")
            organisation = fields.required("organisation_id", .id, "The organisation that answers.")
            owner = fields.required("owner_id", .id, "Who sees to the answer.")
            dueOn = fields.required("due_on", .date, "By when it is to be answered.")
            fields.check(inFavour <= asked, "in_favour", "More people support it than were asked.")
        }
    }

    struct Reply: Input {
        let answer: Answer
        let words: String?
        let dueOn: CalendarDate?

        init(from fields: inout Fields) {
            answer = fields.required("answer", .choice(), "done, partly, not_done, or later.")
            words = fields.optional("words", .text(1...10_000, lines: true), "What was done, or why not.")
            dueOn = fields.optional("due_on", .date, "With later: by when it is to be answered then.")
            fields.check(answer == .done || words != nil, "words", "Say what is left, or why.")
            fields.check((answer == .later) == (dueOn != nil), "due_on", "Name the other day with later, and only then.")
        }
    }

    struct Opinion: Input {
        let agrees: Bool

        init(from fields: inout Fields) { agrees = fields.required("agrees", .boolean, "Whether you agree with the latest answer.") }
    }

    struct Filters: Input {
        private let isOverdue: Bool

        init(from fields: inout Fields) {
            isOverdue = fields.optional("overdue", .boolean, default: false, "Only those whose answer is overdue.")
        }

        func condition(of panel: UUID) -> Query { .all("panel_id = \(panel)", isOverdue ? "is_overdue" : nil) }
    }

    /// The days by which answers are due, for those who see to them.
    static let calendar = CalendarSource(
        module: ExpertPanels.id,
        """
        select 'recommendation-' || r.recommendation_id as uid, r.version as sequence, r.created_at as changed_at,
            r.due_on::timestamptz as starts_at, null::timestamptz as ends_at, 'Answer due: ' || r.title as summary, null::text as location,
            r.is_closed as is_cancelled
        from expert_panels.recommendation_details r where r.owner_id = kith.current_person()
        """)

    static func create(by actor: Actor, for panel: UUID, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            _ = try await actor.run(
                actor.recorded(
                    """
                    insert into expert_panels.recommendations
                        (network_id, recommendation_id, panel_id, title, details, evidence, asked, in_favour, organisation_id, owner_id, due_on)
                    values (\(actor.network), \(actor.newID), \(panel), \(new.title), \(new.details), \(new.evidence), \(new.asked),
                            \(new.inFavour), \(new.organisation), \(new.owner), \(new.dueOn))
                    returning recommendation_id as id
                    """),
                """
                insert into expert_panels.recommendation_authors (network_id, recommendation_id, person_id)
                select distinct \(actor.network)::uuid, \(actor.newID)::uuid, author from unnest(\(new.authors)) author
                """)
            try await RecommendationAlerts.schedule(for: actor.newID, by: actor)
            return try await actor.get(resource, actor.newID)
        }
    }

    /// Answers: whoever sees to it, or those who manage the panel, on their behalf.
    static func answer(by actor: Actor, _ id: UUID, of panel: UUID, _ reply: Reply) async throws -> Row {
        let roles = Permission.managePanel.roles.map(\.rawValue).sorted()
        return try await actor.transaction { actor in
            let found = try await actor.read(
                """
                select r.owner_id = kith.current_person() or kith.holds_role(\(roles), \(panel)) as may_answer
                from expert_panels.recommendations r where r.recommendation_id = \(id) and r.panel_id = \(panel) for no key update
                """
            ).only(resource)
            guard try found["may_answer", as: Bool.self] else {
                throw Refusal.forbidden("Only whoever sees to this recommendation can answer it, or the people who run the panel.")
            }
            _ = try await actor.write(
                """
                insert into expert_panels.answers (network_id, answer_id, recommendation_id, answer, words, answered_by)
                values (\(actor.network), \(actor.newID), \(id), \(reply.answer), \(reply.words), kith.current_person())
                returning recommendation_id as id
                """)
            _ = try await actor.read(
                """
                update expert_panels.recommendations set due_on = coalesce(\(reply.dueOn)::date, due_on), version = version + 1
                where recommendation_id = \(id)
                """)
            if reply.dueOn != nil { try await RecommendationAlerts.schedule(for: id, by: actor) }
            return try await actor.get(resource, id)
        }
    }

    /// Says whether one of those who made it agrees with the latest answer.
    static func judge(by actor: Actor, _ id: UUID, of panel: UUID, _ opinion: Opinion) async throws -> Row {
        try await actor.transaction { actor in
            let found = try await actor.read(
                """
                select r.answer_id, exists (
                    select from expert_panels.recommendation_authors w
                    where w.recommendation_id = r.recommendation_id and w.person_id = kith.current_person()) as is_author
                from expert_panels.recommendation_details r where r.recommendation_id = \(id) and r.panel_id = \(panel)
                """
            ).only(resource)
            guard try found["is_author", as: Bool.self] else {
                throw Refusal.forbidden("Only those who made a recommendation say whether they agree with the answer.")
            }
            guard let answer = try found["answer_id", as: UUID?.self] else { throw Refusal.conflict("There is no answer yet.") }
            _ = try await actor.write(
                """
                insert into expert_panels.opinions (network_id, answer_id, person_id, agrees)
                values (\(actor.network), \(answer), kith.current_person(), \(opinion.agrees))
                on conflict (network_id, answer_id, person_id) do update set agrees = excluded.agrees, given_at = now()
                returning \(id)::uuid as id
                """)
            return try await actor.get(resource, id)
        }
    }
}
