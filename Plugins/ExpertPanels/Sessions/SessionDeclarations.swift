import PluginKit

extension PrivacyContract {
    static let sessions: [Holding] = [
        .init(
            "Seats that you were offered", table: "expert_panels.seat_invitations",
            columns: ["invited_at", "expires_on", "accepted_at", "declined_at"], ofPerson: "person_id = $person",
            confidentiality: .ordinary,
            erasure: .keep(because: "With it nobody is asked twice. It holds ids and no reason."),
            retention: "As long as the network exists, by id only."),
        .init(
            "Terms that you accepted", table: "expert_panels.terms_acceptances", columns: ["channel", "accepted_at"],
            ofPerson: "person_id = $person", confidentiality: .ordinary,
            erasure: .keep(because: "That an agreement was made stays known. Only your id is kept."),
            retention: "As long as the network exists, by id only."),
        .init(
            "What was settled when you joined a panel", table: "expert_panels.onboarding_items",
            columns: ["kind", "title", "due_on", "state", "settled_on"], ofPerson: "person_id = $person", confidentiality: .ordinary,
            erasure: .delete, retention: "As long as you are a member of the network."),
        .init(
            "Who supports you on a panel, and whom you support", table: "expert_panels.support", columns: ["part", "since"],
            ofPerson: "person_id = $person or supporter_id = $person", confidentiality: .ordinary, erasure: .delete,
            retention: "Until one of you leaves the panel."),
        .init(
            "What you said to questions, under your name", table: "expert_panels.contributions", columns: ["words", "given_at"],
            ofPerson: "person_id = $person", confidentiality: .ordinary,
            erasure: .replace(["words": "case when words is null then null else 'Erased' end"]),
            retention: "As long as the network exists; once you are erased without the words."),
        .init(
            "What you chose in votes and consent rounds, under your name", table: "expert_panels.contributions", columns: ["choice"],
            ofPerson: "person_id = $person", confidentiality: .ordinary,
            erasure: .keep(because: "What a panel decided stays as it was. Only your id is kept."),
            retention: "As long as the network exists, by id only."),
        .init(
            "That you answered a question without your name", table: "expert_panels.contributors", columns: ["question_id"],
            ofPerson: "person_id = $person", confidentiality: .person,
            erasure: .keep(because: "Everybody answers once. What you said is kept apart, and nobody can tell which answer is yours."),
            retention: "As long as the network exists, by id only."),
        .init(
            "Whether you approved minutes", table: "expert_panels.minutes_replies", columns: ["approves", "correction", "replied_at"],
            ofPerson: "person_id = $person", confidentiality: .ordinary,
            erasure: .replace(["correction": "case when correction is null then null else 'Erased' end"]),
            retention: "As long as the network exists; once you are erased without the words."),
    ]

    static let impersonalSessions: [String: String] = [
        "terms.body": "the text of an agreement", "terms.changes": "describes the agreement",
        "closed_days.name": "names the day", "panel_questions.kind": "describes the question",
        "panel_questions.title": "describes the question", "panel_questions.details": "describes the question",
        "panel_questions.options": "describes the question", "contributions.choice": "one of the options of the question",
        "anonymous_contributions.choice": "one of the options of the question",
        "anonymous_contributions.words": "nobody can tell who wrote it, which the person is told before",
        "minutes.body": "the record of the session, which its members approve",
    ]
}

extension SchemaRule {
    static let sessions: [String: SchemaRule] = [
        "terms_panel_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "panel_rules_panel_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "terms_acceptances_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "onboarding_items_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "onboarding_items_owner_fkey": .missing("/owner_id", "There is no such person in this network."),
        "support_supporter_fkey": .missing("/supporter_id", "There is no such person in this network."),
        "closed_days_day_key": .conflict("This day is entered already."),
    ]
}

extension WithdrawalStep {
    /// What of settling in ends. The seat itself has ended by now, and with it the membership.
    static let onboarding: [WithdrawalStep] = [
        WithdrawalStep("Nothing that was still to be settled for you as a member of a panel is asked of you any more.") {
            """
            update expert_panels.onboarding_items o set state = 'not_needed', settled_on = current_date, version = version + 1
            where o.person_id = \($0.person) and o.state = 'open' and o.panel_id in (\(query: $0.activities))
            """
        },
        WithdrawalStep("You have no buddy or contact there any more, and are nobody's.", recording: "member.support_ended") {
            """
            delete from expert_panels.support s
            where \($0.person)::uuid in (s.person_id, s.supporter_id) and s.panel_id in (\(query: $0.activities))
            returning s.person_id as id
            """
        },
    ]
}
