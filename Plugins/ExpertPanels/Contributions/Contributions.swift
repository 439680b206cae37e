import PluginKit
import struct FoundationEssentials.UUID

/// What members say to a question: under their name, which they can change until it closes; or without, once, so that nobody can tell who.
enum Contributions {
    struct New: Input {
        let choice: String?
        let words: String?

        init(from fields: inout Fields) {
            choice = fields.optional(
                "choice", .text(), "In a vote one of its options or abstain; in a consent round consent, stand_aside or object.")
            words = fields.optional("words", .text(1...10_000, lines: true), "Your view, or your reason. An objection has one.")
            fields.check(choice != nil || words != nil, "words", "Say something.")
        }
    }

    /// Contributes. The answer is the question, and not what was said: it may be kept for a repeated request.
    static func give(by actor: Actor, to id: UUID, of panel: UUID, _ new: New) async throws -> Opened {
        try await actor.transaction { actor in
            let found = try await actor.read(
                """
                select q.kind, q.is_anonymous, q.options, q.is_open, expert_panels.is_member(q.panel_id, kith.current_person()) as is_member
                from expert_panels.panel_question_details q where q.question_id = \(id) and q.panel_id = \(panel)
                """
            ).only(PanelQuestions.resource)
            guard try found["is_member", as: Bool.self] else {
                throw Refusal.forbidden("Only members of the panel answer what is put to it.")
            }
            guard try found["is_open", as: Bool.self] else { throw Refusal.conflict("This question is closed.") }
            try check(new, found["kind", as: PanelQuestions.Kind.self], options: found["options", as: [String].self])
            if try found["is_anonymous", as: Bool.self] {
                // The audit log holds that somebody answered, and not who.
                _ = try await actor.run(
                    "select expert_panels.contribute_anonymously(\(id), \(new.choice), \(new.words))",
                    actor.recorded("select \(id)::uuid as id", isNamed: false))
            } else {
                _ = try await actor.write(
                    """
                    insert into expert_panels.contributions (network_id, question_id, person_id, choice, words)
                    values (\(actor.network), \(id), kith.current_person(), \(new.choice), \(new.words))
                    on conflict (network_id, question_id, person_id) do update set choice = excluded.choice, words = excluded.words, given_at = now()
                    returning question_id as id
                    """)
            }
            return try await Opened(actor.get(PanelQuestions.resource, id), PanelQuestions.resource)
        }
    }

    private static func check(_ new: New, _ kind: PanelQuestions.Kind, options: [String]) throws {
        func refuse(_ field: String, _ detail: String) -> Refusal { .invalid([FieldProblem("/\(field)", detail)]) }
        switch (kind, new.choice) {
        case (.view, nil): break
        case (.view, _): throw refuse("choice", "There is nothing to choose here. Say it in words.")
        case (.vote, PanelQuestions.abstention): break
        case (_, let choice?) where options.contains(choice): break
        case (.vote, _): throw refuse("choice", "Choose one of the options, or abstain.")
        case (.consent, _): throw refuse("choice", "Choose consent, stand_aside or object.")
        }
        if kind == .consent, new.choice == "object", new.words == nil {
            throw refuse("words", "Say what you object to, so that it can be answered.")
        }
    }
}
