extension PrivacyContract {
    // What refers to a need goes before it.
    static let accessNeeds = PrivacyContract(
        holdings: [
            .init(
                "What was arranged for your access needs at meetings", table: "kith.meeting_needs",
                columns: ["state", "arranged_at", "explanation", "met_at", "reviewed_at", "was_met"],
                ofPerson: "person_id = $person", confidentiality: .person, erasure: .delete,
                retention: "As long as you are a member of the network."),
            .init(
                "What your access needs were before they were changed", table: "kith.access_need_history",
                columns: [
                    "version", "kind", "details", "how_to_meet", "share_with", "is_flagged", "review_on", "ended_at", "changed_at",
                ],
                ofPerson: "need_id in (select need_id from kith.access_needs where person_id = $person)", confidentiality: .person,
                erasure: .delete, retention: "As long as you are a member of the network."),
            .init(
                "Your access needs", table: "kith.access_needs",
                columns: [
                    "kind", "details", "how_to_meet", "share_with", "is_flagged", "review_on", "reviewed_at", "created_at", "ended_at",
                ],
                ofPerson: "person_id = $person", confidentiality: .person, erasure: .delete,
                retention: "As long as you are a member of the network."),
            .init(
                "When you were asked about your access needs", table: "kith.access_enquiries", columns: ["outcome", "channel", "asked_at"],
                ofPerson: "person_id = $person", confidentiality: .person, erasure: .delete,
                retention: "As long as you are a member of the network."),
        ],
        impersonal: ["kith.access_needs.version": "counts changes"])
}
