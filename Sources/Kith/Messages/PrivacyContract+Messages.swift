extension PrivacyContract {
    static let messages = PrivacyContract(
        holdings: [
            .init(
                "How you want to be written to", table: "kith.message_preferences",
                columns: ["locale", "large_print", "quiet_from", "quiet_until", "time_zone", "digest", "updated_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary, erasure: .delete,
                retention: "As long as you are a member of the network."),
            .init(
                "What was sent to you", table: "kith.messages",
                columns: [
                    "template", "parameters", "channel", "digest", "state", "problem", "due_at", "printed_at", "sent_at", "created_at",
                    "address_hash",
                ],
                ofPerson: "person_id = $person", confidentiality: .ordinary,
                erasure: .replace([
                    "parameters": "'{}'", "problem": "null", "address_hash": "null",
                    "state": "case when state in ('queued', 'sending') then 'cancelled' else state end",
                ]),
                retention: .days(
                    365, within: 30...1095, since: "sent_at", as: "messages", "A year; after that by kind and time only.")),
            .init(
                "Addresses of yours that no longer take mail", table: "kith.bounced_addresses", columns: ["address_hash", "bounced_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary, erasure: .delete,
                retention: "As long as you are a member of the network."),
            .init(
                "Your calendars", table: "kith.calendar_feeds", columns: ["name", "created_at", "revoked_at"],
                ofPerson: "person_id = $person", confidentiality: .ordinary, erasure: .delete,
                retention: "As long as you are a member of the network."),
        ],
        impersonal: [
            "kith.messages.template": "a code", "kith.messages.is_urgent": "a property of the template",
            "kith.messages.is_confidential": "a property of the template",
            "kith.messages.outlives_leaving": "a property of the template", "kith.messages.by_mail_only": "a property of what caused it",
            "kith.messages.attempts": "how often it was tried",
            "kith.messages.lease_expires_at": "which worker has it", "kith.message_preferences.time_zone": "a code",
            "kith.message_preferences.locale": "a code", "kith.calendar_feeds.secret_hash": "a digest of a random secret",
            "kith.webhooks.*": "describes a program", "kith.webhook_deliveries.*": "ids and codes; no body is kept",
        ])
}
