import HTTPTypes
import PluginKit

extension Endpoint {
    static let minutes: [Endpoint] = [
        .create(
            "draft_minutes", "/networks/{network}/panels/{panel}/sessions/{session}/minutes", "Write a draft of the minutes",
            .permission(.managePanel, .parameter("panel")), records: "minutes.drafted", returns: Minutes.resource
        ) { try await Minutes.draft(by: $0.actor, of: $0.id("panel"), $0.id("session"), $0.input) },
        .list(
            "list_minutes", "/networks/{network}/panels/{panel}/sessions/{session}/minutes",
            "List every draft of the minutes, as a member or as whoever runs the panel", .member, of: Minutes.resource
        ) {
            try await $0.actor.list(Minutes.resource, $0.page, where: "panel_id = \($0.id("panel")) and session_id = \($0.id("session"))")
        },
        .get(
            "get_minutes", "/networks/{network}/panels/{panel}/sessions/{session}/minutes/{minutes}", "Read a draft of the minutes",
            .member, returns: Minutes.resource
        ) {
            try await $0.actor.get(
                Minutes.resource, $0.id("minutes"), where: "panel_id = \($0.id("panel")) and session_id = \($0.id("session"))")
        },
        .act(
            "reply_to_minutes", method: .put, "/networks/{network}/panels/{panel}/sessions/{session}/minutes/{minutes}/reply",
            "Approve the minutes, or say what is to be corrected", .member, records: "minutes.answered", returns: Minutes.resource
        ) { try await Minutes.reply(by: $0.actor, $0.id("minutes"), of: $0.id("panel"), $0.id("session"), $0.input) },
        .list(
            "list_minutes_replies", "/networks/{network}/panels/{panel}/sessions/{session}/minutes/{minutes}/replies",
            "List who approves a draft, and what is to be corrected", .member, of: Minutes.replies
        ) {
            try await $0.actor.list(
                Minutes.replies, $0.page,
                where: "panel_id = \($0.id("panel")) and session_id = \($0.id("session")) and minutes_id = \($0.id("minutes"))")
        },
    ]
}
