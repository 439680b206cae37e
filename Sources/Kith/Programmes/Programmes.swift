public import Postgres
import struct FoundationEssentials.UUID

/// What holds activities together: leads, facilitators, dates, partner organisations.
public enum Programmes {
    /// What the API answers for a programme.
    public static let resource = Resource(
        "Programme", "programme", table: "kith.programmes", key: "programme_id",
        [
            .text("name", "What it is called."),
            .text("summary", "What it is about.").orNull,
            .date("starts_on", "The first day.").orNull,
            .date("ends_on", "The last day.").orNull,
            .version, .createdAt,
        ])

    /// A new programme.
    public struct New: Input {
        let name: String
        let summary: String?
        let startsOn: CalendarDate?
        let endsOn: CalendarDate?

        public init(from fields: inout Fields) {
            name = fields.required("name", .text(), "What it is called.")
            summary = fields.optional("summary", .text(1...5000, lines: true), "What it is about.")
            startsOn = fields.optional("starts_on", .date, "The first day.")
            endsOn = fields.optional("ends_on", .date, "The last day.")
        }
    }

    /// What may change about a programme.
    public struct Patch: Input {
        /// The columns to set.
        public private(set) var changes = Changes()

        public init(from fields: inout Fields) {
            changes.set("name", fields.change("name", .text(), "What it is called."))
            changes.set("summary", fields.clearableChange("summary", .text(1...5000, lines: true), "What it is about."))
            changes.set("starts_on", fields.clearableChange("starts_on", .date, "The first day."))
            changes.set("ends_on", fields.clearableChange("ends_on", .date, "The last day."))
        }
    }

    /// Adds a programme.
    public static func create(by actor: Actor, _ new: New) async throws -> Row {
        try await actor.write(
            """
            insert into kith.programmes (network_id, programme_id, name, summary, starts_on, ends_on)
            values (\(actor.network), \(actor.newID), \(new.name), \(new.summary), \(new.startsOn), \(new.endsOn))
            returning \(query: resource.columns)
            """
        ).only(resource)
    }
}
