import PluginKit
import struct FoundationEssentials.UUID

/// What is to be settled before a new member can take part, each with who sees to it and by when.
enum OnboardingItems {
    enum Kind: String, Sendable, CaseIterable, PostgresCodable {
        case references, training, checks
        case accessNeeds = "access_needs"
        case paymentDetails = "payment_details"
        case other
    }

    enum State: String, Sendable, CaseIterable, PostgresCodable {
        case open, done
        case notNeeded = "not_needed"
    }

    static let resource = Resource(
        "OnboardingItem", "item of the list", table: "expert_panels.onboarding_item_details", key: "item_id", fields)

    // The same where it is written: a view with a computed column takes no update.
    private static let stored = Resource(
        "OnboardingItem", "item of the list", table: "expert_panels.onboarding_items", key: "item_id", [.version])

    private static let fields: [Resource.Field] = [
        .id("panel_id", "The panel."),
        .id("person_id", "The new member."),
        .choice("kind", Kind.self, "What it is about. What they need, and where they are paid, stands elsewhere."),
        .text("title", "What it is, in plain English."),
        .id("owner_id", "Who sees to it."),
        .date("due_on", "By when."),
        .boolean("is_overdue", "Whether that day has passed."),
        .choice("state", State.self, "Where it stands."),
        .date("settled_on", "When it was settled.").orNull,
        .version, .createdAt,
    ]

    struct New: Input {
        let person: UUID
        let kind: Kind
        let title: String
        let owner: UUID
        let dueOn: CalendarDate

        init(from fields: inout Fields) {
            person = fields.required("person_id", .id, "The member.")
            kind = fields.optional("kind", .choice(), default: .other, "What it is about.")
            title = fields.required("title", .text(), "What it is, in plain English.")
            owner = fields.required("owner_id", .id, "Who sees to it.")
            dueOn = fields.required("due_on", .date, "By when.")
        }
    }

    struct Patch: Input {
        let changes: Changes

        init(from fields: inout Fields) {
            var changes = Changes()
            changes.set("owner_id", fields.change("owner_id", .id, "Who sees to it."))
            changes.set("due_on", fields.change("due_on", .date, "By when."))
            self.changes = changes
        }
    }

    struct Settlement: Input {
        let state: State

        init(from fields: inout Fields) { state = fields.required("state", .choice(), "Where it stands now.") }
    }

    struct Filters: Input {
        private let person: UUID?
        private let isOverdue: Bool

        init(from fields: inout Fields) {
            person = fields.optional("person_id", .id, "Only of this member.")
            isOverdue = fields.optional("overdue", .boolean, default: false, "Only what is overdue.")
        }

        func condition(of panel: UUID) -> Query {
            .all("panel_id = \(panel)", person.map { "person_id = \($0)" }, isOverdue ? "is_overdue" : nil)
        }
    }

    /// The days by which something is due, for those who see to it. It names nobody: a calendar may be seen by others.
    static let calendar = CalendarSource(
        module: ExpertPanels.id,
        """
        select 'onboarding-' || o.item_id as uid, o.version as sequence, o.created_at as changed_at, o.due_on::timestamptz as starts_at,
            null::timestamptz as ends_at, 'For a new member: ' || o.title as summary, null::text as location, o.state <> 'open' as is_cancelled
        from expert_panels.onboarding_items o where o.owner_id = kith.current_person()
        """)

    /// The list with which each member begins. Whoever invited them sees to it, until it is given to somebody else.
    static func begin(for person: UUID, in seat: UUID) -> Query {
        """
        insert into expert_panels.onboarding_items (network_id, item_id, panel_id, person_id, kind, title, owner_id, due_on)
        select i.network_id, kith.new_id(), i.panel_id, i.person_id, k.kind, k.title, i.invited_by, current_date + r.onboarding_days
        from expert_panels.seat_invitations i join expert_panels.panel_rule_details r using (network_id, panel_id),
            (values ('references', 'References, where the role asks for them'), ('training', 'Training and a first conversation'),
                    ('checks', 'Checks, where the role asks for them'), ('access_needs', 'Asked what they need in order to take part'),
                    ('payment_details', 'Asked how they want to be paid, if at all')) k (kind, title)
        where i.seat_id = \(seat) and i.person_id = \(person) and not exists (
            select from expert_panels.onboarding_items o where o.network_id = i.network_id and o.panel_id = i.panel_id
              and o.person_id = i.person_id and o.kind = k.kind)
        """
    }

    static func create(by actor: Actor, for panel: UUID, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            let member = try await actor.read("select expert_panels.is_member(\(panel), \(new.person))").decode(Bool.self)
            guard member == [true] else { throw Refusal.conflict("Nobody of this panel has this id.") }
            _ = try await actor.write(
                """
                insert into expert_panels.onboarding_items (network_id, item_id, panel_id, person_id, kind, title, owner_id, due_on)
                values (\(actor.network), \(actor.newID), \(panel), \(new.person), \(new.kind), \(new.title), \(new.owner), \(new.dueOn))
                returning item_id as id
                """, about: new.person)
            return try await actor.get(resource, actor.newID)
        }
    }

    static func update(by actor: Actor, _ id: UUID, of panel: UUID, version: Int64, _ patch: Patch) async throws -> Row {
        try await actor.transaction { actor in
            _ = try await actor.update(stored, id, version: version, patch.changes, where: "panel_id = \(panel)")
            return try await actor.get(resource, id)
        }
    }

    /// Says that something is settled, or open again: whoever sees to it, or runs the panel.
    static func settle(by actor: Actor, _ id: UUID, of panel: UUID, _ settlement: Settlement) async throws -> Row {
        try await actor.transaction { actor in
            let found = try await actor.read(
                """
                select o.owner_id = kith.current_person() or expert_panels.runs_panel(o.panel_id) as may_settle
                from expert_panels.onboarding_items o where o.item_id = \(id) and o.panel_id = \(panel)
                """
            ).only(resource)
            guard try found["may_settle", as: Bool.self] else {
                throw Refusal.forbidden("This is for whoever sees to it. If it is done, tell them.")
            }
            _ = try await actor.write(
                """
                update expert_panels.onboarding_items set state = \(settlement.state), version = version + 1,
                    settled_on = case when \(settlement.state)::text <> 'open' then current_date end,
                    settled_by = case when \(settlement.state)::text <> 'open' then kith.current_person() end
                where item_id = \(id) returning item_id as id
                """)
            return try await actor.get(resource, id)
        }
    }
}
