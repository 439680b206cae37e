extension PrivacyContract {
    static let access = PrivacyContract(
        holdings: [
            .init(
                "What you are trusted with", table: "kith.role_grants", columns: ["role", "granted_at", "ended_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary, erasure: .replace(["ended_at": "coalesce(ended_at, now())"]),
                retention: "As long as the network exists, by id only: who was trusted with what must stay known."),
            .init(
                "Your access tokens", table: "kith.api_tokens",
                columns: ["name", "scopes", "created_at", "signed_in_at", "expires_at", "revoked_at"],
                ofPerson: "account_id = $account", confidentiality: .ordinary, erasure: .delete,
                retention: "As long as your account exists."),
            .init(
                "Answers that were kept in case your request was sent twice", table: "kith.idempotency_keys",
                columns: ["key", "status", "headers", "body", "created_at"],
                ofPerson: "account_id = $account", confidentiality: .ordinary, erasure: .delete, retention: "One day."),
        ],
        impersonal: [
            "kith.api_tokens.secret_hash": "a digest of a random token", "kith.idempotency_keys.fingerprint": "a digest of a request",
            "kith.api_tokens.scopes": "a code", "kith.schema_migrations.*": "the steps of the schema",
        ])

    /// The account goes after everything that refers to it.
    static let account = PrivacyContract(
        holdings: [
            .init(
                "Your account", table: "kith.accounts",
                columns: ["email", "sign_in_name", "address_proved_at", "is_operator", "created_at", "disabled_at"],
                ofPerson: "account_id = $account", confidentiality: .ordinary, erasure: .delete,
                retention: "As long as you are a person of any network.")
        ])
}
