import Postgres
import struct FoundationEssentials.UUID

/// What a person is told about a meeting, as it stands when the message is written.
struct MeetingMessage {
    /// What must still hold, or there is nothing to say any more.
    enum Standing {
        case expected, calledOff, uninvited
    }

    static let placeholders: Set<String> = ["meeting", "activity", "date", "when", "where"]

    /// Finds what stands for the placeholders of a template; nil where it does not stand like that.
    static func values(_ standing: Standing, _ actor: Actor, _ person: UUID, _ parameters: JSON) async throws -> MessageTemplate.Values? {
        guard let meeting = parameters["meeting_id"]?.string.flatMap(UUID.init(uuidString:)) else { return nil }
        let holds: Query =
            switch standing {
            case .expected: "i.withdrawn_at is null and m.cancelled_at is null and m.ends_at > now()"
            case .calledOff: "i.withdrawn_at is null and m.cancelled_at is not null"
            case .uninvited: "i.withdrawn_at is not null"
            }
        let rows = try await actor.read(
            """
            select m.title, a.name as activity, m.place, m.remote_link, m.phone, c.locale,
                \(query: SpokenTime.column("m.starts_at at time zone c.time_zone")) as starts,
                \(query: SpokenTime.column("m.ends_at at time zone c.time_zone")) as ends
            from kith.meetings m join kith.activities a using (network_id, activity_id)
                join kith.meeting_invitations i using (network_id, meeting_id) join kith.message_choices c using (network_id, person_id)
            where m.meeting_id = \(meeting) and i.person_id = \(person) and \(query: holds)
            """)
        guard let row = rows.first, let starts = try SpokenTime(row["starts", as: String.self]),
            let ends = try SpokenTime(row["ends", as: String.self])
        else { return nil }
        let locale = try row["locale", as: String.self]
        let entries = try await CalendarSource.meetings(of: "\(person)", where: "m.meeting_id = \(meeting)").entries(by: actor)
        return MessageTemplate.Values(
            [
                "meeting": try row["title", as: String.self], "activity": try row["activity", as: String.self],
                "date": starts.date(in: locale), "when": starts.until(ends, in: locale), "where": try place(row, locale),
            ],
            calendars: [
                CalendarDocument(
                    name: try row["activity", as: String.self], method: standing == .expected ? .request : .cancel, entries: entries)
            ])
    }

    private static func place(_ row: Row, _ locale: String) throws -> String {
        let (online, phone) = locale == "cy" ? ("Ar-lein", "Dros y ffôn") : ("Online", "By phone")
        return try [
            row["place", as: String?.self], row["remote_link", as: String?.self].map { "\(online): \($0)" },
            row["phone", as: String?.self].map { "\(phone): \($0)" },
        ].compactMap(\.self).joined(separator: "\n")
    }
}
