public import Postgres
public import struct FoundationEssentials.UUID

/// The organisations that carry a programme: those that lead it and those that are partners.
public enum ProgrammeOrganisations {
    /// What an organisation is to a programme.
    public enum Part: String, Sendable, CaseIterable, PostgresCodable {
        case lead, partner
    }

    /// What the API answers for a participating organisation.
    public static let resource = Resource(
        "ProgrammeOrganisation", "organisation of the programme", table: "kith.programme_organisations", key: "organisation_id",
        [
            .id("programme_id", "The programme."),
            .choice("part", Part.self, "What the organisation is to it."),
            .createdAt,
        ])

    /// A participating organisation.
    public struct New: Input {
        let organisation: UUID
        let part: Part

        public init(from fields: inout Fields) {
            organisation = fields.required("organisation_id", .id, "Which organisation.")
            part = fields.required("part", .choice(), "What it is to the programme.")
        }
    }

    /// Lets an organisation take part.
    public static func create(by actor: Actor, in programme: UUID, _ new: New) async throws -> Row {
        try await actor.write(
            """
            insert into kith.programme_organisations (network_id, programme_id, organisation_id, part)
            values (\(actor.network), \(programme), \(new.organisation), \(new.part)) returning \(query: resource.columns)
            """
        ).only(resource)
    }

    /// Ends an organisation's part in a programme.
    public static func end(by actor: Actor, in programme: UUID, _ organisation: UUID) async throws {
        _ = try await actor.write(
            """
            delete from kith.programme_organisations where programme_id = \(programme) and organisation_id = \(organisation)
            returning organisation_id as id
            """
        ).only(resource)
    }
}
