public import Kith
import Postgres

extension Endpoint {
    /// Programs that are told what happens.
    /// - Parameter policy: which addresses may be called
    /// - Returns: the endpoints
    public static func webhooks(_ policy: AddressPolicy) -> [Endpoint] {
        [
            .create(
                "create_webhook", "/networks/{network}/webhooks", "Have a program told what happens",
                .permission(.manageWebhooks, .network), records: "webhook.created", returns: Webhooks.created, answersSecret: true,
                body: Webhooks.New.self
            ) { try await Webhooks.create(by: $0.actor, $0.input, policy) },
            .list(
                "list_webhooks", "/networks/{network}/webhooks", "List the programs that are told what happens",
                .permission(.manageWebhooks, .network), of: Webhooks.resource
            ) { try await $0.actor.list(Webhooks.resource, $0.page) },
            .get(
                "get_webhook", "/networks/{network}/webhooks/{webhook}", "Read a webhook", .permission(.manageWebhooks, .network),
                returns: Webhooks.resource
            ) { try await $0.actor.get(Webhooks.resource, $0.id("webhook")) },
            .update(
                "update_webhook", "/networks/{network}/webhooks/{webhook}", "Change a webhook", .permission(.manageWebhooks, .network),
                records: "webhook.updated", returns: Webhooks.resource, body: Webhooks.Patch.self
            ) { try await Webhooks.update(by: $0.actor, $0.id("webhook"), version: $1, $0.input, policy) },
            .end(
                "delete_webhook", "/networks/{network}/webhooks/{webhook}", "Remove a webhook", .permission(.manageWebhooks, .network),
                records: "webhook.deleted"
            ) { try await Webhooks.delete(by: $0.actor, $0.id("webhook")) },
            .act(
                "disable_webhook", "/networks/{network}/webhooks/{webhook}/disable", "Switch a webhook off",
                .permission(.manageWebhooks, .network), records: "webhook.disabled", returns: Webhooks.resource, body: NoInput.self
            ) { try await Webhooks.setDisabled(by: $0.actor, $0.id("webhook"), true) },
            .act(
                "enable_webhook", "/networks/{network}/webhooks/{webhook}/enable", "Switch a webhook on again",
                .permission(.manageWebhooks, .network), records: "webhook.enabled", returns: Webhooks.resource, body: NoInput.self
            ) { try await Webhooks.setDisabled(by: $0.actor, $0.id("webhook"), false) },
            .act(
                "rotate_webhook_secret", "/networks/{network}/webhooks/{webhook}/secret",
                "Make a new secret; the earlier one signs too for a day", .permission(.manageWebhooks, .network),
                records: "webhook.secret_rotated", returns: Webhooks.created, answersSecret: true, body: NoInput.self
            ) { try await Webhooks.rotate(by: $0.actor, $0.id("webhook")) },
            .act(
                "test_webhook", "/networks/{network}/webhooks/{webhook}/test", "Send a call that tells of nothing",
                .permission(.manageWebhooks, .network), records: "webhook.tested", returns: WebhookDeliveries.resource, body: NoInput.self
            ) { try await WebhookDeliveries.test(by: $0.actor, $0.id("webhook")) },
            .list(
                "list_webhook_deliveries", "/networks/{network}/webhooks/{webhook}/deliveries", "List what a webhook was told",
                .permission(.manageWebhooks, .network), of: WebhookDeliveries.resource, by: WebhookDeliveries.Filters.self
            ) { try await $0.actor.list(WebhookDeliveries.resource, $0.page, where: $0.input.condition($0.id("webhook"))) },
            .act(
                "replay_webhook_delivery", "/networks/{network}/webhooks/{webhook}/deliveries/{delivery}/replay", "Send a call again",
                .permission(.manageWebhooks, .network), records: "webhook.replayed", returns: WebhookDeliveries.resource,
                body: NoInput.self
            ) { try await WebhookDeliveries.replay(by: $0.actor, $0.id("webhook"), $0.id("delivery")) },
        ]
    }
}
