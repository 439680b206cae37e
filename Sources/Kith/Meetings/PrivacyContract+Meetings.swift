extension PrivacyContract {
    static let meetings = PrivacyContract(
        holdings: [
            .init(
                "Meetings that you were invited to", table: "kith.meeting_invitations",
                columns: [
                    "invited_at", "reply", "attends_by", "supporters", "replied_at", "attended", "attended_supporters", "withdrawn_at",
                ],
                ofPerson: "person_id = $person", confidentiality: .ordinary,
                erasure: .replace([
                    "reply": "null", "attends_by": "null", "supporters": "0", "attended_supporters": "null",
                    "withdrawn_at": "case when attended is null then coalesce(withdrawn_at, now()) else withdrawn_at end",
                ]),
                retention: "As long as the network exists; once you are erased by id only, with how many took part.")
        ],
        impersonal: [
            "kith.meetings.*": "describes the meeting", "kith.meeting_papers.*": "describes the paper",
            "kith.meeting_invitations.changes": "counts changes",
        ])
}
