public import Postgres
public import struct FoundationEssentials.UUID

/// Safeguarding and conduct concerns: sealed, to named people only. Whoever raised one is named to its leads and to nobody else; the audit
/// says that a concern was raised, and not by whom.
public enum Concerns {
    /// How far a concern is.
    public enum State: String, Sendable, CaseIterable {
        case raised, acknowledged, closed
    }

    /// What the raiser and the leads see.
    public static let resource = Resource(
        "Concern", "concern", table: "kith.concerns", key: "concern_id",
        [
            .id("programme_id", "The programme whose leads it was raised to too.").orNull,
            .id("raised_by", "Who raised it."),
            .moment("raised_at", "When it was received."),
            .moment("acknowledge_by", "Until when a lead must acknowledge it."),
            .choice(
                "state", State.self, "How far it is.",
                from: "case when closed_at is not null then 'closed' when acknowledged_at is not null then 'acknowledged' else 'raised' end"
            ),
            .boolean(
                "is_overdue", "Whether nobody has acknowledged it in time.",
                from: "(acknowledged_at is null and closed_at is null and acknowledge_by < now())"),
            .id("acknowledged_by", "Which lead acknowledged it.").orNull,
            .moment("acknowledged_at", "When.").orNull,
            .id("closed_by", "Which lead closed it.").orNull,
            .moment("closed_at", "When.").orNull,
            .version,
        ])

    /// Somebody to whom concerns can be raised.
    public static let lead = Resource(
        "ConcernLead", "lead", table: "kith.people", key: "person_id", [.text("name", "What they are called.")])

    /// Of which programme the leads are.
    public struct Filters: Input {
        let programme: UUID?

        public init(from fields: inout Fields) {
            programme = fields.optional("programme_id", .id, "Also the leads of this programme.")
        }
    }

    /// A new concern.
    public struct New: Input {
        let text: String
        let programme: UUID?
        let leavingOut: [UUID]

        public init(from fields: inout Fields) {
            text = fields.required("text", .confidence, "What you are concerned about.")
            programme = fields.optional("programme_id", .id, "The programme that it is about; its leads read it too.")
            leavingOut = fields.optional(
                "leave_out_ids", .list(of: .id, 0...50), default: [],
                "Leads who must not read it, because it is about them or for any other reason. They are not told that it exists.")
        }
    }

    // Whoever may sign in as a lead now.
    private static func leads(_ programme: UUID?) -> Query {
        """
        account_id is not null and ended_at is null and person_id <> kith.current_person() and person_id in (
            select g.person_id from kith.role_grants g
            where g.role = 'safeguarding_lead' and g.ended_at is null and (g.programme_id is null or g.programme_id = \(programme)::uuid))
        """
    }

    /// To whom the person who asks could raise a concern.
    public static func leads(by actor: Actor, _ filters: Filters, _ page: Page) async throws -> Rows {
        try await actor.list(lead, page, where: leads(filters.programme))
    }

    /// Raises a concern to every lead who is not left out, in one transaction.
    public static func raise(by actor: Actor, _ new: New) async throws -> Opened {
        let keyring = try actor.keyring()
        let id = actor.newID
        let hours = try await Settings.get(by: actor, module: "core", .concernAcknowledgementHours).integer ?? 24
        let person = try await actor.read("select kith.current_person() as person").decode(UUID.self)
        let (key, entry) = (ConcernEntries.newKey(), UUID.version7())
        let sealed = try ConcernEntries.place(id, entry).seal(Array(new.text.utf8), in: actor.ledger, with: [key])
        let createKey = try DataKeys.create(key, for: .concern(id), in: actor.ledger, keyring)
        return try await actor.transaction { actor in
            let rows = try await actor.run(
                actor.recorded(
                    """
                    insert into kith.concerns (network_id, concern_id, programme_id, raised_by, acknowledge_by)
                    values (\(actor.network), \(id), \(new.programme), \(person.first), now() + make_interval(hours => \(hours)::integer))
                    returning \(query: resource.columns)
                    """, isNamed: false),
                """
                insert into kith.concern_leads (network_id, concern_id, person_id)
                select network_id, \(id)::uuid, person_id from kith.people
                where \(query: leads(new.programme)) and person_id <> all (\(new.leavingOut)::uuid[])
                """,
                createKey,
                """
                insert into kith.concern_entries (network_id, entry_id, concern_id, author_id, kind, sealed)
                values (\(actor.network), \(entry), \(id), \(person.first), 'concern', \(sealed))
                """,
                ConcernEntries.tell(id, "concern.received"),
                MessageTemplate.concernReceived.queue(
                    forEach: "select person_id from kith.concern_leads where concern_id = \(id)", byMailOnly: true),
                MessageTemplate.concernKept.queue(forEach: "select kith.current_person()", byMailOnly: true))
            guard rows[1].affected > 0 else {
                throw Refusal.conflict(
                    "Nobody would read this: there is no lead here whom you did not leave out. Nothing was kept. Name somebody you trust, or "
                        + "turn to the safeguarding team of your council; if somebody is in danger, call 999.")
            }
            return try Opened(rows[0].only(resource), resource)
        }
    }

    /// Says that a lead has read it and will see to it.
    public static func acknowledge(by actor: Actor, _ id: UUID) async throws -> Row {
        try await asLead(actor, id) { actor in
            let acknowledged = try await actor.write(
                """
                update kith.concerns set acknowledged_by = kith.current_person(), acknowledged_at = now(), version = version + 1
                where concern_id = \(id) and acknowledged_at is null and closed_at is null returning \(query: resource.columns)
                """)
            _ = try await actor.run(ConcernEntries.message(id))
            return acknowledged
        }
    }

    /// Closes a concern with what came of it, which the raiser and the leads can read.
    public static func close(by actor: Actor, _ id: UUID, _ outcome: ConcernEntries.New) async throws -> Opened {
        let row = try await asLead(actor, id) { actor in
            let changed = try await actor.write(
                """
                update kith.concerns set closed_by = kith.current_person(), closed_at = now(), version = version + 1,
                    acknowledged_by = coalesce(acknowledged_by, kith.current_person()), acknowledged_at = coalesce(acknowledged_at, now())
                where concern_id = \(id) and closed_at is null returning \(query: resource.columns)
                """)
            if !changed.isEmpty { _ = try await ConcernEntries.write(by: actor, id, .outcome, outcome.text) }
            return changed
        }
        return Opened(row, resource)
    }

    private static func asLead(_ actor: Actor, _ id: UUID, _ body: @escaping @Sendable (Actor) async throws -> Rows) async throws -> Row {
        try await actor.transaction { actor in
            let parts = try await actor.read("select is_lead from kith.readable_concerns() where concern_id = \(id)").decode(Bool.self)
            guard !parts.isEmpty else { throw Refusal.notFound("concern") }
            guard parts.contains(true) else { throw Refusal.forbidden("Only a lead to whom it was raised can do this.") }
            guard let row = try await body(actor).first else { throw Refusal.conflict("This was done already.") }
            return row
        }
    }

    /// How many concerns there are, and how many wait too long.
    public static func counts(by actor: Actor) async throws -> JSON {
        let rows = try await actor.read("select open, waiting, overdue, closed from kith.count_concerns()")
        guard let (open, waiting, overdue, closed) = try rows.decode((Int64, Int64, Int64, Int64).self).first else { return .null }
        return ["open": .integer(open), "waiting": .integer(waiting), "overdue": .integer(overdue), "closed": .integer(closed)]
    }
}
