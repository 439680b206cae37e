public import Postgres
public import struct FoundationEssentials.UUID

/// The papers of a meeting, as links, each with the time at which it was sent: people need time to read.
public enum MeetingPapers {
    /// What the API answers for a paper.
    public static let resource = Resource(
        "MeetingPaper", "paper", table: "kith.meeting_papers", key: "paper_id",
        [
            .id("meeting_id", "The meeting."),
            .text("title", "What it is called."),
            .text("link", "Where it is."),
            .createdAt,
            .moment("sent_at", "When it was sent to those who are invited.").orNull,
        ])

    /// A new paper.
    public struct New: Input {
        let title: String
        let link: String
        let isSent: Bool

        public init(from fields: inout Fields) {
            title = fields.required("title", .text(), "What it is called.")
            link = fields.required("link", .link, "Where it is.")
            isSent = fields.optional("sent", .boolean, default: false, "Whether it is sent now.")
        }
    }

    /// Adds a paper.
    public static func create(by actor: Actor, of activity: UUID, to meeting: UUID, _ new: New) async throws -> Row {
        try await actor.write(
            """
            insert into kith.meeting_papers (network_id, paper_id, meeting_id, title, link, sent_at)
            select m.network_id, \(actor.newID), m.meeting_id, \(new.title), \(new.link), case when \(new.isSent) then now() end
            from kith.meetings m where m.meeting_id = \(meeting) and m.activity_id = \(activity)
            returning \(query: resource.columns)
            """
        ).only(Meetings.resource)
    }

    /// Records that a paper was sent. The first time counts.
    public static func send(by actor: Actor, of activity: UUID, to meeting: UUID, _ id: UUID) async throws -> Row {
        try await actor.write(
            """
            update kith.meeting_papers set sent_at = coalesce(sent_at, now())
            where paper_id = \(id) and meeting_id = \(meeting)
              and meeting_id in (select m.meeting_id from kith.meetings m where m.activity_id = \(activity))
            returning \(query: resource.columns)
            """
        ).only(resource)
    }
}
