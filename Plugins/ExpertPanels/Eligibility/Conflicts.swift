import PluginKit
import struct FoundationEssentials.UUID

/// What stands between somebody who offers and somebody who decides: line management, the same care team, family. Declared by either, never
/// found out about them; a declaration expires, and is made again.
enum Conflicts {
    /// What stands between somebody who offers and somebody who decides.
    enum Kind: String, Sendable, CaseIterable, PostgresCodable {
        case lineManagement = "line_management"
        case sameCareTeam = "same_care_team"
        case family
        case endedBadly = "ended_badly"
        case pendingAppointment = "pending_appointment"
        case other
    }

    /// One, as somebody declares it.
    struct Declared: Input {
        let kind: Kind
        let words: String?

        init(from fields: inout Fields) {
            kind = fields.required("kind", .choice(), "What it is.")
            words = fields.optional("words", .text(1...2000, lines: true), "With whom, or more of it.")
        }
    }

    static let resource = Resource(
        "Conflict", "conflict", table: "expert_panels.conflicts", key: "conflict_id",
        [
            .id("interest_id", "The expression of interest that it is about."),
            .id("person_id", "Who decides and declares it; null where the one who offers does.").orNull,
            .choice("kind", Kind.self, "What it is."),
            .text("words", "More of it.").orNull,
            .moment("declared_at", "When it was declared."),
            .date("expires_on", "Until when it holds."),
        ])

    /// In days.
    static let days = Setting(
        "conflict_declaration_days", .integer(1...1825), default: 365,
        "For how many days a declaration of conflicts of interest holds. It is made again afterwards.")

    /// The day on which a declaration of today expires.
    static let expiry: Query = """
        current_date + coalesce((
            select (s.value #>> '{}')::integer from kith.settings s
            where s.module = 'expert_panels' and s.activity_id is null and s.key = 'conflict_declaration_days'), 365)
        """

    /// Writes one down, as of whoever decides and declares it, an SQL expression; of null where the one who offers does.
    static func declare(by actor: Actor, _ conflict: Declared, in interest: UUID, as person: Query) -> Query {
        """
        insert into expert_panels.conflicts (network_id, conflict_id, interest_id, person_id, kind, words, expires_on)
        values (\(actor.network), \(UUID.version7()), \(interest), \(query: person), \(conflict.kind), \(conflict.words), \(query: expiry))
        """
    }

    /// The conflicts of a call.
    static func condition(of panel: UUID, _ opportunity: UUID) -> Query {
        """
        interest_id in (
            select i.interest_id from expert_panels.interests i join expert_panels.opportunities o using (network_id, opportunity_id)
            where i.opportunity_id = \(opportunity) and o.panel_id = \(panel) and i.sent_at is not null)
        """
    }
}
