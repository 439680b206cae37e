import PluginKit
import struct FoundationEssentials.Date
import struct FoundationEssentials.UUID

/// Open calls for a panel's seats.
enum Opportunities {
    static let resource = Resource(
        "Opportunity", "opportunity", table: "expert_panels.opportunities", key: "opportunity_id",
        [
            .id("panel_id", "The panel."),
            .text("title", "What is called for."),
            .text("description", "What it involves, in plain English."),
            .integer("seats", "How many people are wanted."),
            .boolean("one_per_household", "Whether at most one person of a household may be drawn."),
            .moment("opens_at", "From when people may offer.").orNull,
            .moment("closes_at", "Until when.").orNull,
            .version, .createdAt,
        ])

    /// The last moment to offer, for whoever has a role in the network.
    static let calendar = CalendarSource(
        module: ExpertPanels.id,
        """
        select 'call-' || o.opportunity_id as uid, o.version as sequence, greatest(o.created_at, o.opens_at) as changed_at,
            o.closes_at as starts_at, null::timestamptz as ends_at, 'Closes: ' || o.title as summary, null::text as location,
            false as is_cancelled
        from expert_panels.opportunities o
        where o.closes_at is not null and exists (
            select from kith.role_grants g where g.person_id = kith.current_person() and g.ended_at is null)
        """)

    struct New: Input {
        let title: String
        let description: String
        let seats: Int
        let onePerHousehold: Bool
        let opensAt: Date?
        let closesAt: Date?

        init(from fields: inout Fields) {
            title = fields.required("title", .text(), "What is called for.")
            description = fields.required("description", .text(1...10_000, lines: true), "What it involves, in plain English.")
            seats = fields.required("seats", .integer(1...1000), "How many people are wanted.")
            onePerHousehold = fields.optional(
                "one_per_household", .boolean, default: false, "Whether at most one person of a household may be drawn.")
            opensAt = fields.optional("opens_at", .moment, "From when people may offer.")
            closesAt = fields.optional("closes_at", .moment, "Until when.")
        }
    }

    struct Patch: Input {
        private(set) var changes = Changes()

        init(from fields: inout Fields) {
            changes.set("title", fields.change("title", .text(), "What is called for."))
            changes.set("description", fields.change("description", .text(1...10_000, lines: true), "What it involves."))
            changes.set("seats", fields.change("seats", .integer(1...1000), "How many people are wanted."))
            changes.set("one_per_household", fields.change("one_per_household", .boolean, "Whether a household may have at most one seat."))
            changes.set("opens_at", fields.clearableChange("opens_at", .moment, "From when people may offer."))
            changes.set("closes_at", fields.clearableChange("closes_at", .moment, "Until when."))
        }
    }

    /// Calls for volunteers.
    static func create(by actor: Actor, for panel: UUID, _ new: New) async throws -> Row {
        try await actor.write(
            """
            insert into expert_panels.opportunities
                (network_id, opportunity_id, panel_id, title, description, seats, one_per_household, opens_at, closes_at)
            values (\(actor.network), \(actor.newID), \(panel), \(new.title), \(new.description), \(new.seats), \(new.onePerHousehold),
                    \(new.opensAt), \(new.closesAt))
            returning \(query: resource.columns)
            """
        ).only(resource)
    }

    /// Holds a call until the transaction ends, so that files for it are taken one after the other.
    static func lock(_ id: UUID, of panel: UUID, by actor: Actor) async throws {
        _ = try await actor.read(
            "select from expert_panels.opportunities where opportunity_id = \(id) and panel_id = \(panel) for no key update"
        ).only(resource)
    }
}
