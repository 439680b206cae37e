extension PrivacyContract {
    static let dataRights = PrivacyContract(
        holdings: [
            .init(
                "Copies of your data that are waiting to be fetched", table: "kith.exports", columns: ["created_at", "expires_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary, erasure: .delete, retention: "Seven days."),
            .init(
                "Requests for your data or its erasure", table: "kith.data_requests",
                columns: [
                    "kind", "reason", "asked_at", "expires_at", "approved_at", "refused_at", "cancelled_at", "due_at", "done_at",
                    "downloaded_at",
                ],
                ofPerson: "person_id = $person", confidentiality: .ordinary,
                erasure: .replace(["reason": "case when reason is null then null else 'Erased' end"]),
                retention:
                    "As long as the network exists, without the reason once you are erased: that your rights were met must stay known."
            ),
            .init(
                "Corrections that you asked for", table: "kith.rectifications",
                columns: ["request", "asked_at", "outcome", "answer", "decided_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary,
                erasure: .replace(["request": "'Erased'", "answer": "case when answer is null then null else 'Erased' end"]),
                retention: .days(
                    365, within: 30...1095, since: "decided_at", as: "rectifications",
                    "The words go a year after the decision; that there was one stays known.")),
            .init(
                "When the use of your data was restricted", table: "kith.restrictions", columns: ["basis", "started_at", "lifted_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary,
                erasure: .replace(["lifted_at": "coalesce(lifted_at, now())"]),
                retention: "As long as the network exists, by id only."),
        ],
        impersonal: [
            "kith.exports.content": "sealed; what is in it is held elsewhere", "kith.data_requests.sealed_to": "a random public key",
            "kith.data_requests.version": "counts changes",
        ])
}
