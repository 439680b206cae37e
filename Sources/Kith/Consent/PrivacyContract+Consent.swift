extension PrivacyContract {
    static let consent = PrivacyContract(
        holdings: [
            .init(
                "What you agreed to, and what you no longer agree to", table: "kith.consents",
                columns: ["purpose", "wording", "given", "channel", "happened_at", "recorded_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary,
                erasure: .keep(
                    because: "It must stay known that your data was used only as you agreed. Only your id is kept, and no words."),
                retention: "As long as the network exists, by id only."),
            .init(
                "Your answers for equality monitoring", table: "kith.monitoring_answers", columns: ["question", "answer", "answered_at"],
                ofPerson: "person_id = $person", confidentiality: .person, erasure: .delete,
                retention: "Until you withdraw your consent, or leave."),
        ],
        impersonal: ["kith.consents.purpose": "a code"])
}
