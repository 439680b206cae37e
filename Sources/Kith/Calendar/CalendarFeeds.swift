public import Postgres
public import struct FoundationEssentials.UUID

/// Calendars that a person subscribes to with the program of their choice, by a secret address.
public enum CalendarFeeds {
    private static let fields: [Resource.Field] = [
        .text("name", "What it is for, such as the phone that reads it."), .moment("revoked_at", "When it was withdrawn.").orNull,
        .createdAt,
    ]

    /// What the API answers for a calendar; never its address.
    public static let resource = Resource("Calendar", "calendar", table: "kith.calendar_feeds", key: "feed_id", fields)

    /// What is answered when a calendar is made, once.
    public static let created = Resource(
        "CalendarCreated", "calendar", table: "kith.calendar_feeds", key: "feed_id",
        fields + [.text("url", "Its address. Whoever knows it can read the calendar. Shown only now.")])

    /// A new calendar.
    public struct New: Input {
        let name: String

        public init(from fields: inout Fields) {
            name = fields.required("name", .text(), "What it is for, such as the phone that reads it.")
        }
    }

    /// Makes a calendar for whoever asks.
    public static func create(by actor: Actor, _ new: New, site: String) async throws -> Row {
        let secret = Secret.generate(.calendar)
        return try await actor.write(
            """
            insert into kith.calendar_feeds (network_id, feed_id, person_id, name, secret_hash)
            values (\(actor.network), \(actor.newID), kith.current_person(), \(new.name), \(secret.hash))
            returning \(query: resource.columns), \("\(site)/v1/calendars/\(secret.text).ics")::text as url
            """
        ).only(resource)
    }

    /// The calendars of whoever asks.
    public static let own: Query = "person_id = kith.current_person()"

    /// Withdraws a calendar of whoever asks, at once.
    public static func revoke(by actor: Actor, _ id: UUID) async throws {
        _ = try await actor.write(
            """
            update kith.calendar_feeds set revoked_at = coalesce(revoked_at, now())
            where feed_id = \(id) and (\(query: own)) returning feed_id as id
            """
        ).only(resource)
    }

    /// What stands in a calendar, for whoever knows its address.
    public static func read(by actor: Actor, _ name: String, _ sources: [CalendarSource]) async throws -> [UInt8] {
        let secret = name.hasSuffix(".ics") ? String(name.dropLast(4)) : name
        return try await actor.transaction { actor in
            _ = try await actor.read("select kith.enter_calendar(\(Secret.hash(of: secret)))")
            let enabled = try await EnabledPlugins.list(by: actor).union(["core"])
            let network = try await actor.read("select name from kith.networks").decode(String.self).first ?? ""
            var entries: [CalendarDocument.Entry] = []
            for source in sources where enabled.contains(source.module) { entries += try await source.entries(by: actor) }
            return Array(CalendarDocument(name: network, entries: entries).text.utf8)
        }
    }
}
