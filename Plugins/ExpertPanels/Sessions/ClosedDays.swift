import PluginKit

/// Days beside Saturdays and Sundays on which nobody works: bank holidays, which differ between the nations, and days on which the
/// network is closed. A network that has entered none counts every Monday to Friday.
enum ClosedDays {
    static let resource = Resource(
        "ClosedDay", "closed day", table: "expert_panels.closed_days", key: "closed_day_id",
        [.date("day", "The day."), .text("name", "What it is.")])

    struct New: Input {
        let day: CalendarDate
        let name: String

        init(from fields: inout Fields) {
            day = fields.required("day", .date, "The day.")
            name = fields.required("name", .text(), "What it is, as in Good Friday.")
        }
    }

    static func create(by actor: Actor, _ new: New) async throws -> Row {
        try await actor.write(
            """
            insert into expert_panels.closed_days (network_id, closed_day_id, day, name)
            values (\(actor.network), \(actor.newID), \(new.day), \(new.name)) returning \(query: resource.columns)
            """
        ).only(resource)
    }
}
