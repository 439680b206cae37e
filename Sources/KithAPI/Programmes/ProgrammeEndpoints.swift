import Postgres
import Kith

extension Endpoint {
    static let programmes: [Endpoint] = [
        .create(
            "create_programme", "/networks/{network}/programmes", "Add a programme", .permission(.manageProgrammes, .network),
            records: "programme.created", returns: Programmes.resource
        ) { try await Programmes.create(by: $0.actor, $0.input) },
        .list(
            "list_programmes", "/networks/{network}/programmes", "List programmes", .permission(.readNetwork, .anywhere),
            of: Programmes.resource
        ) { try await $0.actor.list(Programmes.resource, $0.page) },
        .get(
            "get_programme", "/networks/{network}/programmes/{programme}", "Read a programme", .permission(.readNetwork, .anywhere),
            returns: Programmes.resource
        ) { try await $0.actor.get(Programmes.resource, $0.id("programme")) },
        .update(
            "update_programme", "/networks/{network}/programmes/{programme}", "Change a programme",
            .permission(.leadProgramme, .parameter("programme")), records: "programme.updated", returns: Programmes.resource,
            body: Programmes.Patch.self
        ) { try await $0.actor.update(Programmes.resource, $0.id("programme"), version: $1, $0.input.changes) },
        .list(
            "list_activities", "/networks/{network}/activities", "List panels, learning sets and other activities",
            .permission(.readNetwork, .anywhere), of: Activities.resource, by: Activities.Filters.self
        ) { try await $0.actor.list(Activities.resource, $0.page, where: $0.input.condition) },
        .create(
            "add_programme_organisation", "/networks/{network}/programmes/{programme}/organisations", "Let an organisation take part",
            .permission(.leadProgramme, .parameter("programme")), records: "programme.organisation_added",
            returns: ProgrammeOrganisations.resource
        ) { try await ProgrammeOrganisations.create(by: $0.actor, in: $0.id("programme"), $0.input) },
        .list(
            "list_programme_organisations", "/networks/{network}/programmes/{programme}/organisations",
            "List the organisations that take part", .permission(.readNetwork, .anywhere), of: ProgrammeOrganisations.resource
        ) { try await $0.actor.list(ProgrammeOrganisations.resource, $0.page, where: "programme_id = \($0.id("programme"))") },
        .get(
            "get_programme_organisation", "/networks/{network}/programmes/{programme}/organisations/{organisation}",
            "Read an organisation's part", .permission(.readNetwork, .anywhere), returns: ProgrammeOrganisations.resource
        ) {
            try await $0.actor.get(ProgrammeOrganisations.resource, $0.id("organisation"), where: "programme_id = \($0.id("programme"))")
        },
        .end(
            "end_programme_organisation", "/networks/{network}/programmes/{programme}/organisations/{organisation}",
            "End an organisation's part", .permission(.leadProgramme, .parameter("programme")), records: "programme.organisation_removed"
        ) { try await ProgrammeOrganisations.end(by: $0.actor, in: $0.id("programme"), $0.id("organisation")) },
    ]
}
