import PluginKit

extension Endpoint {
    static let draws: [Endpoint] = [
        .start(
            "start_draw", "/networks/{network}/panels/{panel}/draws", "Draw a panel from a frozen pool",
            .permission(.managePanel, .parameter("panel")), records: "draw.requested"
        ) { try await Draws.start(by: $0.actor, $0.input, of: $0.id("panel")) },
        .list(
            "list_draws", "/networks/{network}/panels/{panel}/draws", "List draws", .permission(.seePanel, .anywhere), of: Draws.resource
        ) { try await $0.actor.list(Draws.resource, $0.page, where: "panel_id = \($0.id("panel"))") },
        .get(
            "get_draw", "/networks/{network}/panels/{panel}/draws/{draw}", "Read a draw", .permission(.seePanel, .anywhere),
            returns: Draws.resource
        ) { try await $0.actor.get(Draws.resource, $0.id("draw"), where: "panel_id = \($0.id("panel"))") },
        .list(
            "list_seats", "/networks/{network}/panels/{panel}/draws/{draw}/seats", "List who was drawn and the reserves, in their order",
            .permission(.managePanel, .parameter("panel")), of: Draws.seats
        ) {
            try await $0.actor.list(Draws.seats, $0.page, where: "panel_id = \($0.id("panel")) and draw_id = \($0.id("draw"))")
        },
    ]
}
