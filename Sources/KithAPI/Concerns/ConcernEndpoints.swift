import Kith

extension Endpoint {
    static let concerns: [Endpoint] = [
        .createSealed(
            "raise_concern", "/networks/{network}/concerns", "Raise a concern to the safeguarding leads, and to nobody else", .member,
            records: "concern.raised", returns: Concerns.resource
        ) { try await Concerns.raise(by: $0.actor, $0.input) },
        .list(
            "list_concerns", "/networks/{network}/concerns", "List the concerns that you raised or that were raised to you", .member,
            of: Concerns.resource
        ) { try await $0.actor.list(Concerns.resource, $0.page) },
        .get("get_concern", "/networks/{network}/concerns/{concern}", "See how far a concern is", .member, returns: Concerns.resource) {
            try await $0.actor.get(Concerns.resource, $0.id("concern"))
        },
        .list(
            "list_concern_leads", "/networks/{network}/concern-leads", "See to whom you could raise a concern", .member, of: Concerns.lead,
            by: Concerns.Filters.self
        ) { try await Concerns.leads(by: $0.actor, $0.input, $0.page) },
        .value(
            "get_concern_counts", "/networks/{network}/concern-counts", "See how many concerns there are and how many wait too long",
            .permission(.readConcernCounts, .network),
            returns: .object(
                name: "ConcernCounts",
                members: [
                    ("open", .inline(["type": "integer"]), "Not closed."),
                    ("waiting", .inline(["type": "integer"]), "Not acknowledged yet."),
                    ("overdue", .inline(["type": "integer"]), "Not acknowledged in time."),
                    ("closed", .inline(["type": "integer"]), "Closed."),
                ], required: ["open", "waiting", "overdue", "closed"])
        ) { try await Concerns.counts(by: $0.actor) },
        .act(
            "acknowledge_concern", "/networks/{network}/concerns/{concern}/acknowledge", "Say that you have read it and will see to it",
            .member, records: "concern.acknowledged", returns: Concerns.resource, body: NoInput.self
        ) { try await Concerns.acknowledge(by: $0.actor, $0.id("concern")) },
        .createSealed(
            "add_concern_entry", "/networks/{network}/concerns/{concern}/entries", "Write to the others who know of the concern", .member,
            records: "concern.entry_added", returns: ConcernEntries.resource
        ) { try await ConcernEntries.create(by: $0.actor, $0.id("concern"), $0.input) },
        .listSealed(
            "list_concern_entries", "/networks/{network}/concerns/{concern}/entries", "Read the concern and what was written about it",
            .member, of: ConcernEntries.resource, by: NoInput.self
        ) { try await ConcernEntries.list(by: $0.actor, $0.id("concern"), $0.page) },
        .actSealed(
            "close_concern", "/networks/{network}/concerns/{concern}/close", "Close a concern with what came of it", .member,
            records: "concern.closed", returns: Concerns.resource
        ) { try await Concerns.close(by: $0.actor, $0.id("concern"), $0.input) },
    ]
}
