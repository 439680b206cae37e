import HTTPTypes
import PluginKit

extension Endpoint {
    static let contributions: [Endpoint] = [
        .create(
            "ask_question", "/networks/{network}/panels/{panel}/questions", "Put a question to the members",
            .permission(.managePanel, .parameter("panel")), records: "question.asked", returns: PanelQuestions.resource
        ) { try await PanelQuestions.create(by: $0.actor, of: $0.id("panel"), $0.input) },
        .list(
            "list_questions", "/networks/{network}/panels/{panel}/questions", "List what was put to a panel that you are part of",
            .member, of: PanelQuestions.resource
        ) { try await $0.actor.list(PanelQuestions.resource, $0.page, where: "panel_id = \($0.id("panel"))") },
        .get(
            "get_question", "/networks/{network}/panels/{panel}/questions/{question}", "Read a question, and what came of it", .member,
            returns: PanelQuestions.resource
        ) { try await $0.actor.get(PanelQuestions.resource, $0.id("question"), where: "panel_id = \($0.id("panel"))") },
        .act(
            "close_question", "/networks/{network}/panels/{panel}/questions/{question}/close", "Close a question before its time",
            .permission(.managePanel, .parameter("panel")), records: "question.closed", returns: PanelQuestions.resource,
            body: NoInput.self
        ) { try await PanelQuestions.close(by: $0.actor, $0.id("question"), of: $0.id("panel")) },
        // Sealed: a view that nobody may trace is kept in no answer and in no plain hash for a repeated request.
        .actSealed(
            "contribute", "/networks/{network}/panels/{panel}/questions/{question}/contributions", "Give your view, consent or vote",
            .member, records: "question.answered", returns: PanelQuestions.resource
        ) { try await Contributions.give(by: $0.actor, to: $0.id("question"), of: $0.id("panel"), $0.input) },
        .list(
            "list_contributions", "/networks/{network}/panels/{panel}/questions/{question}/contributions",
            "List what members said: your own and, once the question is closed, everybody's", .member,
            of: PanelQuestions.contributions
        ) {
            try await $0.actor.list(
                PanelQuestions.contributions, $0.page, where: "panel_id = \($0.id("panel")) and question_id = \($0.id("question"))")
        },
    ]
}
