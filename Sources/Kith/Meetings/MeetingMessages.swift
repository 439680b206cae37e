import Postgres
import struct FoundationEssentials.UUID

/// Tells people about the meetings that they are asked to, in the transaction of what happens.
enum MeetingMessages {
    static func invite(_ people: [UUID], to meeting: UUID, of activity: UUID) -> Query {
        MessageTemplate.meetingInvitation.queue(
            forEach: """
                select person from unnest(\(people)::uuid[]) person
                where exists (select from kith.meetings where meeting_id = \(meeting) and ends_at > now())
                """,
            about(meeting, activity))
    }

    /// To everybody who is asked, but for those to whom something is about to go out, which says how the meeting stands then.
    static func change(_ meeting: UUID, of activity: UUID) -> Query {
        MessageTemplate.meetingChanged.queue(
            forEach: """
                select i.person_id from kith.meeting_invitations i join kith.meetings m using (network_id, meeting_id)
                where m.meeting_id = \(meeting) and m.ends_at > now() and i.withdrawn_at is null and not exists (
                    select from kith.messages q where q.person_id = i.person_id and \(query: waiting(meeting)) and q.template = any (
                        \([MessageTemplate.meetingInvitation.id, MessageTemplate.meetingChanged.id])))
                """, about(meeting, activity))
    }

    /// Tells people that they are not expected any more: those who had heard of the meeting.
    /// - Parameters:
    ///   - template: why
    ///   - meeting: the meeting
    ///   - activity: of which activity
    ///   - condition: which invitations (`i`) to the meeting (`m`) it concerns
    ///   - actor: who ends them, in their transaction
    /// - Throws: what the database says
    static func end(
        _ template: MessageTemplate, _ meeting: UUID, of activity: UUID, where condition: Query, by actor: Actor
    ) async throws {
        let unsent = try await actor.read(
            """
            update kith.messages q set state = 'cancelled' from kith.meeting_invitations i join kith.meetings m using (network_id, meeting_id)
            where m.meeting_id = \(meeting) and i.person_id = q.person_id and \(query: condition) and \(query: waiting(meeting))
            returning q.person_id, q.template
            """
        ).decode((UUID, String).self)
        let unaware = unsent.filter { $0.1 == MessageTemplate.meetingInvitation.id }.map(\.0)
        _ = try await actor.run(
            template.queue(
                forEach: """
                    select i.person_id from kith.meeting_invitations i join kith.meetings m using (network_id, meeting_id)
                    where m.meeting_id = \(meeting) and m.ends_at > now() and \(query: condition) and i.person_id <> all (\(unaware)::uuid[])
                    """, about(meeting, activity)))
    }

    // A letter that was printed says how it stood then.
    private static func waiting(_ meeting: UUID) -> Query {
        "q.state = 'queued' and q.printed_at is null and q.parameters ->> 'meeting_id' = \("\(meeting)")"
    }

    private static func about(_ meeting: UUID, _ activity: UUID) -> JSON {
        ["meeting_id": .string("\(meeting)"), "activity_id": .string("\(activity)")]
    }
}
