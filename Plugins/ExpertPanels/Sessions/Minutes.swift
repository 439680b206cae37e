import PluginKit
import struct FoundationEssentials.UUID

/// Minutes of a session. Members approve a draft or say what is to be corrected; each correction is a new draft, and every draft stays.
enum Minutes {
    static let resource = Resource(
        "Minutes", "minutes", table: "expert_panels.minutes_details", key: "minutes_id",
        [
            .id("session_id", "The session."),
            .integer("number", "Which draft, from 1."),
            .text("body", "The minutes."),
            .moment("drafted_at", "When it was written."),
            .boolean("is_current", "Whether it is the latest draft."),
            .integer("approvals", "How many members approve it."),
            .integer("quorum", "How many must."),
            .integer("corrections", "How many asked for a correction."),
            .moment("approved_at", "When enough members had approved it.").orNull,
        ])

    static let replies = Resource(
        "MinutesReply", "reply", table: "expert_panels.minutes_reply_details", key: "person_id",
        [
            .boolean("approves", "Whether they approve the draft."),
            .text("correction", "What is to be corrected.").orNull,
            .moment("replied_at", "When they said so."),
        ])

    struct New: Input {
        let body: String

        init(from fields: inout Fields) { body = fields.required("body", .text(1...100_000, lines: true), "The minutes.") }
    }

    struct Reply: Input {
        let approves: Bool
        let correction: String?

        init(from fields: inout Fields) {
            approves = fields.required("approves", .boolean, "Whether you approve the draft.")
            correction = fields.optional("correction", .text(1...10_000, lines: true), "What is to be corrected.")
            fields.check(
                approves == (correction == nil), "correction", "Say what is to be corrected where you do not approve, and only then.")
        }
    }

    /// Writes a draft, the first or a corrected one. Approval begins anew with it.
    static func draft(by actor: Actor, of panel: UUID, _ session: UUID, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            try await lock(session, of: panel, by: actor)
            let approved = try await actor.read(
                "select from expert_panels.minutes where session_id = \(session) and approved_at is not null")
            guard approved.isEmpty else {
                throw Refusal.conflict("The minutes of this session are approved. Put a correction into those of the next one.")
            }
            _ = try await actor.write(
                """
                insert into expert_panels.minutes (network_id, minutes_id, session_id, number, body, drafted_by)
                select \(actor.network)::uuid, \(actor.newID)::uuid, \(session)::uuid, coalesce(max(m.number), 0) + 1, \(new.body),
                       kith.current_person()
                from expert_panels.minutes m where m.session_id = \(session)
                returning minutes_id as id
                """)
            return try await actor.get(resource, actor.newID)
        }
    }

    /// Approves the latest draft, or asks for a correction. The approval that makes the quorum approves the minutes.
    static func reply(by actor: Actor, _ id: UUID, of panel: UUID, _ session: UUID, _ reply: Reply) async throws -> Row {
        try await actor.transaction { actor in
            // Two last approvals wait for each other here.
            try await lock(session, of: panel, by: actor)
            let found = try await actor.read(
                """
                select m.is_current, m.approved_at is not null as is_approved, expert_panels.is_member(m.panel_id, kith.current_person()) as is_member
                from expert_panels.minutes_details m where m.minutes_id = \(id) and m.session_id = \(session)
                """
            ).only(resource)
            guard try found["is_member", as: Bool.self] else {
                throw Refusal.forbidden("Minutes are approved by the members of the panel.")
            }
            guard try found["is_current", as: Bool.self], try !found["is_approved", as: Bool.self] else {
                throw Refusal.conflict("There is a newer draft, or these minutes are approved already. Read them again.")
            }
            _ = try await actor.write(
                """
                insert into expert_panels.minutes_replies (network_id, minutes_id, person_id, approves, correction)
                values (\(actor.network), \(id), kith.current_person(), \(reply.approves), \(reply.correction))
                on conflict (network_id, minutes_id, person_id) do update set approves = excluded.approves, correction = excluded.correction,
                    replied_at = now()
                returning minutes_id as id
                """)
            _ = try await actor.write(
                """
                update expert_panels.minutes m set approved_at = now() from expert_panels.minutes_details d
                where m.minutes_id = \(id) and d.network_id = m.network_id and d.minutes_id = m.minutes_id and d.approvals >= d.quorum
                returning m.minutes_id as id
                """, recording: "minutes.approved")
            return try await actor.get(resource, id)
        }
    }

    private static func lock(_ session: UUID, of panel: UUID, by actor: Actor) async throws {
        _ = try await actor.read(
            "select session_id from expert_panels.sessions where session_id = \(session) and panel_id = \(panel) for no key update"
        ).only(PanelSessions.resource)
    }
}
