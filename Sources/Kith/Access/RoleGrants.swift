public import Postgres
public import struct FoundationEssentials.UUID

/// Who is trusted with what, since when, and until when. Nothing is deleted.
public enum RoleGrants {
    /// What the API answers for a grant.
    public static let resource = Resource(
        "RoleGrant", "role grant", table: "kith.role_grants", key: "grant_id",
        [
            .id("person_id", "Who."),
            .choice("role", Role.self, "What they are trusted with."),
            .id("programme_id", "In which programme; null for the whole network.").orNull,
            .id("granted_by", "Who granted it.").orNull,
            .moment("granted_at", "Since when."),
            .moment("ended_at", "Until when.").orNull,
        ])

    /// A new grant.
    public struct New: Input {
        let person: UUID
        let role: Role
        let programme: UUID?

        public init(from fields: inout Fields) {
            person = fields.required("person_id", .id, "Who.")
            role = fields.required("role", .choice(), "What they are trusted with.")
            programme = fields.optional("programme_id", .id, "In which programme; leave it out for the whole network.")
        }
    }

    /// Which grants to list.
    public struct Filters: Input {
        private let person: UUID?
        private let programme: UUID?

        public init(from fields: inout Fields) {
            person = fields.optional("person_id", .id, "Only of this person.")
            programme = fields.optional("programme_id", .id, "Only in this programme.")
        }

        /// The condition.
        public var condition: Query {
            .all(person.map { "person_id = \($0)" }, programme.map { "programme_id = \($0)" })
        }
    }

    /// Grants a role.
    public static func create(by actor: Actor, _ new: New) async throws -> Row {
        try await actor.write(
            """
            insert into kith.role_grants (network_id, grant_id, person_id, role, programme_id, granted_by)
            values (\(actor.network), \(actor.newID), \(new.person), \(new.role), \(new.programme), kith.current_person())
            returning \(query: resource.columns)
            """, about: new.person
        ).only(resource)
    }

    /// Ends a grant at once. The last administrator of a network who can sign in stays, or nobody could look after it.
    public static func end(by actor: Actor, _ id: UUID) async throws {
        try await actor.transaction { actor in
            let others = try await actor.read(
                """
                select grant_id = \(id) as is_this from kith.role_grants g join kith.people p using (network_id, person_id)
                where role = 'administrator' and programme_id is null and g.ended_at is null and p.ended_at is null
                  and p.account_id is not null
                for update of g
                """)
            if others.count == 1, let only = others.first, try only["is_this", as: Bool.self] {
                throw Refusal.conflict("This is the last administrator of the network. Make somebody else administrator first.")
            }
            _ = try await actor.write(
                "update kith.role_grants set ended_at = now() where grant_id = \(id) and ended_at is null returning grant_id as id, person_id"
            ).only(resource)
        }
    }
}
