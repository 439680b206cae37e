import Kith

extension Endpoint {
    static let networks: [Endpoint] = [
        .create(
            "create_network", "/networks", "Create a network and invite its first administrator", .operator, records: "network.created",
            returns: Networks.created, answersSecret: true
        ) { try await Networks.create(by: $0.actor, $0.input) },
        .list("list_networks", "/networks", "List the networks of the account", .account, of: Networks.resource) {
            try await Networks.list(by: $0.actor, $0.page)
        },
        .get("get_network", "/networks/{network}", "Read a network", .member, returns: Networks.resource) {
            try await $0.actor.get(Networks.resource, $0.id("network"))
        },
        .update(
            "update_network", "/networks/{network}", "Change a network", .permission(.manageNetwork, .network), records: "network.updated",
            returns: Networks.resource, body: Networks.Patch.self
        ) { try await $0.actor.update(Networks.resource, $0.id("network"), version: $1, $0.input.changes) },
    ]
}
