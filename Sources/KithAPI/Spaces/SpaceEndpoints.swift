import Kith

extension Endpoint {
    static let spaces: [Endpoint] = [
        .create(
            "create_space", "/networks/{network}/spaces", "Open a space whose notes only its members read",
            .permission(.openSpaces, .anywhere), records: "space.created", returns: Spaces.resource
        ) { try await Spaces.create(by: $0.actor, $0.input) },
        .list("list_spaces", "/networks/{network}/spaces", "List the spaces that you are in", .member, of: Spaces.resource) {
            try await $0.actor.list(Spaces.resource, $0.page)
        },
        .get("get_space", "/networks/{network}/spaces/{space}", "Read a space that you are in", .member, returns: Spaces.resource) {
            try await $0.actor.get(Spaces.resource, $0.id("space"))
        },
        .end("end_space", "/networks/{network}/spaces/{space}", "End a space; it can still be read", .member, records: "space.ended") {
            try await Spaces.end(by: $0.actor, $0.id("space"))
        },
        .list(
            "list_space_counts", "/networks/{network}/space-counts", "See how many notes each space has, and when",
            .permission(.readSpaceCounts, .network), of: Spaces.counts
        ) { try await $0.actor.list(Spaces.counts, $0.page) },
        .create(
            "add_space_member", "/networks/{network}/spaces/{space}/members", "Let somebody into a space", .member,
            records: "space.joined", returns: SpaceMembers.resource
        ) { try await SpaceMembers.add(by: $0.actor, to: $0.id("space"), $0.input) },
        .list(
            "list_space_members", "/networks/{network}/spaces/{space}/members", "See who is in a space, and who let them in", .member,
            of: SpaceMembers.resource
        ) { try await SpaceMembers.list(by: $0.actor, in: $0.id("space"), $0.page) },
        .end(
            "end_space_membership", "/networks/{network}/spaces/{space}/members/{person}",
            "Leave a space at once and without a reason; a convenor also takes others out", .member, records: "space.left"
        ) { try await SpaceMembers.end(by: $0.actor, in: $0.id("space"), $0.id("person")) },
        .createSealed(
            "create_note", "/networks/{network}/spaces/{space}/notes", "Write a note that only the members of the space read", .member,
            records: "note.created", returns: Notes.resource
        ) { try await Notes.create(by: $0.actor, in: $0.id("space"), $0.input) },
        .listSealed(
            "list_notes", "/networks/{network}/spaces/{space}/notes", "Read the notes of a space", .member, of: Notes.resource,
            by: NoInput.self
        ) { try await Notes.list(by: $0.actor, in: $0.id("space"), $0.page) },
        .getSealed(
            "get_note", "/networks/{network}/spaces/{space}/notes/{note}", "Read a note", .member, returns: Notes.resource
        ) { try await Notes.get(by: $0.actor, in: $0.id("space"), $0.id("note")) },
        .updateSealed(
            "revise_note", "/networks/{network}/spaces/{space}/notes/{note}", "Give your own note another text", .member,
            records: "note.revised", returns: Notes.resource, body: Notes.Revision.self
        ) { try await Notes.revise(by: $0.actor, in: $0.id("space"), $0.id("note"), version: $1, $0.input) },
        .end(
            "delete_note", "/networks/{network}/spaces/{space}/notes/{note}", "Delete your own note with all its versions", .member,
            records: "note.deleted"
        ) { try await Notes.delete(by: $0.actor, in: $0.id("space"), $0.id("note")) },
        .listSealed(
            "list_note_versions", "/networks/{network}/spaces/{space}/notes/{note}/versions", "Read what a note said before", .member,
            of: Notes.version, by: NoInput.self
        ) { try await Notes.versions(by: $0.actor, in: $0.id("space"), $0.id("note"), $0.page) },
        .createSealed(
            "request_break_glass", "/networks/{network}/spaces/{space}/break-glass",
            "Ask to open a space in an emergency; its members are told", .member, records: "break_glass.requested",
            returns: BreakGlass.resource
        ) { try await BreakGlass.request(by: $0.actor, $0.id("space"), $0.input) },
        .listSealed(
            "list_break_glass", "/networks/{network}/spaces/{space}/break-glass",
            "See who asked to open the space, why, and until when it is open", .member, of: BreakGlass.resource, by: NoInput.self
        ) { try await BreakGlass.list(by: $0.actor, $0.id("space"), $0.page) },
        .actSealed(
            "approve_break_glass", "/networks/{network}/spaces/{space}/break-glass/{request}/approve",
            "Approve that the space is opened to the two of you; its members are told", .member, records: "break_glass.approved",
            returns: BreakGlass.resource, body: NoInput.self
        ) { try await BreakGlass.approve(by: $0.actor, $0.id("space"), $0.id("request")) },
        .end(
            "end_break_glass", "/networks/{network}/spaces/{space}/break-glass/{request}", "Close the space again before the time",
            .member, records: "break_glass.ended"
        ) { try await BreakGlass.end(by: $0.actor, $0.id("space"), $0.id("request")) },
    ]
}
