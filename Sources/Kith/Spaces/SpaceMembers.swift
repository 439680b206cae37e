public import Postgres
public import struct FoundationEssentials.UUID

/// Who is in a space, since when, and who let them in. Every member sees it.
public enum SpaceMembers {
    /// What members see of a member.
    public static let resource = Resource(
        "SpaceMember", "member of the space", table: "kith.space_member_details", key: "membership_id",
        [
            .id("person_id", "Who."),
            .text("name", "What they are called."),
            .boolean("is_convenor", "Whether they decide who comes in."),
            .id("added_by", "Who let them in."),
            .moment("joined_at", "Since when they are in it, and from when they read."),
            .moment("left_at", "Until when.").orNull,
        ])

    /// A new member.
    public struct New: Input {
        let person: UUID
        let isConvenor: Bool

        public init(from fields: inout Fields) {
            person = fields.required("person_id", .id, "Who.")
            isConvenor = fields.optional("is_convenor", .boolean, default: false, "Whether they decide who comes in.")
        }
    }

    /// Everyone who is or was in a space.
    public static func list(by actor: Actor, in space: UUID, _ page: Page) async throws -> Rows {
        let after: Query = page.after.map { "and membership_id > \($0)" } ?? ""
        let rows = try await actor.run(
            "select from kith.readable_spaces() where space_id = \(space)",
            """
            select \(query: resource.columns) from kith.space_member_details where space_id = \(space) \(query: after)
            order by membership_id \(query: page.oneMore)
            """)
        guard !rows[0].isEmpty else { throw Refusal.notFound("space") }
        return rows[1]
    }

    /// Lets somebody in. Only a convenor can, and everyone in the space is told.
    public static func add(by actor: Actor, to space: UUID, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            let id = actor.newID
            let convenes = try await actor.read("select is_convenor from kith.writable_spaces() where space_id = \(space)").decode(
                Bool.self)
            guard let isConvenor = convenes.first else { throw Refusal.notFound("space") }
            guard isConvenor else { throw Refusal.forbidden("Only a convenor of the space lets others in. Ask one of them.") }
            let added = try await actor.run(
                """
                insert into kith.space_members (network_id, membership_id, space_id, person_id, is_convenor, added_by)
                select \(actor.network)::uuid, \(id)::uuid, \(space)::uuid, \(new.person)::uuid, \(new.isConvenor), kith.current_person()
                where kith.may_add_member(\(space)::uuid, \(new.person)::uuid)
                """)[0]
            guard added.affected == 1 else { throw Spaces.cannotSignIn("/person_id") }
            return try await actor.run(
                actor.recorded("select \(id)::uuid as id", about: new.person),
                "select kith.tell_members(\(space), 'space.joined', \(space))",
                "select \(query: resource.columns) from kith.space_member_details where membership_id = \(id)"
            )[2].only(resource)
        }
    }

    /// Leaves a space at once and without a reason, or takes somebody out, which a convenor can. Nothing more is read from then on.
    public static func end(by actor: Actor, in space: UUID, _ person: UUID) async throws {
        let ended = try await actor.write(
            """
            update kith.space_members set left_at = now()
            where space_id = \(space) and person_id = \(person) and left_at is null
              and (person_id = kith.current_person() or space_id in (select w.space_id from kith.writable_spaces() w where w.is_convenor))
            returning membership_id as id
            """, about: person)
        if !ended.isEmpty { return }
        let reads = try await actor.read("select from kith.readable_spaces() where space_id = \(space)")
        throw reads.isEmpty
            ? Refusal.notFound("space") : .forbidden("Only a convenor of the space takes others out, and only those who are in.")
    }
}
