public import Postgres
public import struct FoundationEssentials.UUID

/// Requests for a copy of what is held of a person, or for its erasure (UK GDPR, articles 15, 17 and 20).
///
/// Whoever asks about themselves needs nobody's approval and gives no reason. What one administrator asks about somebody else waits until
/// another approves it, and the person is told of both. An erasure restricts the use of the data at once and is done after
/// seven days, in which it can be cancelled; the person may have it done at once. It holds for the last administrator too, as leaving does:
/// the operator then sees that the network has none (``Administrators``).
public enum DataRequests {
    /// How a request stands.
    public enum State: String, Sendable, CaseIterable {
        case awaitingApproval = "awaiting_approval"
        case expired, refused, cancelled, waiting
        case underWay = "under_way"
        case done
    }

    /// For how long an erasure can be cancelled, in days.
    static let coolingOffDays = 7

    /// What the API answers for a request.
    public static let resource = Resource(
        "DataRequest", "request", table: "kith.data_requests", key: "request_id", fields)

    /// What whoever asks for a copy is answered, once.
    public static let asked = Resource(
        "DataExportAsked", "request", table: "kith.data_requests", key: "request_id",
        fields + [.text("code", "What opens the copy. Shown only now, and kept nowhere: without it the copy cannot be read by anybody.")])

    private static let fields: [Resource.Field] = [
        .text("kind", "A copy (export) or an erasure.", from: "kind"),
        .id("person_id", "Whose data."),
        .id("asked_by", "Who asked."),
        .text("reason", "Why, where somebody else asked.").orNull,
        .choice(
            "state", State.self, "How it stands.",
            from: """
                case when done_at is not null then 'done' when cancelled_at is not null then 'cancelled' when refused_at is not null then 'refused'
                when approved_by is null and asked_by <> person_id then case when expires_at > now() then 'awaiting_approval' else 'expired' end
                when due_at > now() then 'waiting' else 'under_way' end
                """),
        .moment("asked_at", "When."),
        .moment("expires_at", "Until when it can be approved."),
        .id("approved_by", "Which other administrator approved it.").orNull,
        .moment("due_at", "When it is done; an erasure can be cancelled until then.").orNull,
        .moment("done_at", "When it was done.").orNull,
        .moment("downloaded_at", "When the copy was fetched.").orNull,
        .version,
    ]

    /// A request about oneself.
    public struct OwnErasure: Input {
        let atOnce: Bool

        public init(from fields: inout Fields) {
            atOnce = fields.optional(
                "at_once", .boolean, default: false, "Without the seven days in which you could change your mind. It cannot be undone.")
        }
    }

    /// A request about somebody else.
    public struct Reasoned: Input {
        let reason: String

        public init(from fields: inout Fields) {
            reason = fields.required("reason", .text(1...2000, lines: true), "Why; the administrator who approves it reads this.")
        }
    }

    /// Those that the person who asks may see: about them, of them, and all for administrators.
    public static let visible: Query = """
        person_id = kith.current_person() or asked_by = kith.current_person() or exists (
            select from kith.role_grants g where g.person_id = kith.current_person() and g.programme_id is null and g.ended_at is null
              and g.role = any (\(Permission.exerciseDataRights.roleNames)))
        """

    /// Asks for a copy of one's own data, which is made at once.
    public static func export(by actor: Actor) async throws -> Row {
        try await actor.transaction { actor in
            let row = try await insertExport(by: actor, of: "kith.current_person()", reason: nil)
            try await begin(by: actor, "export", row["id", as: UUID.self])
            return row
        }
    }

    /// Asks for a copy of somebody's data, which is made once another administrator approves.
    public static func export(of person: UUID, by actor: Actor, _ asked: Reasoned) async throws -> Row {
        try await actor.transaction { actor in
            try await requireOther(person, by: actor)
            return try await insertExport(by: actor, of: "\(person)", reason: asked.reason)
        }
    }

    /// Asks for the erasure of one's own data. From now on it is not used.
    public static func erase(by actor: Actor, _ asked: OwnErasure) async throws -> Row {
        let days = asked.atOnce ? 0 : coolingOffDays
        return try await actor.transaction { actor in
            let row = try await insert(by: actor, "erasure", of: "kith.current_person()", reason: nil, days: days)
            try await Restrictions.begin(by: actor, for: try row["person_id", as: UUID.self], because: .erasure)
            try await begin(by: actor, "erasure", row["id", as: UUID.self], after: days)
            return row
        }
    }

    /// Asks for the erasure of somebody's data, which begins once another administrator approves.
    public static func erase(_ person: UUID, by actor: Actor, _ asked: Reasoned) async throws -> Row {
        try await actor.transaction { actor in
            try await requireOther(person, by: actor)
            return try await insert(by: actor, "erasure", of: "\(person)", reason: asked.reason)
        }
    }

    /// Approves what another administrator asked for.
    public static func approve(by actor: Actor, _ id: UUID) async throws -> Row {
        try await actor.transaction { actor in
            let request = try await actor.get(resource, id)
            try requireAwaiting(request)
            // An administrator who was made for the purpose is no second pair of eyes.
            let approved = try await actor.write(
                """
                update kith.data_requests r set approved_by = kith.current_person(), approved_at = now(), version = version + 1,
                    due_at = now() + case kind when 'erasure' then make_interval(days => \(coolingOffDays)::integer) else interval '0' end
                where request_id = \(id) and approved_by is null and refused_at is null and cancelled_at is null and expires_at > now()
                  and asked_by <> kith.current_person() and person_id <> kith.current_person() and exists (
                    select from kith.role_grants g where g.person_id = kith.current_person() and g.role = 'administrator'
                        and g.programme_id is null and g.ended_at is null and g.granted_at < r.asked_at)
                returning \(query: resource.columns)
                """, about: try request["person_id", as: UUID.self])
            guard let row = approved.first else {
                throw Refusal.forbidden(
                    "Somebody else has to approve this: an administrator who was one when it was asked for, who did not ask for it, and whom it is not about."
                )
            }
            let kind = try row["kind", as: String.self]
            if kind == "erasure" {
                try await Restrictions.begin(by: actor, for: try row["person_id", as: UUID.self], because: .erasure)
            }
            try await begin(by: actor, kind, id, after: kind == "erasure" ? coolingOffDays : 0)
            return row
        }
    }

    /// Refuses what another administrator asked for.
    public static func refuse(by actor: Actor, _ id: UUID) async throws -> Row {
        try await actor.transaction { actor in
            let request = try await actor.get(resource, id)
            try requireAwaiting(request)
            return try await actor.write(
                """
                update kith.data_requests set refused_by = kith.current_person(), refused_at = now(), version = version + 1
                where request_id = \(id) and approved_by is null and refused_at is null and cancelled_at is null
                returning \(query: resource.columns)
                """, about: try request["person_id", as: UUID.self]
            ).only(resource)
        }
    }

    /// Takes back a request that is not done: whoever asked, and whom it is about.
    public static func cancel(by actor: Actor, _ id: UUID) async throws -> Row {
        try await actor.transaction { actor in
            let mine: Query = "(asked_by = kith.current_person() or person_id = kith.current_person())"
            let request = try await actor.get(resource, id, where: mine)
            let person = try request["person_id", as: UUID.self]
            let cancelled = try await actor.write(
                """
                update kith.data_requests set cancelled_by = kith.current_person(), cancelled_at = now(), version = version + 1
                where request_id = \(id) and done_at is null and refused_at is null and cancelled_at is null and \(query: mine)
                returning \(query: resource.columns)
                """, about: person)
            guard let row = cancelled.first else { throw Refusal.conflict("This request is done already, was refused, or was cancelled.") }
            if try row["kind", as: String.self] == "erasure" { try await Restrictions.end(by: actor, for: person, because: .erasure) }
            return row
        }
    }

    private static func requireAwaiting(_ request: Row) throws {
        guard try request["state", as: String.self] == State.awaitingApproval.rawValue else {
            throw Refusal.conflict(
                "This request does not wait for approval: it has run out, was cancelled, or somebody has decided already.")
        }
    }

    // Nobody gets round the second pair of eyes, or the seven days, by calling themselves somebody else.
    private static func requireOther(_ person: UUID, by actor: Actor) async throws {
        // Somebody whose data is restricted is not among the people; the restriction says that they are there.
        let rows = try await actor.read(
            """
            select person_id = kith.current_person() as is_self, erased_at is not null as is_erased from kith.people where person_id = \(person)
            union all select false, false from kith.restrictions where person_id = \(person) and lifted_at is null
            """)
        let row = try rows.only(People.resource)
        if try row["is_self", as: Bool.self] {
            throw Refusal.conflict("This is about yourself: ask for it as yourself, with people/me. You need no reason and no approval.")
        }
        if try row["is_erased", as: Bool.self] { throw Refusal.conflict("Everything that was held of this person is erased already.") }
    }

    private static func insertExport(by actor: Actor, of person: Query, reason: String?) async throws -> Row {
        let key = ExportKey()
        return try await insert(by: actor, "export", of: person, reason: reason, days: reason == nil ? 0 : nil, sealedTo: key)
    }

    private static func insert(
        by actor: Actor, _ kind: String, of person: Query, reason: String?, days: Int? = nil, sealedTo key: ExportKey? = nil
    ) async throws -> Row {
        let code: Query = key.map { ", \($0.code)::text as code" } ?? ""
        let made = try await actor.run(
            actor.recorded(
                """
                insert into kith.data_requests (network_id, request_id, person_id, kind, asked_by, reason, due_at, sealed_to)
                values (\(actor.network), \(actor.newID), \(query: person), \(kind), kith.current_person(), \(reason),
                        now() + make_interval(days => \(days)::integer), \(key?.publicKey))
                returning \(query: resource.columns)\(query: code)
                """),
            // The person is told, whoever asked.
            """
            insert into kith.events (network_id, event_id, kind, subject_id, person_id)
            select network_id, kith.new_id(), 'data_request.about_you', request_id, person_id from kith.data_requests
            where request_id = \(actor.newID) and asked_by <> person_id
            """)
        return try made[0].only(resource)
    }

    private static func begin(by actor: Actor, _ kind: String, _ id: UUID, after days: Int = 0) async throws {
        _ = try await Jobs.enqueue(
            by: actor, kind == "export" ? "core.export" : "core.erase", of: "core", about: id, ["request": .string("\(id)")],
            from: "now() + make_interval(days => \(days)::integer)")
    }
}
