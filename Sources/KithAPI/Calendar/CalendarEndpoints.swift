public import Kith
import Postgres

extension Endpoint {
    /// Calendars to subscribe to.
    /// - Parameters:
    ///   - sources: what the core and the plugins put into them
    ///   - site: where people find Kith
    /// - Returns: the endpoints
    public static func calendars(_ sources: [CalendarSource], site: String) -> [Endpoint] {
        [
            .create(
                "create_calendar", "/networks/{network}/calendars", "Make a calendar of yours to subscribe to, by a secret address",
                .member,
                records: "calendar.created", returns: CalendarFeeds.created, answersSecret: true, body: CalendarFeeds.New.self
            ) { try await CalendarFeeds.create(by: $0.actor, $0.input, site: site) },
            .list(
                "list_calendars", "/networks/{network}/calendars", "List your calendars, without their addresses", .member,
                of: CalendarFeeds.resource
            ) { try await $0.actor.list(CalendarFeeds.resource, $0.page, where: CalendarFeeds.own) },
            .end(
                "revoke_calendar", "/networks/{network}/calendars/{calendar}", "Withdraw a calendar of yours at once", .member,
                records: "calendar.revoked"
            ) { try await CalendarFeeds.revoke(by: $0.actor, $0.id("calendar")) },
            .file(
                "read_calendar", "/calendars/{calendar_name}", "Read a calendar (iCalendar), by its secret address", .anyone,
                mediaType: "text/calendar; charset=utf-8"
            ) { try await CalendarFeeds.read(by: $0.actor, $0.word("calendar_name"), sources) },
        ]
    }
}
