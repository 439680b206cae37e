public import Postgres
public import struct FoundationEssentials.UUID

/// Restriction of processing (UK GDPR, article 18): what is held of a person is kept and not used. Nobody but the person sees their rows
/// in any list, draw or message, in any module: the database hides them (`kith.restricted_people` in `0008_data_rights.sql`).
public enum Restrictions {
    /// Why, in the order of article 18(1).
    public enum Basis: String, Sendable, CaseIterable, PostgresCodable {
        case accuracy, unlawful
        case legalClaim = "legal_claim"
        case objection, erasure
        case notSaid = "not_said"
    }

    /// What the API answers for a restriction.
    public static let resource = Resource(
        "Restriction", "restriction", table: "kith.restrictions", key: "restriction_id",
        [
            .id("person_id", "Whose data is not used."),
            .choice("basis", Basis.self, "Why, if that was said."),
            .moment("started_at", "Since when."),
            .moment("lifted_at", "Until when.").orNull,
        ])

    /// A new restriction.
    public struct New: Input {
        let basis: Basis

        public init(from fields: inout Fields) {
            basis = fields.optional("basis", .choice(), default: .notSaid, "Why; nobody has to say.")
        }
    }

    /// Restricts the use of one's own data, at once.
    public static func begin(by actor: Actor, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            let person = try await People.me(by: actor)["id", as: UUID.self]
            try await begin(by: actor, for: person, because: new.basis)
            return try await current(of: person, by: actor)
        }
    }

    /// Restricts the use of somebody's data on their behalf, for those who ask by post or phone.
    public static func begin(for person: UUID, by actor: Actor, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            let known = try await actor.read(
                "select person_id as id from kith.people where person_id = \(person) union select person_id from kith.restrictions where person_id = \(person)"
            )
            _ = try known.only(People.resource)
            try await begin(by: actor, for: person, because: new.basis)
            return try await current(of: person, by: actor)
        }
    }

    /// Ends the restrictions of one's own data, but for that of an erasure, which ends with it.
    public static func end(by actor: Actor) async throws {
        _ = try await actor.write(lift("person_id = kith.current_person() and basis <> 'erasure'")).only(resource)
    }

    /// Ends the restrictions that others have asked for on a person's behalf; the person is told (article 18(3)).
    public static func end(for person: UUID, by actor: Actor) async throws {
        // What the person restricted themself, they lift themself.
        _ = try await actor.write(
            lift("person_id = \(person) and basis <> 'erasure' and started_by is distinct from person_id"), about: person
        ).only(resource)
    }

    static func begin(by actor: Actor, for person: UUID, because basis: Basis) async throws {
        _ = try await actor.write(
            """
            insert into kith.restrictions (network_id, restriction_id, person_id, basis, started_by)
            select \(actor.network), \(UUID.version7()), \(person), \(basis), kith.current_person()
            where not exists (
                select from kith.restrictions where person_id = \(person) and basis = \(basis) and lifted_at is null)
            returning restriction_id as id
            """, recording: "restriction.started", about: person)
    }

    static func end(by actor: Actor, for person: UUID, because basis: Basis) async throws {
        _ = try await actor.write(
            lift("person_id = \(person) and basis = \(basis)"), recording: "restriction.lifted", about: person)
    }

    private static func current(of person: UUID, by actor: Actor) async throws -> Row {
        try await actor.read(
            """
            select \(query: resource.columns) from kith.restrictions where person_id = \(person) and lifted_at is null
            order by restriction_id desc limit 1
            """
        ).only(resource)
    }

    private static func lift(_ condition: Query) -> Query {
        """
        update kith.restrictions set lifted_at = now(), lifted_by = kith.current_person()
        where lifted_at is null and \(query: condition) returning restriction_id as id
        """
    }
}
