import PluginKit

extension SchemaRule {
    /// What the constraints of volunteering, the draw and the recommendations mean.
    static let panels: [String: SchemaRule] = [
        "activities_programme_fkey": .missing("/programme_id", "There is no such programme in this network."),
        "panels_activity_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "volunteers_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "opportunities_panel_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "recommendations_panel_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "register_publications_panel_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "recommendations_organisation_fkey": .missing("/organisation_id", "There is no such organisation in this network."),
        "recommendations_owner_fkey": .missing("/owner_id", "There is no such person in this network."),
        "recommendation_authors_person_fkey": .missing("/author_ids", "Somebody of these is no person of this network."),
        "opportunities_dates_check": .invalid("/closes_at", "This is before the opening."),
        "draws_commitment_kept": .conflict("What was committed to does not change."),
        "volunteers_reference_key": .conflict("A volunteer with this id came in at the same moment. Send the file again."),
        "pools_after_draw_fkey": .missing("/after_draw_id", "There is no such draw of this call."),
        "targets_value_key": .conflict("The targets of this opportunity were changed at the same moment. Send the file again."),
    ]
}

extension PrivacyContract {
    /// What volunteering, the draw and the recommendations hold of people.
    static let panels: [Holding] = [
        .init(
            "Offers to take a seat on a panel", table: "expert_panels.volunteers",
            columns: ["reference", "created_at", "withdrawn_at"],
            ofPerson: "person_id = $person", confidentiality: .ordinary,
            erasure: .replace(["reference": "'erased ' || volunteer_id", "withdrawn_at": "coalesce(withdrawn_at, now())"]),
            retention: "Until two years after the panel has ended."),
        .init(
            "What volunteers say of themselves for the targets", table: "expert_panels.characteristics",
            columns: ["answers", "household", "identity"],
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
    ]

    /// What of it is about nobody.
    static let impersonalPanels: [String: String] = [
        "panels.purpose": "describes the panel", "opportunities.title": "describes the call",
        "opportunities.description": "describes the call", "targets.feature": "describes the target",
        "targets.value": "describes the target", "pools.targets": "the published targets", "pools.hash": "a digest of the whole pool",
        "draws.algorithm": "names the method", "draws.seed": "a random number", "draws.secret": "a random number",
        "draws.secret_hash": "a digest", "draws.public_value_source": "names a public source",
        "draws.public_value": "a public value", "draws.drand_signature": "published by drand",
        "draws.drand_address": "where drand publishes", "draws.version": "names the way of drawing",
        "draws.lottery": "numbers of tickets and seats, without anybody's id", "draws.lottery_hash": "a digest",
        "draws.commitment": "a digest", "draws.note": "says that a draw was made again, without anybody's id",
        "seats.part": "seat or reserve",
        "recommendations.title": "describes the recommendation", "recommendations.details": "describes the recommendation",
        "recommendations.evidence": "describes the recommendation",
    ]
}
