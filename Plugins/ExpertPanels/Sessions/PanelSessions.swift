import PluginKit
import struct FoundationEssentials.UUID

/// Sessions of a panel: meetings of the core, which carry who is asked, how people come, with how many supporters, and what each needs;
/// and what is particular to panels, which is when papers are due and how long people sit without a break.
enum PanelSessions {
    static let resource = Resource(
        "PanelSession", "session", table: "expert_panels.session_details", key: "session_id",
        [
            .id("panel_id", "The panel. The session is a meeting of this activity, with the same id."),
            .text("title", "What it is called."),
            .moment("starts_at", "When it begins."),
            .moment("ends_at", "When it ends."),
            .text("place", "Where it is.").orNull,
            .text("remote_link", "The link for those who join from elsewhere.").orNull,
            .text("phone", "The number for those who join by phone.").orNull,
            .json("breaks", schema: ["type": "array", "items": ["type": "object"]], "The breaks: after how many minutes, and how long."),
            .boolean("needs_break", "Whether people sit for longer than the panel allows without a break."),
            .choice("state", Meetings.State.self, "Whether it is ready: every access need is arranged, or it was explained why not."),
            .boolean("is_arranged", "Whether nothing stands in the way of that."),
            .integer("papers_working_days", "How many working days before it papers are due."),
            .date("papers_due_on", "Which day that is."),
            .integer("late_papers", "How many papers went out after it, or have not gone out and it has passed."),
            .integer("invited", "How many people are asked."),
            .integer("coming", "How many said that they come."),
            .integer("supporters", "How many supporters they bring."),
            .integer("came_in_person", "How many came in person."),
            .integer("came_remotely", "How many joined from elsewhere."),
            .integer("came_by_phone", "How many joined by phone."),
            .integer("supporters_came", "How many supporters came."),
            .version, .createdAt,
        ])

    static let papers = Resource(
        "SessionPaper", "paper", table: "expert_panels.session_papers", key: "paper_id",
        [
            .text("title", "What it is called."),
            .text("link", "Where it is."),
            .moment("sent_at", "When it was sent.").orNull,
            .date("due_on", "The last day that leaves people enough time to read."),
            .boolean("is_late", "Whether it was sent later than that, or that day has passed and it was not sent."),
        ])

    struct New: Input {
        let meeting: Meetings.New
        let papersWorkingDays: Int?

        init(from fields: inout Fields) {
            meeting = Meetings.New(from: &fields)
            papersWorkingDays = fields.optional(
                "papers_working_days", .integer(0...60),
                "How many working days before it papers are due; left out, by the rules of the panel.")
        }
    }

    /// The sessions that somebody sees, as of any meeting.
    static func visible(of panel: UUID) -> Query {
        """
        panel_id = \(panel) and exists (
            select from kith.meetings where meetings.network_id = session_details.network_id and meetings.meeting_id = session_id
                and \(query: Meetings.visible))
        """
    }

    /// Plans a session, and asks every member to it.
    static func create(by actor: Actor, of panel: UUID, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            _ = try await actor.read("select panel_id from expert_panels.panels where panel_id = \(panel)").only(Panels.resource)
            _ = try await Meetings.create(by: actor, of: panel, new.meeting)
            _ = try await actor.run(
                """
                insert into expert_panels.sessions (network_id, session_id, panel_id, papers_working_days)
                select r.network_id, \(actor.newID)::uuid, r.panel_id, coalesce(\(new.papersWorkingDays)::integer, r.papers_working_days)
                from expert_panels.panel_rule_details r where r.panel_id = \(panel)
                """)
            try await ask(by: actor, of: panel, to: actor.newID)
            return try await actor.get(resource, actor.newID)
        }
    }

    /// Asks the members who are not asked yet, such as those who joined since.
    static func askMembers(by actor: Actor, of panel: UUID, to session: UUID) async throws -> Row {
        try await actor.transaction { actor in
            _ = try await actor.get(resource, session, where: "panel_id = \(panel)")
            try await ask(by: actor, of: panel, to: session)
            return try await actor.get(resource, session)
        }
    }

    private static func ask(by actor: Actor, of panel: UUID, to session: UUID) async throws {
        try await MeetingInvitations.create(
            by: actor, of: panel, to: session,
            forEach: "select distinct person_id from expert_panels.member_details where panel_id = \(panel) and ended_at is null")
    }

    /// Marks a session as ready. Refused while an access need is neither arranged nor explained: it says how many, and neither whose they
    /// are nor what.
    static func markReady(by actor: Actor, of panel: UUID, _ session: UUID) async throws -> Row {
        try await actor.transaction { actor in
            // A need that is added at this moment waits here, or is waited for.
            let waiting = try await actor.run(
                "select from kith.meetings where meeting_id = \(session) and activity_id = \(panel) for no key update",
                "select session_id from expert_panels.sessions where session_id = \(session) and panel_id = \(panel)",
                "select expert_panels.count_unarranged(\(session))")
            _ = try waiting[1].only(resource)
            let count = try waiting[2].decode(Int.self).first ?? 0
            if count > 0 {
                throw Refusal.conflict(
                    """
                    \(count == 1 ? "One access need is" : "\(count) access needs are") neither arranged nor explained yet. \
                    Ask whoever arranges access in this network.
                    """)
            }
            _ = try await Meetings.markReady(by: actor, of: panel, session)
            return try await actor.get(resource, session)
        }
    }
}
