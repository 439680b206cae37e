import ExpertPanelsMigrations
public import PluginKit

/// Panels of experts by experience: from the open call to the drawn seats.
public enum ExpertPanels: Plugin {
    public static let id = "expert_panels"
    public static let title = "Expert-by-experience panels"
    public static let summary = "Convene a panel of people with lived experience, drawn fairly under published targets"
    public static let version = "0.1.0"
    public static let migrations = ExpertPanelsMigrations.files.map { Migration(module: id, number: $0.number, name: $0.name, sql: $0.sql) }
    public static let permissions: [Permission] = [.createPanels, .managePanel, .seePanel, .checkDraws, .seeSelection] + Permission.pay
    public static let settings = [Conflicts.days] + Power.settings + Drand.settings
    public static let purposes = [LivedExperience.purpose]
    public static let endpoints =
        Endpoint.panels + Endpoint.opportunities + Endpoint.volunteers + Endpoint.doubles + Endpoint.openCall + Endpoint.eligibility
        + Endpoint.shortlisting + Endpoint.targets + Endpoint.pools + Endpoint.draws + Endpoint.onboarding + Endpoint.terms
        + Endpoint.sessions + Endpoint.minutes + Endpoint.contributions + Endpoint.pay + Endpoint.recommendations
        + Endpoint.publicRegister + Endpoint.linkedInterests + Endpoint.power
    public static let jobs = [DrawWork.job, PayAlerts.job, RecommendationAlerts.job, SeatReminders.job]
    public static let templates = [MessageTemplate.seatInvitation, .seatReminder, .answerOverdue] + MessageTemplate.pay
    public static let calendars = [Opportunities.calendar, Recommendations.calendar, OnboardingItems.calendar]
    public static let commands: [any ParsableCommand.Type] = [PanelCommand.self]
    public static let rules = [SchemaRule.panels, SchemaRule.openCall, SchemaRule.sessions, SchemaRule.pay].reduce(into: [:]) {
        $0.merge($1) { $1 }
    }
    public static let withdrawal = WithdrawalStep.panels + WithdrawalStep.openCall + WithdrawalStep.onboarding + WithdrawalStep.pay
    public static let privacy = PrivacyContract(
        holdings: PrivacyContract.panels + PrivacyContract.doubles
            + PrivacyContract.openCall + PrivacyContract.sessions + PrivacyContract.pay,
        impersonal: [
            PrivacyContract.impersonalPanels, PrivacyContract.impersonalOpenCall, PrivacyContract.impersonalSessions,
            PrivacyContract.impersonalPay,
        ].reduce(into: [:]) { $0.merge($1) { $1 } })
}

extension Permission {
    static let createPanels = Permission(
        "expert_panels.create_panels", "Set up a panel", roles: [.administrator, .programmeLead])
    static let managePanel = Permission(
        "expert_panels.manage_panel", "Call for volunteers, set targets and draw", roles: [.administrator, .programmeLead, .facilitator])
    /// Not for those who draw: the record holds what volunteers said of themselves, by their references.
    static let checkDraws = Permission(
        "expert_panels.check_draws", "Read the record of a draw, to check it or hand it to others who do", roles: [.auditor])
    static let seePanel = Permission(
        "expert_panels.see_panel", "See a panel and its call", roles: Set(Role.allCases))
}
