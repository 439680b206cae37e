import PluginKit
import struct FoundationEssentials.UUID

/// Who puts things on the agenda of a panel and who speaks, where a panel writes that down.
enum Voices {
    static let resource = Resource(
        "Voice", "voice", table: "expert_panels.voices", key: "person_id",
        [
            .id("panel_id", "The panel."), .date("held_on", "The day of the session."),
            .integer("agenda_items", "How many things they put on the agenda."), .integer("minutes_spoken", "How many minutes they spoke."),
        ])

    struct New: Input {
        let person: UUID
        let heldOn: CalendarDate
        let agendaItems: Int
        let minutesSpoken: Int

        init(from fields: inout Fields) {
            person = fields.required("person_id", .id, "Who.")
            heldOn = fields.required("held_on", .date, "The day of the session.")
            agendaItems = fields.optional("agenda_items", .integer(0...1000), default: 0, "How many things they put on the agenda.")
            minutesSpoken = fields.optional("minutes_spoken", .integer(0...1000), default: 0, "How many minutes they spoke.")
        }
    }

    static func record(by actor: Actor, _ new: New, of panel: UUID) async throws -> Row {
        try await actor.write(
            """
            insert into expert_panels.voices (network_id, panel_id, held_on, person_id, agenda_items, minutes_spoken)
            values (\(actor.network), \(panel), \(new.heldOn), \(new.person), \(new.agendaItems), \(new.minutesSpoken))
            on conflict (network_id, panel_id, held_on, person_id) do update
                set agenda_items = excluded.agenda_items, minutes_spoken = excluded.minutes_spoken
            returning \(query: resource.columns)
            """, about: new.person
        ).only(resource)
    }
}
