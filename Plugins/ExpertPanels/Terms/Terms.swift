import PluginKit
import struct FoundationEssentials.UUID

/// The involvement agreement of a panel, version by version, and who has accepted which.
enum Terms {
    static let resource = Resource(
        "Terms", "version of the terms", table: "expert_panels.terms_details", key: "terms_id",
        [
            .id("panel_id", "The panel."),
            .integer("number", "Which version, from 1."),
            .text("body", "What is agreed, in plain English."),
            .text("changes", "What is new in it.").orNull,
            .moment("published_at", "When it was published."),
            .boolean("is_current", "Whether it is the one that holds."),
        ])

    static let acceptances = Resource(
        "TermsAcceptance", "acceptance", table: "expert_panels.terms_acceptances", key: "person_id",
        [
            .id("terms_id", "The version."),
            .choice("channel", Channel.self, "How they said so."),
            .moment("accepted_at", "When."),
        ])

    struct New: Input {
        let body: String
        let changes: String?

        init(from fields: inout Fields) {
            body = fields.required("body", .text(1...50_000, lines: true), "What is agreed, in plain English.")
            changes = fields.optional("changes", .text(1...5000, lines: true), "What is new, for those who accepted the version before.")
        }
    }

    struct Record: Input {
        let person: UUID
        let channel: Channel.Recorded

        init(from fields: inout Fields) {
            person = fields.required("person_id", .id, "Who accepted.")
            channel = fields.required("channel", .choice(), "How they said so.")
        }
    }

    /// Publishes a version. Members are asked to accept it anew.
    static func publish(by actor: Actor, for panel: UUID, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            _ = try await actor.read("select panel_id from expert_panels.panels where panel_id = \(panel) for no key update").only(
                Panels.resource)
            _ = try await actor.write(
                """
                insert into expert_panels.terms (network_id, terms_id, panel_id, number, body, changes, published_by)
                select \(actor.network)::uuid, \(actor.newID)::uuid, \(panel)::uuid, coalesce(max(t.number), 0) + 1, \(new.body), \(new.changes),
                       kith.current_person()
                from expert_panels.terms t where t.panel_id = \(panel)
                returning terms_id as id
                """)
            return try await actor.get(resource, actor.newID)
        }
    }

    /// Accepts the present version: for oneself or, as whoever runs the panel, for a member who said so in another way. Twice is once.
    static func accept(by actor: Actor, _ id: UUID, of panel: UUID, for record: Record? = nil) async throws -> Row {
        try await actor.transaction { actor in
            let found = try await actor.read(
                """
                select t.is_current, expert_panels.is_member(t.panel_id, coalesce(\(record?.person)::uuid, kith.current_person())) as is_member
                from expert_panels.terms_details t where t.terms_id = \(id) and t.panel_id = \(panel)
                """
            ).only(resource)
            guard try found["is_current", as: Bool.self] else {
                throw Refusal.conflict("There is a newer version of these terms. Read that one, then accept it.")
            }
            guard try found["is_member", as: Bool.self] else {
                throw Refusal.forbidden("Terms are for members: whoever accepted a seat on this panel.")
            }
            _ = try await actor.write(
                """
                insert into expert_panels.terms_acceptances (network_id, terms_id, person_id, channel, recorded_by)
                values (\(actor.network), \(id), coalesce(\(record?.person)::uuid, kith.current_person()), \(record?.channel.rawValue ?? "web"),
                        kith.current_person())
                on conflict do nothing returning terms_id as id
                """, about: record?.person)
            return try await actor.read(
                """
                select \(query: acceptances.columns) from expert_panels.terms_acceptances
                where terms_id = \(id) and person_id = coalesce(\(record?.person)::uuid, kith.current_person())
                """
            ).only(acceptances)
        }
    }
}
