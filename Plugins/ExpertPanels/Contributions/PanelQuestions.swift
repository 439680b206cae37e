import PluginKit
import struct FoundationEssentials.Date
import struct FoundationEssentials.UUID

/// What is put to the members of a panel: a question for their views, a round for their consent, or a vote.
enum PanelQuestions {
    enum Kind: String, Sendable, CaseIterable, PostgresCodable {
        case view, consent, vote
    }

    /// What came of it. A consent round is carried where nobody objects; a vote decides for the option with the most votes, if it is one.
    enum Outcome: String, Sendable, CaseIterable, PostgresCodable {
        case carried
        case notCarried = "not_carried"
        case decided, tied
        case noAnswers = "no_answers"
    }

    /// What somebody can say in a consent round.
    static let stances = ["consent", "stand_aside", "object"]
    /// Whoever votes for no option.
    static let abstention = "abstain"

    static let resource = Resource(
        "PanelQuestion", "question", table: "expert_panels.panel_question_details", key: "question_id",
        [
            .id("panel_id", "The panel."),
            .id("session_id", "The session that it belongs to.").orNull,
            .choice("kind", Kind.self, "For views, for consent, or a vote."),
            .text("title", "What is asked."),
            .text("details", "More of it, in plain English.").orNull,
            .boolean("is_anonymous", "Whether nobody learns who said what."),
            .texts("options", "What can be chosen."),
            .moment("closes_at", "Until when."),
            .boolean("is_open", "Whether it can still be answered."),
            .integer("answers", "How many have answered."),
            .json("choices", "How many chose what, once it is closed.").orNull,
            .choice("outcome", Outcome.self, "What came of it, once it is closed.").orNull,
            .text("chosen", "The option that a vote decided for.").orNull,
            .createdAt,
        ])

    static let contributions = Resource(
        "Contribution", "contribution", table: "expert_panels.contribution_details", key: "contribution_id",
        [
            .id("person_id", "Who said it; null where nobody is to know.").orNull,
            .text("choice", "What they chose.").orNull,
            .text("words", "What they said.").orNull,
        ])

    struct New: Input {
        let kind: Kind
        let title: String
        let details: String?
        let isAnonymous: Bool
        let options: [String]
        let session: UUID?
        let closesAt: Date

        init(from fields: inout Fields) {
            kind = fields.required("kind", .choice(), "view, consent or vote.")
            title = fields.required("title", .text(), "What is asked.")
            details = fields.optional("details", .text(1...10_000, lines: true), "More of it, in plain English.")
            isAnonymous = fields.optional(
                "is_anonymous", .boolean, default: false, "Whether nobody learns who said what. Not for consent: an objection is answered.")
            let given = fields.optional("options", .list(of: .text(), 2...10), "For a vote: what can be chosen; yes and no by default.")
            session = fields.optional("session_id", .id, "The session that it belongs to.")
            closesAt = fields.required("closes_at", .moment, "Until when it can be answered.")
            options =
                switch kind {
                case .view: []
                case .consent: PanelQuestions.stances
                case .vote: given ?? ["yes", "no"]
                }
            fields.check(kind == .vote || given == nil, "options", "Only a vote has options of its own.")
            fields.check(kind != .consent || !isAnonymous, "is_anonymous", "An objection is answered, so a consent round has names.")
            fields.check(Set(options).count == options.count, "options", "An option stands here twice.")
            fields.check(
                !options.contains(PanelQuestions.abstention), "options", "Everybody can abstain: leave it out, it is there by itself.")
        }
    }

    /// Puts a question to the members.
    static func create(by actor: Actor, of panel: UUID, _ new: New) async throws -> Row {
        if new.closesAt <= Date.now { throw Refusal.invalid([FieldProblem("/closes_at", "This is over already.")]) }
        return try await actor.transaction { actor in
            _ = try await actor.read("select panel_id from expert_panels.panels where panel_id = \(panel)").only(Panels.resource)
            if let session = new.session {
                _ = try await actor.read(
                    "select session_id from expert_panels.sessions where session_id = \(session) and panel_id = \(panel)"
                ).only(PanelSessions.resource)
            }
            _ = try await actor.write(
                """
                insert into expert_panels.panel_questions
                    (network_id, question_id, panel_id, session_id, kind, title, details, is_anonymous, options, asked_by, closes_at)
                values (\(actor.network), \(actor.newID), \(panel), \(new.session), \(new.kind), \(new.title), \(new.details), \(new.isAnonymous),
                        \(new.options), kith.current_person(), \(new.closesAt))
                returning question_id as id
                """)
            return try await actor.get(resource, actor.newID)
        }
    }

    /// Closes a question before its time, or finds it closed.
    static func close(by actor: Actor, _ id: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            _ = try await actor.write(
                """
                update expert_panels.panel_questions set closed_at = coalesce(closed_at, now())
                where question_id = \(id) and panel_id = \(panel) returning question_id as id
                """
            ).only(resource)
            return try await actor.get(resource, id)
        }
    }
}
