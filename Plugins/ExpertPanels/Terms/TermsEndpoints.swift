import HTTPTypes
import PluginKit

extension Endpoint {
    static let terms: [Endpoint] = [
        .create(
            "publish_terms", "/networks/{network}/panels/{panel}/terms", "Publish a version of the involvement agreement",
            .permission(.managePanel, .parameter("panel")), records: "terms.published", returns: Terms.resource
        ) { try await Terms.publish(by: $0.actor, for: $0.id("panel"), $0.input) },
        .list(
            "list_terms", "/networks/{network}/panels/{panel}/terms", "List the versions of the involvement agreement", .member,
            of: Terms.resource
        ) { try await $0.actor.list(Terms.resource, $0.page, where: "panel_id = \($0.id("panel"))") },
        .get(
            "get_terms", "/networks/{network}/panels/{panel}/terms/{terms}", "Read a version of the involvement agreement", .member,
            returns: Terms.resource
        ) { try await $0.actor.get(Terms.resource, $0.id("terms"), where: "panel_id = \($0.id("panel"))") },
        .act(
            "accept_terms", "/networks/{network}/panels/{panel}/terms/{terms}/accept", "Accept the involvement agreement", .member,
            records: "terms.accepted", returns: Terms.acceptances, body: NoInput.self
        ) { try await Terms.accept(by: $0.actor, $0.id("terms"), of: $0.id("panel")) },
        .act(
            "record_terms_acceptance", "/networks/{network}/panels/{panel}/terms/{terms}/acceptances",
            "Record that a member accepted the agreement on paper, by phone or in person",
            .permission(.managePanel, .parameter("panel")), records: "terms.accepted", returns: Terms.acceptances,
            body: Terms.Record.self
        ) { try await Terms.accept(by: $0.actor, $0.id("terms"), of: $0.id("panel"), for: $0.input) },
        .list(
            "list_terms_acceptances", "/networks/{network}/panels/{panel}/terms/{terms}/acceptances", "List who has accepted a version",
            .permission(.managePanel, .parameter("panel")), of: Terms.acceptances
        ) {
            try await $0.actor.list(
                Terms.acceptances, $0.page,
                where: """
                    terms_id = \($0.id("terms")) and terms_id in (select t.terms_id from expert_panels.terms t where t.panel_id = \($0.id("panel")))
                    """)
        },
        .get(
            "get_panel_rules", "/networks/{network}/panels/{panel}/rules", "Read how a panel works: its days and its quorum", .member,
            returns: PanelRules.resource
        ) { try await $0.actor.get(PanelRules.resource, $0.id("panel")) },
        .act(
            "choose_panel_rules", method: .put, "/networks/{network}/panels/{panel}/rules", "Choose how a panel works",
            .permission(.managePanel, .parameter("panel")), records: "panel.rules_chosen", returns: PanelRules.resource
        ) { try await PanelRules.choose(by: $0.actor, for: $0.id("panel"), $0.input) },
    ]
}
