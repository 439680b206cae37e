import Kith

extension Endpoint {
    static let organisations: [Endpoint] = [
        .create(
            "create_organisation", "/networks/{network}/organisations", "Add an organisation", .permission(.manageOrganisations, .network),
            records: "organisation.created", returns: Organisations.resource
        ) { try await Organisations.create(by: $0.actor, $0.input) },
        .list(
            "list_organisations", "/networks/{network}/organisations", "List organisations", .permission(.readNetwork, .anywhere),
            of: Organisations.resource, by: Organisations.Filters.self
        ) { try await $0.actor.list(Organisations.resource, $0.page, where: $0.input.condition) },
        .get(
            "get_organisation", "/networks/{network}/organisations/{organisation}", "Read an organisation",
            .permission(.readNetwork, .anywhere), returns: Organisations.resource
        ) { try await $0.actor.get(Organisations.resource, $0.id("organisation")) },
        .update(
            "update_organisation", "/networks/{network}/organisations/{organisation}", "Change an organisation",
            .permission(.manageOrganisations, .network), records: "organisation.updated", returns: Organisations.resource,
            body: Organisations.Patch.self
        ) { try await $0.actor.update(Organisations.resource, $0.id("organisation"), version: $1, $0.input.changes) },
    ]
}
