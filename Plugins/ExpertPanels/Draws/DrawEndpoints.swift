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
        .start(
            "reveal_draw", "/networks/{network}/panels/{panel}/draws/{draw}/reveal",
            "Give a draw that was committed to its public value, and draw", .permission(.managePanel, .parameter("panel")),
            records: "draw.revealed"
        ) { try await Draws.reveal(by: $0.actor, $0.id("draw"), $0.input, of: $0.id("panel")) },
        .value(
            "get_draw_record", "/networks/{network}/panels/{panel}/draws/{draw}/record",
            "Read the record of a draw, which kith verify draw checks", .permission(.checkDraws, .anywhere),
            returns: .inline(["type": "object"])
        ) { try await DrawAnswers.record(by: $0.actor, $0.id("draw"), of: $0.id("panel")) },
        .file(
            "get_draw_plot", "/networks/{network}/panels/{panel}/draws/{draw}/plot",
            "Read everyone's chance as a picture (SVG), without anybody's id", .permission(.seePanel, .anywhere),
            mediaType: "image/svg+xml"
        ) { try await DrawAnswers.plot(by: $0.actor, $0.id("draw"), of: $0.id("panel")) },
        .value(
            "get_own_chance", "/networks/{network}/panels/{panel}/draws/{draw}/own-chance",
            "Read your own chance in a draw, why it was what it was, and what happened", .member, returns: DrawAnswers.chance
        ) { try await DrawAnswers.own(by: $0.actor, $0.id("draw"), of: $0.id("panel")) },
        .list(
            "list_seats", "/networks/{network}/panels/{panel}/draws/{draw}/seats", "List who was drawn and the reserves, in their order",
            .permission(.managePanel, .parameter("panel")), of: Draws.seats
        ) {
            try await $0.actor.list(Draws.seats, $0.page, where: "panel_id = \($0.id("panel")) and draw_id = \($0.id("draw"))")
        },
    ]
}
