import ExpertPanelsMigrations
public import PluginKit

/// Panels of experts by experience: from the open call to the drawn seats.
public enum ExpertPanels: Plugin {
    public static let id = "expert_panels"
    public static let title = "Expert-by-experience panels"
    public static let summary = "Convene a panel of people with lived experience, drawn fairly under published targets"
    public static let version = "0.1.0"
    public static let migrations = ExpertPanelsMigrations.files.map { Migration(module: id, number: $0.number, name: $0.name, sql: $0.sql) }
    public static let permissions: [Permission] = [.createPanels, .managePanel, .seePanel, .checkDraws, .seeSelection]
    public static let settings = [Conflicts.days] + Power.settings
    public static let purposes = [LivedExperience.purpose]
    public static let endpoints =
        Endpoint.panels + Endpoint.opportunities + Endpoint.volunteers + Endpoint.targets + Endpoint.pools + Endpoint.draws
        + Endpoint.recommendations + Endpoint.openCall + Endpoint.eligibility + Endpoint.shortlisting + Endpoint.power + Endpoint.terms + Endpoint.onboarding + Endpoint.sessions + Endpoint.minutes + Endpoint.contributions
    public static let jobs = [Draws.job]
    public static let templates = [MessageTemplate.seatInvitation]
    public static let calendars = [Opportunities.calendar, Recommendations.calendar, OnboardingItems.calendar]
    public static let commands: [any ParsableCommand.Type] = [PanelCommand.self]
    public static let rules: [String: SchemaRule] = [
        "activities_programme_fkey": .missing("/programme_id", "There is no such programme in this network."),
        "panels_activity_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "volunteers_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "opportunities_panel_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "recommendations_panel_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "recommendations_organisation_fkey": .missing("/organisation_id", "There is no such organisation in this network."),
        "recommendations_owner_fkey": .missing("/owner_id", "There is no such person in this network."),
        "recommendation_authors_person_fkey": .missing("/author_ids", "Somebody of these is no person of this network."),
        "opportunities_dates_check": .invalid("/closes_at", "This is before the opening."),
        "draws_commitment_kept": .conflict("What was committed to does not change."),
        "volunteers_reference_key": .conflict("A volunteer with this id came in at the same moment. Send the file again."),
        "pools_after_draw_fkey": .missing("/after_draw_id", "There is no such draw of this call."),
        "targets_value_key": .conflict("The targets of this opportunity were changed at the same moment. Send the file again."),
    ].merging(openCallRules) { $1 }.merging(.sessions) { $1 }
    public static let withdrawal = WithdrawalStep.panels + WithdrawalStep.openCall + WithdrawalStep.onboarding
    public static let privacy = PrivacyContract(
        holdings: [
            .init(
                "Offers to take a seat on a panel", table: "expert_panels.volunteers",
                columns: ["reference", "created_at", "withdrawn_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary,
                erasure: .replace(["reference": "'erased ' || volunteer_id", "withdrawn_at": "coalesce(withdrawn_at, now())"]),
                retention: "Until two years after the panel has ended."),
            .init(
                "What volunteers say of themselves for the targets", table: "expert_panels.characteristics",
                columns: ["answers", "household"],
                ofPerson: "volunteer_id in (select volunteer_id from expert_panels.volunteers where person_id = $person)",
                confidentiality: .specialCategory, erasure: .delete, retention: "Until the panel is drawn and its time for review is over."),
            .init(
                "The frozen pool of a draw", table: "expert_panels.pool_members",
                columns: ["reference", "answers", "household", "reason"],
                ofPerson: "volunteer_id in (select volunteer_id from expert_panels.volunteers where person_id = $person)",
                confidentiality: .specialCategory,
                erasure: .replace([
                    "reference": "'erased ' || volunteer_id", "answers": "'{}'", "household": "null",
                    "reason": "case when reason is not null then 'erased' end",
                ]),
                retention: "Until the time to question the draw is over."),
            .init(
                "Whether you could be drawn", table: "expert_panels.pool_members", columns: ["standing"],
                ofPerson: "volunteer_id in (select volunteer_id from expert_panels.volunteers where person_id = $person)",
                confidentiality: .ordinary,
                erasure: .keep(because: "How many could be drawn stays known. The reason and all that you said of yourself goes."),
                retention: "As long as the network exists, by id only."),
            .init(
                "Seats that you were drawn for", table: "expert_panels.seats", columns: ["part", "place", "created_at", "ended_at"],
                ofPerson: "volunteer_id in (select volunteer_id from expert_panels.volunteers where person_id = $person)",
                confidentiality: .ordinary,
                erasure: .keep(because: "Anyone can check a draw against its result. It holds ids and no words."),
                retention: "As long as the network exists, by id only."),
            .init(
                "Recommendations that you made", table: "expert_panels.recommendation_authors", columns: ["recommendation_id"],
                ofPerson: "person_id = $person", confidentiality: .ordinary,
                erasure: .keep(because: "How many made a recommendation stays known. Only your id is kept."),
                retention: "As long as the network exists, by id only."),
            .init(
                "Whether you agreed with answers", table: "expert_panels.opinions", columns: ["agrees", "given_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary,
                erasure: .keep(because: "How many agreed stays known. Only your id is kept."),
                retention: "As long as the network exists, by id only."),
            .init(
                "Answers that you gave for an organisation", table: "expert_panels.answers", columns: ["answer", "words", "answered_at"],
                ofPerson: "answered_by = $person", confidentiality: .ordinary,
                erasure: .keep(because: "What an organisation answered is public and stays. It is the organisation's answer, by your id."),
                retention: "As long as the network exists."),
        ] + PrivacyContract.openCall + PrivacyContract.sessionHoldings,
        impersonal: [
            "panels.purpose": "describes the panel", "opportunities.title": "describes the call",
            "opportunities.description": "describes the call", "targets.feature": "describes the target",
            "targets.value": "describes the target", "pools.targets": "the published targets", "pools.hash": "a digest of the whole pool",
            "draws.algorithm": "names the method", "draws.seed": "a random number", "draws.secret": "a random number",
            "draws.secret_hash": "a digest", "draws.public_value_source": "names a public source",
            "draws.public_value": "a public value", "draws.version": "names the way of drawing",
            "draws.lottery": "numbers of tickets and seats, without anybody's id", "draws.lottery_hash": "a digest",
            "draws.commitment": "a digest", "draws.note": "says that a draw was made again, without anybody's id",
            "seats.part": "seat or reserve",
            "recommendations.title": "describes the recommendation", "recommendations.details": "describes the recommendation",
            "recommendations.evidence": "describes the recommendation",
        ].merging(PrivacyContract.openCallImpersonal) { $1 }.merging(PrivacyContract.sessionImpersonal) { $1 })
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
