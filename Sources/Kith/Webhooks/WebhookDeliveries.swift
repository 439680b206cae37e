public import Postgres
public import struct FoundationEssentials.UUID

/// What was told to a webhook, and what was not.
public enum WebhookDeliveries {
    /// How far a delivery is.
    public enum State: String, Sendable, CaseIterable, PostgresCodable {
        case queued, sending, delivered, dead
    }

    /// What the API answers for a delivery.
    public static let resource = Resource(
        "WebhookDelivery", "delivery", table: "kith.webhook_deliveries", key: "delivery_id",
        [
            .id("webhook_id", "To which webhook."),
            .id("event_id", "The event; the id of the call, the same at each try."),
            .text("kind", "What happened."),
            .id("subject_id", "To what."),
            .choice("state", State.self, "How far it is; dead: given up, it can be replayed."),
            .integer("attempts", "How often it was tried."),
            .moment("due_at", "When it is tried next."),
            .integer("status", "What was answered last.").orNull,
            .text("problem", "Why there was no answer.").orNull,
            .moment("delivered_at", "When it was taken.").orNull,
            .createdAt,
        ])

    /// Which deliveries to list.
    public struct Filters: Input {
        private let state: State?

        public init(from fields: inout Fields) {
            state = fields.optional("state", .choice(), "Only those that are so far.")
        }

        /// The condition.
        public func condition(_ webhook: UUID) -> Query { .all("webhook_id = \(webhook)", state.map { "state = \($0)" }) }
    }

    /// Sends a call that tells of nothing, to see that it arrives.
    public static func test(by actor: Actor, _ webhook: UUID) async throws -> Row {
        try await actor.write(
            """
            insert into kith.webhook_deliveries (network_id, delivery_id, webhook_id, event_id, kind, subject_id, at)
            select network_id, \(actor.newID), webhook_id, \(actor.newID), 'webhook.tested', webhook_id, now()
            from kith.webhooks where webhook_id = \(webhook) returning \(query: resource.columns)
            """
        ).only(Webhooks.resource)
    }

    /// Sends a call again that was given up or taken already, with the same id.
    public static func replay(by actor: Actor, _ webhook: UUID, _ delivery: UUID) async throws -> Row {
        let changed = try await actor.write(
            """
            update kith.webhook_deliveries set state = 'queued', attempts = 0, due_at = now(), problem = null
            where delivery_id = \(delivery) and webhook_id = \(webhook) and state in ('dead', 'delivered') returning \(query: resource.columns)
            """)
        if let row = changed.first { return row }
        return try await actor.get(resource, delivery, where: "webhook_id = \(webhook)")
    }
}
