extension PrivacyContract {
    static let people = PrivacyContract(
        holdings: [
            .init(
                "Your invitations to sign in", table: "kith.invitations", columns: ["created_at", "expires_at", "accepted_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary, erasure: .delete,
                retention: .days(
                    90, within: 1...365, since: "expires_at", as: "invitations", "90 days after the invitation has run out.")),
            .init(
                "The organisations that you belong to", table: "kith.affiliations",
                columns: ["role", "started_on", "ended_on", "created_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary,
                erasure: .replace(["role": "'Erased'", "ended_on": "coalesce(ended_on, greatest(current_date, started_on))"]),
                retention: "As long as you are a member of the network."),
            // Last of the person's own: the others are found by the account.
            .init(
                "Your name and how to reach you", table: "kith.people",
                columns: ["name", "email", "phone", "postal_address", "contact_by", "created_at", "ended_at", "erased_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary,
                erasure: .replace([
                    "name": "'Erased person'", "email": "null", "phone": "null", "postal_address": "null", "contact_by": "'email'",
                    "account_id": "null", "ended_at": "coalesce(ended_at, now())", "erased_at": "now()",
                ]),
                retention: "As long as you are a member of the network, and until you ask for its erasure."),
        ],
        impersonal: ["kith.invitations.code_hash": "a digest of a random code", "kith.people.version": "counts changes"])
}
