extension PrivacyContract {
    // All of it goes with the account, and before it.
    static let signIn = PrivacyContract(
        holdings: [
            .init(
                "Where you are signed in", table: "kith.sessions",
                columns: ["method", "scopes", "created_at", "signed_in_at", "second_factor_at", "idle_at", "expires_at", "ended_at"],
                ofPerson: "account_id = $account", confidentiality: .person, erasure: .delete,
                retention: "Until 30 days after you have signed out."),
            .init(
                "When you last changed your password", table: "kith.passwords", columns: ["changed_at"],
                ofPerson: "account_id = $account", confidentiality: .person, erasure: .delete,
                retention: "As long as your account exists."),
            .init(
                "Browsers in which you have signed in", table: "kith.known_browsers", columns: ["seen_at"],
                ofPerson: "account_id = $account", confidentiality: .person, erasure: .delete,
                retention: "Until a year after you last used them."),
            .init(
                "Links that were sent to you to sign in", table: "kith.sign_in_links", columns: ["created_at", "expires_at", "used_at"],
                ofPerson: "account_id = $account", confidentiality: .person, erasure: .delete,
                retention: "Until a day after they have run out."),
            .init(
                "Accounts elsewhere with which you sign in", table: "kith.openid_subjects", columns: ["issuer", "subject", "created_at"],
                ofPerson: "account_id = $account", confidentiality: .person, erasure: .delete,
                retention: "As long as your account exists."),
            .init(
                "Your second step when you sign in", table: "kith.second_factors", columns: ["created_at", "confirmed_at"],
                ofPerson: "account_id = $account", confidentiality: .person, erasure: .delete,
                retention: "As long as your account exists, or until you remove it."),
            .init(
                "Your recovery codes", table: "kith.recovery_codes", columns: ["used_at"],
                ofPerson: "account_id = $account", confidentiality: .person, erasure: .delete,
                retention: "As long as your account exists, or until you make new ones."),
            .init(
                "Codes to sign in that were sent to you by letter", table: "kith.sign_in_letters",
                columns: ["created_at", "expires_at", "used_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary, erasure: .delete,
                retention: "As long as you are a member of the network."),
        ],
        impersonal: [
            "kith.sessions.secret_hash": "a digest of a random secret", "kith.sessions.idle_for": "a setting of the server",
            "kith.passwords.salt": "random", "kith.passwords.verifier": "a digest that opens nothing",
            "kith.passwords.cost": "how the digest is made", "kith.passwords.block_size": "how the digest is made",
            "kith.passwords.parallelism": "how the digest is made",
            "kith.known_browsers.browser_hash": "a digest of a random secret",
            "kith.sign_in_tries.*": "digests and counts, for a day",
            "kith.sign_in_links.secret_hash": "a digest of a random secret",
            "kith.sign_in_links.browser_hash": "a digest of a random secret",
            "kith.second_factors.sealed_secret": "a random secret, sealed", "kith.second_factors.last_step": "counts codes",
            "kith.recovery_codes.code_hash": "a digest of a random code", "kith.sign_in_letters.code_hash": "a digest of a random code",
        ])
}
