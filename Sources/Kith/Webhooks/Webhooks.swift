public import Postgres
public import struct FoundationEssentials.UUID

/// Programs that are told what happens in a network, by kind and id.
public enum Webhooks {
    private static let fields: [Resource.Field] = [
        .text("url", "Where it is told."),
        .text("description", "What it is for.").orNull,
        .texts("kinds", "The kinds of events that it is told; none: all."),
        .moment("disabled_at", "When it was switched off.").orNull,
        .version, .createdAt,
    ]

    /// What the API answers for a webhook; never the secret.
    public static let resource = Resource("Webhook", "webhook", table: "kith.webhooks", key: "webhook_id", fields)

    /// What is answered when its secret is made, once.
    public static let created = Resource(
        "WebhookCreated", "webhook", table: "kith.webhooks", key: "webhook_id",
        fields + [.text("secret", "What the calls are signed with (Standard Webhooks). Shown only now.")])

    /// A new webhook.
    public struct New: Input {
        let target: WebhookTarget
        let description: String?
        let kinds: [String]

        public init(from fields: inout Fields) {
            target = fields.required("url", .webhookTarget, "Where it is told: an https address.")
            description = fields.optional("description", .text(), "What it is for.")
            kinds = fields.optional(
                "kinds", .list(of: .text(1...100), 0...50), default: [], "The kinds of events, such as person.created; none: all.")
        }
    }

    /// What may change about a webhook.
    public struct Patch: Input {
        let changes: Changes
        let target: WebhookTarget?

        public init(from fields: inout Fields) {
            var changes = Changes()
            switch fields.change("url", .webhookTarget, "Where it is told.") {
            case .keep: target = nil
            case .set(let chosen):
                target = chosen
                changes.set("url", Change.set(chosen.url))
            }
            changes.set("description", fields.clearableChange("description", .text(), "What it is for."))
            changes.set("kinds", fields.change("kinds", .list(of: .text(1...100), 0...50), "The kinds of events; none: all."))
            self.changes = changes
        }
    }

    /// Adds a webhook and answers its secret, once. It is told what happens from now on.
    public static func create(by actor: Actor, _ new: New, _ policy: AddressPolicy) async throws -> Row {
        try check(new.target, policy)
        let secret = WebhookSecret.generate()
        return try await actor.transaction { actor in
            let sealed = try await actor.seal(secret.bytes, at: .webhookSecret(actor.newID))
            return try await actor.write(
                """
                insert into kith.webhooks (network_id, webhook_id, url, description, kinds, secret, position)
                values (\(actor.network), \(actor.newID), \(new.target.url), \(new.description), \(new.kinds), \(sealed),
                    coalesce((select max(position) from kith.events where network_id = kith.current_network()), 0))
                returning \(query: resource.columns), \(secret.text)::text as secret
                """
            ).only(resource)
        }
    }

    /// Changes a webhook.
    public static func update(by actor: Actor, _ id: UUID, version: Int64, _ patch: Patch, _ policy: AddressPolicy) async throws -> Row {
        if let target = patch.target { try check(target, policy) }
        return try await actor.update(resource, id, version: version, patch.changes)
    }

    /// Makes a new secret and answers it, once. The earlier one signs too for a day, so that nothing is missed meanwhile.
    public static func rotate(by actor: Actor, _ id: UUID) async throws -> Row {
        let secret = WebhookSecret.generate()
        return try await actor.transaction { actor in
            guard let earlier = try await actor.read("select secret from kith.webhooks where webhook_id = \(id) for update").first else {
                throw Refusal.notFound(resource.thing)
            }
            let opened = try await actor.open(earlier["secret", as: [UInt8].self], at: .webhookSecret(id))
            let (sealed, previous) = (
                try await actor.seal(secret.bytes, at: .webhookSecret(id)), try await actor.seal(opened, at: .previousWebhookSecret(id))
            )
            return try await actor.write(
                """
                update kith.webhooks set secret = \(sealed), previous_secret = \(previous), previous_until = now() + interval '1 day',
                    version = version + 1
                where webhook_id = \(id) returning \(query: resource.columns), \(secret.text)::text as secret
                """
            ).only(resource)
        }
    }

    /// Switches a webhook off, or on again; off, what happens meanwhile waits in the outbox.
    public static func setDisabled(by actor: Actor, _ id: UUID, _ isDisabled: Bool) async throws -> Row {
        try await actor.write(
            """
            update kith.webhooks set disabled_at = case when \(isDisabled) then coalesce(disabled_at, now()) end, version = version + 1
            where webhook_id = \(id) returning \(query: resource.columns)
            """
        ).only(resource)
    }

    /// Removes a webhook with what was delivered to it.
    public static func delete(by actor: Actor, _ id: UUID) async throws {
        _ = try await actor.write("delete from kith.webhooks where webhook_id = \(id) returning webhook_id as id").only(resource)
    }

    // A name is looked up again at each call; what is no public address already need not be taken down.
    private static func check(_ target: WebhookTarget, _ policy: AddressPolicy) throws {
        func refuse(_ detail: String) -> Refusal { Refusal.invalid([FieldProblem("/url", detail)]) }
        if let literal = AddressRange.bytes(target.host), !policy.permits(literal) {
            throw refuse("This is no public address. Whoever runs the server may allow it.")
        }
        if !target.isEncrypted, !policy.permits([127, 0, 0, 1]) {
            throw refuse("This must begin with https://, so that nobody listens in.")
        }
    }
}

extension SealedPlace {
    static func webhookSecret(_ id: UUID) -> SealedPlace { SealedPlace("kith.webhooks.secret", id) }
    static func previousWebhookSecret(_ id: UUID) -> SealedPlace { SealedPlace("kith.webhooks.previous_secret", id) }
}

extension Format where Value == WebhookTarget {
    static let webhookTarget = Format(
        ["type": "string", "maxLength": 2000, "pattern": #"^https?://[^\s@#\\]+$"#], placeholder: WebhookTarget("https://example.org/")!,
        expected: "an address like https://example.org/kith, without a user, a password or a fragment"
    ) { $0.string.flatMap { WebhookTarget($0) } }
}
