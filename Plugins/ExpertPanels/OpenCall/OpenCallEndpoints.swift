import HTTPTypes
import PluginKit

extension Access {
    /// Anybody, for a call that is published.
    fileprivate static let published = Access.visitor(door: "expert_panels.enter_open_call", at: "opportunity")
    /// Whoever shows the secret of an expression of interest.
    fileprivate static let interested = Access.visitor(door: "expert_panels.enter_interest")
}

extension Endpoint {
    static let openCall: [Endpoint] = profiles + pages + interests + ownInterest

    private static let profiles: [Endpoint] = [
        .act(
            "write_role_profile", method: .put, "/networks/{network}/panels/{panel}/opportunities/{opportunity}/profile",
            "Say in plain English what a call involves and whom it is for", .permission(.managePanel, .parameter("panel")),
            records: "role_profile.written", returns: OpenCalls.resource
        ) { try await OpenCalls.write(by: $0.actor, $0.input, for: $0.id("opportunity"), of: $0.id("panel")) },
        .get(
            "get_role_profile", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/profile", "Read the role profile of a call",
            .permission(.seePanel, .anywhere), returns: OpenCalls.resource
        ) { try await $0.actor.get(OpenCalls.resource, $0.id("opportunity"), where: "panel_id = \($0.id("panel"))") },
        .act(
            "publish_call", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/profile/publish",
            "Publish a call, for anybody to read", .permission(.managePanel, .parameter("panel")), records: "call.published",
            returns: OpenCalls.resource, body: NoInput.self
        ) { try await OpenCalls.publish(by: $0.actor, $0.id("opportunity"), of: $0.id("panel")) },
    ]

    private static let pages: [Endpoint] = [
        .get(
            "get_open_call", "/networks/{network}/open-calls/{opportunity}", "Read a published call", .published,
            returns: OpenCalls.resource
        ) { try await $0.actor.get(OpenCalls.resource, $0.id("opportunity")) },
        .file(
            "get_open_call_deadline", "/networks/{network}/open-calls/{opportunity}/deadline", "Read until when a call is open (iCalendar)",
            .published, mediaType: "text/calendar; charset=utf-8"
        ) { try await OpenCalls.deadline(by: $0.actor, $0.id("opportunity")) },
        .act(
            "begin_interest", "/networks/{network}/open-calls/{opportunity}/interests",
            "Begin an expression of interest, as a draft; its secret is shown once", .published, records: "interest.begun",
            returns: Interests.begun, answersSecret: true, body: InterestDraft.self
        ) { try await Interests.begin(by: $0.actor, $0.input, for: $0.id("opportunity")) },
    ]

    private static let ownInterest: [Endpoint] = [
        .get(
            "get_own_interest", "/networks/{network}/interest", "Read your expression of interest, and what came of it", .interested,
            returns: Interests.resource
        ) { try await Interests.own(by: $0.actor) },
        .act(
            "replace_own_interest", method: .put, "/networks/{network}/interest", "Replace your draft", .interested,
            records: "interest.changed", returns: Interests.resource
        ) { try await Interests.replace(by: $0.actor, $0.input) },
        .act(
            "send_own_interest", "/networks/{network}/interest/send", "Send in your expression of interest", .interested,
            records: "interest.sent", returns: Interests.resource
        ) { try await InterestSending.send(by: $0.actor, $0.input) },
        .end(
            "withdraw_own_interest", method: .post, "/networks/{network}/interest/withdraw",
            "Withdraw at once and without a reason; what you said is deleted", .interested, records: "interest.withdrawn"
        ) { try await Interests.withdraw(by: $0.actor) },
        .act(
            "ask_for_feedback", "/networks/{network}/interest/feedback", "Ask for feedback, where you were not chosen", .interested,
            records: "feedback.wanted", returns: Interests.resource, body: NoInput.self
        ) { try await Interests.askForFeedback(by: $0.actor) },
        .value(
            "get_own_interest_monitoring", "/networks/{network}/interest/monitoring", "Read your own answers for equality monitoring",
            .interested, returns: MonitoringAnswers.schema
        ) { try await InterestMonitoring.get(by: $0.actor) },
        .end(
            "replace_own_interest_monitoring", method: .put, "/networks/{network}/interest/monitoring",
            "Answer for equality monitoring; any question may be skipped", .interested, records: "monitoring.answered",
            body: InterestMonitoring.Answers.self
        ) { try await InterestMonitoring.replace(by: $0.actor, $0.input) },
        .end(
            "delete_own_interest_monitoring", "/networks/{network}/interest/monitoring",
            "Have your answers for equality monitoring deleted",
            .interested, records: "monitoring.deleted"
        ) { try await InterestMonitoring.delete(by: $0.actor) },
    ]

    private static let interests: [Endpoint] = [
        .create(
            "enter_interest", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/interests",
            "Write down and send in what somebody told you, with their consent; hand them the secret",
            .permission(.managePanel, .parameter("panel")), records: "interest.entered", returns: Interests.begun, answersSecret: true,
            body: InterestSending.Helped.self
        ) { try await InterestSending.enter(by: $0.actor, $0.input, for: $0.id("opportunity"), of: $0.id("panel")) },
        .list(
            "list_interests", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/interests",
            "List what was sent in; names are kept from you while you shortlist", .permission(.managePanel, .parameter("panel")),
            of: Interests.resource, by: Interests.Filters.self
        ) { try await $0.actor.list(Interests.resource, $0.page, where: $0.input.condition(of: $0.id("panel"), $0.id("opportunity"))) },
        .get(
            "get_interest", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/interests/{interest}",
            "Read what somebody sent in", .permission(.managePanel, .parameter("panel")), returns: Interests.resource
        ) {
            try await $0.actor.get(
                Interests.resource, $0.id("interest"),
                where: "panel_id = \($0.id("panel")) and opportunity_id = \($0.id("opportunity")) and sent_at is not null")
        },
        .act(
            "give_feedback", method: .put, "/networks/{network}/panels/{panel}/opportunities/{opportunity}/interests/{interest}/feedback",
            "Give feedback to somebody who asked for it", .permission(.managePanel, .parameter("panel")), records: "feedback.given",
            returns: Interests.resource
        ) { try await Interests.giveFeedback(by: $0.actor, $0.input, to: $0.id("interest"), of: $0.id("panel")) },
        .value(
            "count_interest_monitoring", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/monitoring-counts",
            "Read who expressed interest, in groups of five or more", .permission(.seeSelection, .parameter("panel")),
            returns: MonitoringAnswers.countSchema
        ) { try await InterestMonitoring.count(by: $0.actor, for: $0.id("opportunity"), of: $0.id("panel")) },
    ]
}

extension Permission {
    /// Counts and reasons, without anybody's words.
    static let seeSelection = Permission(
        "expert_panels.see_selection", "See how people were selected: counts, reasons for leaving somebody out, power",
        roles: [.administrator, .programmeLead, .facilitator, .auditor])
}
