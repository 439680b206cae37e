import Postgres
import struct FoundationEssentials.UUID

extension CalendarSource {
    /// The meetings that a person is asked to, also those that were called off, for a year after they ended.
    public static let meetings = meetings(
        of: "kith.current_person()", where: "i.withdrawn_at is null and m.ends_at > now() - interval '1 year'")

    /// Meetings to which a person is or was asked, as entries that are the same in the calendar that they subscribe to and in each mail. What
    /// lets anybody in, a link or a number, is not among it.
    static func meetings(of person: Query, where condition: Query) -> CalendarSource {
        CalendarSource(
            module: "core",
            """
            select m.meeting_id || '@kith' as uid, m.version + i.changes as sequence, now() as changed_at, m.starts_at, m.ends_at,
                m.title as summary, coalesce(m.place, case when m.remote_link is not null then 'Online' else 'By phone' end) as location,
                m.cancelled_at is not null or i.withdrawn_at is not null as is_cancelled
            from kith.meetings m join kith.meeting_invitations i using (network_id, meeting_id)
            where i.person_id = \(query: person) and \(query: condition)
            """)
    }
}
