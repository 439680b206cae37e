import PluginKit
import struct FoundationEssentials.UUID

/// Panels: each an activity of a programme.
enum Panels {
    static let resource = Resource(
        "Panel", "panel", table: "expert_panels.panel_details", key: "panel_id",
        [
            .id("programme_id", "The programme that it belongs to."),
            .text("name", "What it is called."),
            .text("purpose", "What it is for, in plain English."),
            .version, .createdAt,
            .moment("ended_at", "When it ended.").orNull,
        ])

    struct New: Input {
        let programme: UUID
        let name: String
        let purpose: String

        init(from fields: inout Fields) {
            programme = fields.required("programme_id", .id, "The programme that it belongs to.")
            name = fields.required("name", .text(), "What it is called.")
            purpose = fields.required("purpose", .text(1...5000, lines: true), "What it is for, in plain English.")
        }
    }

    /// Sets up a panel.
    static func create(by actor: Actor, _ new: New) async throws -> Row {
        try await actor.run(
            actor.recorded(
                """
                insert into kith.activities (network_id, activity_id, programme_id, plugin, name)
                values (\(actor.network), \(actor.newID), \(new.programme), \(ExpertPanels.id), \(new.name)) returning activity_id as id
                """),
            "insert into expert_panels.panels (network_id, panel_id, purpose) values (\(actor.network), \(actor.newID), \(new.purpose))",
            "select \(query: resource.columns) from expert_panels.panel_details where panel_id = \(actor.newID)"
        )[2].only(resource)
    }
}
