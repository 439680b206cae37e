import PluginKit

extension SchemaRule {
    static let openCall: [String: SchemaRule] = [
        "interests_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "interests_secret_key": .conflict("Something went wrong by chance. Send it again."),
        "role_profiles_opportunity_fkey": .missing("/opportunity_id", "There is no such call in this panel."),
        "exclusions_standing_key": .conflict("This person is left out already, and the reason is on record."),
        "shortlists_opportunity_key": .conflict("This call has a shortlist already."),
        "shortlisters_person_fkey": .missing("/shortlister_ids", "Somebody of these is no person of this network."),
        "shortlisters_pkey": .conflict("This person scores already."),
        "parts_panel_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "parts_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "parts_once_key": .conflict("This person has this part already."),
        "voices_panel_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "voices_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "quorums_panel_fkey": .missing("/panel_id", "There is no such panel in this network."),
    ]
}

extension PrivacyContract {
    private static let ofInterest = "interest_id in (select interest_id from expert_panels.interests where person_id = $person)"

    /// What the open call, shortlisting and power hold of people. Whoever has no account withdraws with their secret, which deletes it.
    static let openCall: [Holding] = [
        .init(
            "Your name and how to reach you, as you gave them with an expression of interest", table: "expert_panels.interest_contacts",
            columns: ["name", "contact"], ofPerson: ofInterest, confidentiality: .ordinary, erasure: .delete,
            retention: "Until you withdraw, or two years after the panel has ended."),
        .init(
            "What you said of yourself for the targets", table: "expert_panels.interest_answers",
            columns: ["answers", "household", "identity"],
            ofPerson: ofInterest, confidentiality: .specialCategory, erasure: .delete,
            retention: "Until you withdraw, or the time to question the draw is over."),
        .init(
            "Your answers for equality monitoring, with an expression of interest", table: "expert_panels.interest_monitoring",
            columns: ["question", "answer"], ofPerson: ofInterest, confidentiality: .specialCategory, erasure: .delete,
            retention: "Until you withdraw or change your mind."),
        .init(
            "What you agreed to with an expression of interest", table: "expert_panels.interest_consents",
            columns: ["purpose", "wording", "given", "channel", "happened_at"], ofPerson: ofInterest, confidentiality: .ordinary,
            erasure: .keep(because: "It proves what was agreed to, by id only."), retention: "As long as the network exists, by id only."),
        .init(
            "Conflicts of interest", table: "expert_panels.conflicts", columns: ["kind", "words", "declared_at", "expires_on"],
            ofPerson: "person_id = $person or \(ofInterest)", confidentiality: .ordinary,
            erasure: .replace(["kind": "'other'", "words": "null"]),
            retention: "Until two years after the panel has ended."),
        .init(
            "How your expression of interest was scored, and scores that you gave", table: "expert_panels.assessments",
            columns: ["points", "words", "written_at"], ofPerson: "person_id = $person or \(ofInterest)", confidentiality: .ordinary,
            erasure: .replace(["words": "null"]), retention: "Until two years after the panel has ended."),
        .init(
            "Why you were left out of a draw", table: "expert_panels.exclusions",
            columns: ["reason", "decided_at", "lifted_reason"],
            ofPerson: "volunteer_id in (select volunteer_id from expert_panels.volunteers where person_id = $person)",
            confidentiality: .ordinary,
            erasure: .replace([
                "reason": "'erased'", "lifted_reason": "case when lifted_reason is not null then 'erased' end",
            ]),
            retention: "Until two years after the panel has ended."),
        .init(
            "Your expressions of interest", table: "expert_panels.interests",
            columns: ["reference", "words", "recording", "feedback", "sent_at", "withdrawn_at"],
            ofPerson: "person_id = $person", confidentiality: .ordinary,
            erasure: .replace([
                "reference": "'erased ' || interest_id", "words": "null", "recording": "null", "feedback": "null",
                "withdrawn_at": "coalesce(withdrawn_at, now())",
            ]),
            retention: .days(
                180, within: 30...730, since: "case when sent_at is null and withdrawn_at is null then created_at end",
                as: "interest_drafts",
                "Drafts for 180 days, unless your network chooses otherwise. What you sent in until two years after the panel has ended.")),
        .init(
            "Calls for which you scored", table: "expert_panels.shortlisters",
            columns: ["declared_at", "declaration_expires_on", "finished_at", "ended_at"], ofPerson: "person_id = $person",
            confidentiality: .ordinary, erasure: .keep(because: "Who decides is on record, by id only."),
            retention: "As long as the network exists, by id only."),
        .init(
            "What you said of your lived experience, to be counted", table: "expert_panels.lived_experience",
            columns: ["declares", "in_every_group", "declared_at"], ofPerson: "person_id = $person", confidentiality: .person,
            erasure: .delete, retention: "Until you take it back or leave."),
        .init(
            "Panels that you chair or select for", table: "expert_panels.parts", columns: ["part", "created_at", "ended_at"],
            ofPerson: "person_id = $person", confidentiality: .ordinary, erasure: .keep(because: "Who decides is on record, by id only."),
            retention: "As long as the network exists, by id only."),
        .init(
            "How much you put on agendas and spoke", table: "expert_panels.voices", columns: ["held_on", "agenda_items", "minutes_spoken"],
            ofPerson: "person_id = $person", confidentiality: .ordinary,
            erasure: .keep(because: "The shares of a session stay known. They hold numbers by id."),
            retention: "As long as the network exists, by id only."),
    ]

    static let impersonalOpenCall = [
        "role_profiles.time_needed": "describes the call", "role_profiles.pay": "describes the call",
        "role_profiles.support": "describes the call", "role_profiles.who_for": "describes the call",
        "exclusions.stage": "one of three stages", "interests.channel": "one of four ways",
        "interests.secret_hash": "a digest of a random number",
        "role_profiles.eligibility": "describes the call", "shortlists.criteria": "describes what is scored",
    ]
}

extension WithdrawalStep {
    /// What ends of the open call, beside the offers and seats; an offer that is taken back takes its expression of interest with it.
    static let openCall: [WithdrawalStep] = [
        WithdrawalStep(
            "Drafts of your expressions of interest are deleted, but for the fact that there was one.", recording: "interest.withdrawn"
        ) {
            """
            update expert_panels.interests i set withdrawn_at = now(), version = i.version + 1 from expert_panels.opportunities o
            where i.person_id = \($0.person) and i.withdrawn_at is null
              and o.network_id = i.network_id and o.opportunity_id = i.opportunity_id and o.panel_id in (\(query: $0.activities))
            returning i.interest_id as id
            """
        },
        WithdrawalStep("You score no more for a panel, and the points that you gave do not count.", recording: "shortlister.ended") {
            """
            update expert_panels.shortlisters l set ended_at = now()
            from expert_panels.shortlists s, expert_panels.opportunities o
            where l.person_id = \($0.person) and l.ended_at is null and s.network_id = l.network_id and s.shortlist_id = l.shortlist_id
              and s.decided_at is null
              and o.network_id = s.network_id and o.opportunity_id = s.opportunity_id and o.panel_id in (\(query: $0.activities))
            returning l.shortlist_id as id
            """
        },
        WithdrawalStep("You chair a panel no more, nor select for it.", recording: "part.ended") {
            """
            update expert_panels.parts p set ended_at = now()
            where p.person_id = \($0.person) and p.ended_at is null and p.panel_id in (\(query: $0.activities)) returning p.part_id as id
            """
        },
        WithdrawalStep("When you leave the network, nobody is counted as you any more.") {
            $0.scope == .network ? "select expert_panels.forget_lived_experience(\($0.person))" : nil
        },
    ]
}
