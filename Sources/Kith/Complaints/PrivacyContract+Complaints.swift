extension PrivacyContract {
    static let complaints = PrivacyContract(
        holdings: [
            .init(
                "What was done about your complaints", table: "kith.complaint_entries", columns: ["step", "written_at"],
                ofPerson: "complaint_id in (select complaint_id from kith.complaints where raised_by = $person)", confidentiality: .person,
                erasure: .replace(["words": "null"]),
                retention: .days(
                    1095, within: 365...3650,
                    since: "(select c.closed_at from kith.complaints c where c.complaint_id = complaint_entries.complaint_id)",
                    as: "complaint_entries", "The words go three years after the complaint was closed; the steps stay known.")),
            // The complaints of people from outside are reached by the rule alone.
            .init(
                "Complaints that you raised", table: "kith.complaints",
                columns: [
                    "kind", "complainant", "channel", "received_on", "acknowledge_by", "acknowledged_at", "state", "outcome", "closed_at",
                    "created_at",
                ],
                ofPerson: "raised_by = $person", confidentiality: .person,
                erasure: .replace(["summary": "'\\x'", "complainant": "case when complainant is null then null else 'Erased' end"]),
                retention: .days(
                    1095, within: 365...3650, since: "closed_at", as: "complaints",
                    "The words go three years after the complaint was closed; that there was one, and how it ended, stays known.")),
        ],
        impersonal: [
            "kith.complaints.summary": "sealed; the person reads it with kith complaint show", "kith.complaints.version": "counts changes",
            "kith.complaint_entries.words": "sealed; the person reads them with kith complaint show",
            "kith.policy_figures.*": "figures of law and policy",
        ])
}
