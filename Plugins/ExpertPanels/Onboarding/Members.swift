import PluginKit
import struct FoundationEssentials.UUID

/// The members of a panel: how far each is with settling in, and who supports them.
enum Members {
    enum Part: String, Sendable, CaseIterable, PostgresCodable {
        /// Another member, or somebody who has been one.
        case buddy
        /// Whom to turn to.
        case contact
    }

    static let resource = Resource(
        "PanelMember", "member", table: "expert_panels.member_details", key: "seat_id",
        [
            .id("person_id", "Who."),
            .moment("accepted_at", "Since when."),
            .moment("ended_at", "When their seat ended.").orNull,
            .integer("terms_number", "The latest version of the terms that they accepted.").orNull,
            .boolean("has_current_terms", "Whether they accepted the present version; null where the panel has no terms.").orNull,
            .integer("open_items", "How much of their list is open."),
            .integer("overdue_items", "How much of that is overdue."),
            .boolean("is_onboarded", "Whether they accepted the present terms and nothing of their list is open."),
            .id("buddy_id", "Their buddy.").orNull,
            .id("contact_id", "Whom they turn to.").orNull,
        ])

    static let supports = Resource(
        "PanelSupport", "support", table: "expert_panels.support", key: "support_id",
        [
            .id("person_id", "Who is supported."),
            .choice("part", Part.self, "As a buddy, or as the person to turn to."),
            .id("supporter_id", "By whom."),
            .moment("since", "Since when."),
        ])

    struct Support: Input {
        let part: Part
        let supporter: UUID?

        init(from fields: inout Fields) {
            part = fields.required("part", .choice(), "Buddy, or the person to turn to.")
            supporter = fields.optional("supporter_id", .id, "Who; null for nobody any more.")
        }
    }

    struct Filters: Input {
        private let isWaiting: Bool

        init(from fields: inout Fields) {
            isWaiting = fields.optional("waiting", .boolean, default: false, "Only those who are not settled in yet.")
        }

        /// The members whom somebody sees: all for those who run the panel, oneself for others.
        func condition(of panel: UUID) -> Query {
            .all(
                "panel_id = \(panel)", "(person_id = kith.current_person() or expert_panels.runs_panel(\(panel)))",
                isWaiting ? "ended_at is null and not is_onboarded" : nil)
        }
    }

    /// Names a member's buddy or contact.
    static func support(by actor: Actor, _ person: UUID, of panel: UUID, _ support: Support) async throws -> Row {
        if support.supporter == person {
            throw Refusal.invalid([FieldProblem("/supporter_id", "Nobody is their own buddy or contact. Name somebody else.")])
        }
        let member: Query = "panel_id = \(panel) and person_id = \(person) and ended_at is null"
        return try await actor.transaction { actor in
            // Whoever withdraws at this moment waits here, or is waited for.
            let withdrawn = try await actor.run(
                "select from kith.people where person_id = \(support.supporter) for no key update",
                "select coalesce(kith.has_withdrawn(\(support.supporter)::uuid, \(panel)), false)",
                "select seat_id from expert_panels.member_details where \(query: member)")
            _ = try withdrawn[2].only(resource)
            if try withdrawn[1].decode(Bool.self) == [true] {
                throw Refusal.conflict("The person whom you name has withdrawn. Name somebody else.")
            }
            let key: Query = "panel_id = \(panel) and person_id = \(person) and part = \(support.part)"
            if let supporter = support.supporter {
                _ = try await actor.write(
                    """
                    insert into expert_panels.support (network_id, support_id, panel_id, person_id, part, supporter_id)
                    values (\(actor.network), \(actor.newID), \(panel), \(person), \(support.part), \(supporter))
                    on conflict (network_id, panel_id, person_id, part) do update set supporter_id = excluded.supporter_id, since = now()
                    returning person_id as id
                    """, about: person)
            } else {
                _ = try await actor.write("delete from expert_panels.support where \(query: key) returning person_id as id", about: person)
            }
            return try await actor.read(
                "select \(query: resource.columns) from expert_panels.member_details where \(query: member) order by accepted_at desc"
            ).only(resource)
        }
    }
}
