import PluginKit
import struct FoundationEssentials.UUID

/// Who chairs a panel and who selects for it: written down, so that it is known who decides.
enum Parts {
    enum Part: String, Sendable, CaseIterable, PostgresCodable {
        case chair, selector
    }

    static let resource = Resource(
        "Part", "part", table: "expert_panels.parts", key: "part_id",
        [
            .id("panel_id", "The panel."), .id("person_id", "Who."), .choice("part", Part.self, "What they do."), .createdAt,
            .moment("ended_at", "Until when.").orNull,
        ])

    struct New: Input {
        let person: UUID
        let part: Part

        init(from fields: inout Fields) {
            person = fields.required("person_id", .id, "Who.")
            part = fields.required("part", .choice(), "chair, or selector for whoever decides who is on the panel.")
        }
    }

    static func add(by actor: Actor, _ new: New, to panel: UUID) async throws -> Row {
        try await actor.write(
            """
            insert into expert_panels.parts (network_id, part_id, panel_id, person_id, part)
            values (\(actor.network), \(actor.newID), \(panel), \(new.person), \(new.part)) returning \(query: resource.columns)
            """, about: new.person
        ).only(resource)
    }

    static func end(by actor: Actor, _ id: UUID, of panel: UUID) async throws {
        _ = try await actor.write(
            """
            update expert_panels.parts set ended_at = coalesce(ended_at, now())
            where part_id = \(id) and panel_id = \(panel) returning part_id as id
            """
        ).only(resource)
    }
}
