import PluginKit
import struct FoundationEssentials.UUID

/// The figures by which a panel works, each with what is usual where it has chosen nothing.
enum PanelRules {
    static let resource = Resource(
        "PanelRules", "panel", table: "expert_panels.panel_rule_details", key: "panel_id",
        [
            .integer("invitation_days", "For how many days a seat is offered; usually 14."),
            .integer("onboarding_days", "Within how many days a new member is to be settled in; usually 28."),
            .integer("papers_working_days", "How many working days before a session its papers are due; usually 5."),
            .integer("minutes_without_break", "How long people sit without a break at most, in minutes; usually 90."),
            .integer("minutes_quorum_percent", "The share of members who must approve minutes, in percent; usually 50."),
            .integer(
                "reminder_days", "How many days before the offer of a seat runs out whoever is asked is reminded; usually 3, 0 for never."),
        ])

    /// What is chosen; what is left out stays as it is.
    struct Choice: Input {
        let invitationDays: Int?
        let onboardingDays: Int?
        let papersWorkingDays: Int?
        let minutesWithoutBreak: Int?
        let minutesQuorumPercent: Int?
        let reminderDays: Int?

        init(from fields: inout Fields) {
            invitationDays = fields.optional("invitation_days", .integer(1...365), "For how many days a seat is offered.")
            onboardingDays = fields.optional(
                "onboarding_days", .integer(1...365), "Within how many days a new member is to be settled in.")
            papersWorkingDays = fields.optional(
                "papers_working_days", .integer(0...60), "How many working days before a session its papers are due.")
            minutesWithoutBreak = fields.optional(
                "minutes_without_break", .integer(15...480), "How long people sit without a break at most, in minutes.")
            minutesQuorumPercent = fields.optional(
                "minutes_quorum_percent", .integer(1...100), "The share of members who must approve minutes, in percent.")
            reminderDays = fields.optional(
                "reminder_days", .integer(0...60), "How many days before the offer of a seat runs out there is a reminder; 0 for never.")
        }
    }

    /// Chooses.
    static func choose(by actor: Actor, for panel: UUID, _ choice: Choice) async throws -> Row {
        try await actor.run(
            actor.recorded(
                """
                insert into expert_panels.panel_rules as r (network_id, panel_id, invitation_days, onboarding_days, papers_working_days,
                    minutes_without_break, minutes_quorum_percent, reminder_days)
                values (\(actor.network), \(panel), \(choice.invitationDays), \(choice.onboardingDays), \(choice.papersWorkingDays),
                        \(choice.minutesWithoutBreak), \(choice.minutesQuorumPercent), \(choice.reminderDays))
                on conflict (network_id, panel_id) do update set
                    invitation_days = coalesce(excluded.invitation_days, r.invitation_days),
                    onboarding_days = coalesce(excluded.onboarding_days, r.onboarding_days),
                    papers_working_days = coalesce(excluded.papers_working_days, r.papers_working_days),
                    minutes_without_break = coalesce(excluded.minutes_without_break, r.minutes_without_break),
                    minutes_quorum_percent = coalesce(excluded.minutes_quorum_percent, r.minutes_quorum_percent),
                    reminder_days = coalesce(excluded.reminder_days, r.reminder_days)
                returning panel_id as id
                """),
            "select \(query: resource.columns) from expert_panels.panel_rule_details where panel_id = \(panel)"
        )[1].only(resource)
    }
}
