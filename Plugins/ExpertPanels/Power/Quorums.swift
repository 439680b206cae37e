import PluginKit
import struct FoundationEssentials.UUID

/// Whether those present are enough to decide, by their number and, where the network blocks what is not balanced, by the share of them
/// with lived experience. Whoever asks names those present, or the session whose record of attendance does; either way somebody wrote down
/// who is there, so that only those count who may be counted in every group.
enum Quorums {
    static let resource = Resource(
        "Quorum", "quorum", table: "expert_panels.quorums", key: "quorum_id",
        [
            .id("panel_id", "The panel."), .integer("needed", "How many are needed."), .integer("present", "How many are there."),
            .integer("counted", "How many of them have lived experience, at least, as they say themselves."),
            .integer("percent", "What part the network wants, in per cent."),
            .boolean("is_balanced", "Whether it is as much.", from: "counted * 100 >= percent * present"),
            .boolean("is_quorate", "Whether they can decide."), .id("checked_by", "Who asked."), .createdAt,
        ])

    struct New: Input {
        let needed: Int
        let people: [UUID]
        let session: UUID?

        init(from fields: inout Fields) {
            needed = fields.required("needed", .integer(1...1000), "How many are needed.")
            people = fields.optional("person_ids", .list(of: .id, 0...1000), default: [], "Who is there.")
            session = fields.optional("session_id", .id, "The session at which they are: everybody counts whom its record has as present.")
        }
    }

    static func check(by actor: Actor, _ new: New, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            if let session = new.session { _ = try await actor.get(PanelSessions.resource, session, where: "panel_id = \(panel)") }
            let (present, counted, isLeast) = try await Power.count(
                """
                select p.person_id from kith.people p
                where p.ended_at is null and (p.person_id = any (\(new.people)) or exists (
                    select from kith.meeting_invitations i
                    where i.network_id = p.network_id and i.person_id = p.person_id and i.meeting_id = \(new.session) and i.attended <> 'absent'))
                """, isDrawn: false, by: actor)
            let balance = Power.Balance(
                body: .panel, people: present, counted: counted, isLeast: isLeast, percent: try await Power.Body.panel.wanted(by: actor))
            let isBlocking = try await Power.actionChosen(by: actor) == .block
            return try await actor.write(
                """
                insert into expert_panels.quorums (network_id, quorum_id, panel_id, needed, present, counted, percent, is_quorate, checked_by)
                values (\(actor.network), \(actor.newID), \(panel), \(new.needed), \(present), \(counted), \(balance.percent),
                        \(present >= new.needed && (balance.isMet || !isBlocking)), kith.current_person())
                returning \(query: resource.columns)
                """
            ).only(resource)
        }
    }
}
