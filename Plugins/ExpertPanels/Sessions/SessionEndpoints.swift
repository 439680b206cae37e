import HTTPTypes
import PluginKit

extension Endpoint {
    static let sessions: [Endpoint] = [
        .create(
            "create_panel_session", "/networks/{network}/panels/{panel}/sessions", "Plan a session and ask every member to it",
            .permission(.managePanel, .parameter("panel")), records: "session.created", returns: PanelSessions.resource
        ) { try await PanelSessions.create(by: $0.actor, of: $0.id("panel"), $0.input) },
        .list(
            "list_panel_sessions", "/networks/{network}/panels/{panel}/sessions", "List the sessions that concern you", .member,
            of: PanelSessions.resource
        ) { try await $0.actor.list(PanelSessions.resource, $0.page, where: PanelSessions.visible(of: $0.id("panel"))) },
        .get(
            "get_panel_session", "/networks/{network}/panels/{panel}/sessions/{session}", "Read a session", .member,
            returns: PanelSessions.resource
        ) { try await $0.actor.get(PanelSessions.resource, $0.id("session"), where: PanelSessions.visible(of: $0.id("panel"))) },
        .act(
            "ask_members", "/networks/{network}/panels/{panel}/sessions/{session}/ask-members",
            "Ask the members who are not asked yet", .permission(.managePanel, .parameter("panel")), records: "session.members_asked",
            returns: PanelSessions.resource, body: NoInput.self
        ) { try await PanelSessions.askMembers(by: $0.actor, of: $0.id("panel"), to: $0.id("session")) },
        .act(
            "ready_panel_session", "/networks/{network}/panels/{panel}/sessions/{session}/ready",
            "Mark a session as ready: every access need is arranged or explained", .permission(.managePanel, .parameter("panel")),
            records: "session.ready", returns: PanelSessions.resource, body: NoInput.self
        ) { try await PanelSessions.markReady(by: $0.actor, of: $0.id("panel"), $0.id("session")) },
        .list(
            "list_session_papers", "/networks/{network}/panels/{panel}/sessions/{session}/papers",
            "List the papers of a session, and which are late", .member, of: PanelSessions.papers
        ) {
            try await $0.actor.list(
                PanelSessions.papers, $0.page,
                where: """
                    session_id = \($0.id("session")) and session_id in (
                        select session_id from expert_panels.session_details where \(query: PanelSessions.visible(of: $0.id("panel"))))
                    """)
        },
        .create(
            "add_closed_day", "/networks/{network}/closed-days", "Enter a bank holiday or another day on which nobody works",
            .permission(.managePanel, .network), records: "closed_day.added", returns: ClosedDays.resource
        ) { try await ClosedDays.create(by: $0.actor, $0.input) },
        .list(
            "list_closed_days", "/networks/{network}/closed-days", "List the days on which nobody works", .member, of: ClosedDays.resource
        ) { try await $0.actor.list(ClosedDays.resource, $0.page) },
        .get(
            "get_closed_day", "/networks/{network}/closed-days/{closed_day}", "Read a day on which nobody works", .member,
            returns: ClosedDays.resource
        ) { try await $0.actor.get(ClosedDays.resource, $0.id("closed_day")) },
        .end(
            "remove_closed_day", "/networks/{network}/closed-days/{closed_day}", "Remove a day that was entered",
            .permission(.managePanel, .network), records: "closed_day.removed"
        ) { call in
            _ = try await call.actor.write(
                "delete from expert_panels.closed_days where closed_day_id = \(call.id("closed_day")) returning closed_day_id as id"
            ).only(ClosedDays.resource)
        },
    ]
}
