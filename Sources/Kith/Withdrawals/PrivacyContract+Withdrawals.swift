extension PrivacyContract {
    static let withdrawals = PrivacyContract(
        holdings: [
            .init(
                "What you withdrew from", table: "kith.withdrawals", columns: ["channel", "withdrawn_at", "returned_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary,
                erasure: .keep(because: "It holds ids and no reason. With it nobody asks you again."),
                retention: "As long as the network exists, by id only.")
        ])
}
