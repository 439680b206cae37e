import HTTPTypes
import PluginKit

extension Endpoint {
    static let recommendations: [Endpoint] = [
        .create(
            "create_recommendation", "/networks/{network}/panels/{panel}/recommendations", "Record what a panel recommends",
            .permission(.managePanel, .parameter("panel")), records: "recommendation.created", returns: Recommendations.resource
        ) { try await Recommendations.create(by: $0.actor, for: $0.id("panel"), $0.input) },
        .list(
            "list_recommendations", "/networks/{network}/panels/{panel}/recommendations", "List what a panel recommends",
            .permission(.seePanel, .anywhere), of: Recommendations.resource, by: Recommendations.Filters.self
        ) { try await $0.actor.list(Recommendations.resource, $0.page, where: $0.input.condition(of: $0.id("panel"))) },
        .get(
            "get_recommendation", "/networks/{network}/panels/{panel}/recommendations/{recommendation}", "Read a recommendation",
            .permission(.seePanel, .anywhere), returns: Recommendations.resource
        ) { try await $0.actor.get(Recommendations.resource, $0.id("recommendation"), where: "panel_id = \($0.id("panel"))") },
        .act(
            "answer_recommendation", "/networks/{network}/panels/{panel}/recommendations/{recommendation}/answers",
            "Answer a recommendation", .permission(.seePanel, .anywhere), records: "recommendation.answered",
            returns: Recommendations.resource
        ) { try await Recommendations.answer(by: $0.actor, $0.id("recommendation"), of: $0.id("panel"), $0.input) },
        .list(
            "list_answers", "/networks/{network}/panels/{panel}/recommendations/{recommendation}/answers",
            "List every answer to a recommendation", .permission(.seePanel, .anywhere), of: Recommendations.answers
        ) {
            try await $0.actor.list(
                Recommendations.answers, $0.page,
                where: """
                    recommendation_id = \($0.id("recommendation")) and recommendation_id in (
                        select r.recommendation_id from expert_panels.recommendations r where r.panel_id = \($0.id("panel")))
                    """)
        },
        .act(
            "judge_answer", method: .put, "/networks/{network}/panels/{panel}/recommendations/{recommendation}/opinion",
            "Say whether you agree with the latest answer to what you recommended", .permission(.seePanel, .anywhere),
            records: "recommendation.judged", returns: Recommendations.resource
        ) { try await Recommendations.judge(by: $0.actor, $0.id("recommendation"), of: $0.id("panel"), $0.input) },
        .value(
            "get_register", "/networks/{network}/panels/{panel}/register", "Read what came of a panel's recommendations, to publish",
            .permission(.seePanel, .anywhere), returns: RecommendationRegister.schema
        ) { try await RecommendationRegister.read(by: $0.actor, of: $0.id("panel")).json },
        .file(
            "get_register_page", "/networks/{network}/panels/{panel}/register/page", "Read the register as an HTML page",
            .permission(.seePanel, .anywhere), mediaType: "text/html; charset=utf-8"
        ) { try await RecommendationRegister.read(by: $0.actor, of: $0.id("panel")).html() },
        .file(
            "get_register_text", "/networks/{network}/panels/{panel}/register/text", "Read the register as Markdown",
            .permission(.seePanel, .anywhere), mediaType: "text/markdown; charset=utf-8"
        ) { try await RecommendationRegister.read(by: $0.actor, of: $0.id("panel")).markdown() },
    ]
}
