public import Postgres
public import struct FoundationEssentials.UUID

/// Who belongs to which organisation, and as what.
public enum Affiliations {
    /// What the API answers for an affiliation.
    public static let resource = Resource(
        "Affiliation", "affiliation", table: "kith.affiliations", key: "affiliation_id",
        [
            .id("person_id", "Who."),
            .id("organisation_id", "Of which organisation."),
            .text("role", "As what, in the organisation's words."),
            .date("started_on", "Since when.").orNull,
            .date("ended_on", "Until when.").orNull,
            .createdAt,
        ])

    /// A new affiliation.
    public struct New: Input {
        let person: UUID
        let organisation: UUID
        let role: String
        let startedOn: CalendarDate?
        let endedOn: CalendarDate?

        public init(from fields: inout Fields) {
            person = fields.required("person_id", .id, "Who.")
            organisation = fields.required("organisation_id", .id, "Of which organisation.")
            role = fields.required("role", .text(1...100), "As what, in the organisation's words.")
            startedOn = fields.optional("started_on", .date, "Since when.")
            endedOn = fields.optional("ended_on", .date, "Until when.")
        }
    }

    /// Which affiliations to list.
    public struct Filters: Input {
        private let person: UUID?
        private let organisation: UUID?

        public init(from fields: inout Fields) {
            person = fields.optional("person_id", .id, "Only of this person.")
            organisation = fields.optional("organisation_id", .id, "Only to this organisation.")
        }

        /// The condition.
        public var condition: Query {
            .all(person.map { "person_id = \($0)" }, organisation.map { "organisation_id = \($0)" })
        }
    }

    /// Affiliates a person to an organisation.
    public static func create(by actor: Actor, _ new: New) async throws -> Row {
        try await actor.write(
            """
            insert into kith.affiliations (network_id, affiliation_id, person_id, organisation_id, role, started_on, ended_on)
            values (\(actor.network), \(actor.newID), \(new.person), \(new.organisation), \(new.role), \(new.startedOn), \(new.endedOn))
            returning \(query: resource.columns)
            """, about: new.person
        ).only(resource)
    }

    /// Ends an affiliation today. One that has ended stays as it is.
    public static func end(by actor: Actor, _ id: UUID) async throws {
        _ = try await actor.write(
            """
            update kith.affiliations set ended_on = least(ended_on, greatest(current_date, started_on))
            where affiliation_id = \(id) returning affiliation_id as id
            """
        ).only(resource)
    }
}
