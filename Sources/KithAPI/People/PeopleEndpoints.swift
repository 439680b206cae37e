import Kith

extension Endpoint {
    static let people: [Endpoint] = [
        .create(
            "create_person", "/networks/{network}/people", "Add a person", .permission(.managePeople, .network), records: "person.created",
            returns: People.resource
        ) { try await People.create(by: $0.actor, $0.input) },
        .list("list_people", "/networks/{network}/people", "List people", .permission(.readPeople, .network), of: People.resource) {
            try await $0.actor.list(People.resource, $0.page)
        }.recordingAccess(to: .people),
        .get("get_me", "/networks/{network}/people/me", "Read what is known of yourself", .member, returns: People.resource) {
            try await People.me(by: $0.actor)
        },
        .list(
            "list_my_accesses", "/networks/{network}/people/me/accesses", "List who has looked at your record, and why", .member,
            of: RecordAccesses.resource
        ) { try await $0.actor.list(RecordAccesses.resource, $0.page) },
        .get(
            "get_person", "/networks/{network}/people/{person}", "Read a person", .permission(.readPeople, .network),
            returns: People.resource
        ) { try await $0.actor.get(People.resource, $0.id("person")) }.recordingAccess(to: .person("person")),
        .update(
            "update_person", "/networks/{network}/people/{person}", "Change a person", .permission(.managePeople, .network),
            records: "person.updated", returns: People.resource, body: People.Patch.self
        ) { try await $0.actor.update(People.resource, $0.id("person"), version: $1, $0.input.changes) },
        .create(
            "invite_person", "/networks/{network}/people/{person}/invitations", "Invite a person to sign in",
            .permission(.managePeople, .network), records: "invitation.created", returns: Invitations.resource, answersSecret: true,
            body: NoInput.self
        ) { try await Invitations.create(by: $0.actor, $0.id("person")) },
        .create(
            "create_affiliation", "/networks/{network}/affiliations", "Affiliate a person to an organisation",
            .permission(.managePeople, .network), records: "affiliation.created", returns: Affiliations.resource
        ) { try await Affiliations.create(by: $0.actor, $0.input) },
        .list(
            "list_affiliations", "/networks/{network}/affiliations", "List affiliations", .permission(.readPeople, .network),
            of: Affiliations.resource, by: Affiliations.Filters.self
        ) { try await $0.actor.list(Affiliations.resource, $0.page, where: $0.input.condition) },
        .get(
            "get_affiliation", "/networks/{network}/affiliations/{affiliation}", "Read an affiliation",
            .permission(.readPeople, .network), returns: Affiliations.resource
        ) { try await $0.actor.get(Affiliations.resource, $0.id("affiliation")) },
        .end(
            "end_affiliation", "/networks/{network}/affiliations/{affiliation}", "End an affiliation today",
            .permission(.managePeople, .network), records: "affiliation.ended"
        ) { try await Affiliations.end(by: $0.actor, $0.id("affiliation")) },
    ]
}
