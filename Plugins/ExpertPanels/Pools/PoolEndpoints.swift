import PluginKit

extension Endpoint {
    static let pools: [Endpoint] = [
        .create(
            "freeze_pool", "/networks/{network}/panels/{panel}/pools", "Freeze the volunteers and targets of a call",
            .permission(.managePanel, .parameter("panel")), records: "pool.frozen", returns: Pools.resource
        ) { try await Pools.freeze(by: $0.actor, $0.input, of: $0.id("panel")) },
        .list(
            "list_pools", "/networks/{network}/panels/{panel}/pools", "List frozen pools", .permission(.seePanel, .anywhere),
            of: Pools.resource
        ) { try await $0.actor.list(Pools.resource, $0.page, where: "panel_id = \($0.id("panel"))") },
        .get(
            "get_pool", "/networks/{network}/panels/{panel}/pools/{pool}", "Read a frozen pool", .permission(.seePanel, .anywhere),
            returns: Pools.resource
        ) { try await $0.actor.get(Pools.resource, $0.id("pool"), where: "panel_id = \($0.id("panel"))") },
    ]
}
