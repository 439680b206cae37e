import PluginKit

extension Endpoint {
    static let opportunities: [Endpoint] = [
        .create(
            "create_opportunity", "/networks/{network}/panels/{panel}/opportunities", "Call for volunteers",
            .permission(.managePanel, .parameter("panel")), records: "opportunity.created", returns: Opportunities.resource
        ) { try await Opportunities.create(by: $0.actor, for: $0.id("panel"), $0.input) },
        .list(
            "list_opportunities", "/networks/{network}/panels/{panel}/opportunities", "List a panel's calls",
            .permission(.seePanel, .anywhere), of: Opportunities.resource
        ) { try await $0.actor.list(Opportunities.resource, $0.page, where: "panel_id = \($0.id("panel"))") },
        .get(
            "get_opportunity", "/networks/{network}/panels/{panel}/opportunities/{opportunity}", "Read a call",
            .permission(.seePanel, .anywhere), returns: Opportunities.resource
        ) { try await $0.actor.get(Opportunities.resource, $0.id("opportunity"), where: "panel_id = \($0.id("panel"))") },
        .update(
            "update_opportunity", "/networks/{network}/panels/{panel}/opportunities/{opportunity}", "Change a call",
            .permission(.managePanel, .parameter("panel")), records: "opportunity.updated", returns: Opportunities.resource,
            body: Opportunities.Patch.self
        ) {
            try await $0.actor.update(
                Opportunities.resource, $0.id("opportunity"), version: $1, $0.input.changes, where: "panel_id = \($0.id("panel"))")
        },
    ]
}
