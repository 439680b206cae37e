import PluginKit

extension Endpoint {
    static let panels: [Endpoint] = [
        .create(
            "create_panel", "/networks/{network}/panels", "Set up a panel", .permission(.createPanels, .network), records: "panel.created",
            returns: Panels.resource
        ) { try await Panels.create(by: $0.actor, $0.input) },
        .list("list_panels", "/networks/{network}/panels", "List panels", .permission(.seePanel, .anywhere), of: Panels.resource) {
            try await $0.actor.list(Panels.resource, $0.page)
        },
        .get("get_panel", "/networks/{network}/panels/{panel}", "Read a panel", .permission(.seePanel, .anywhere), returns: Panels.resource)
        {
            try await $0.actor.get(Panels.resource, $0.id("panel"))
        },
    ]
}
