import PluginKit
import struct FoundationEssentials.UUID

/// What is offered for a piece of work before it is done, and what the person makes of it. The sum is what the policy says.
enum PayOffers {
    enum State: String, Sendable, CaseIterable, PostgresCodable {
        case offered, accepted, reduced, donated, declined, ended
    }

    enum Choice: String, Sendable, CaseIterable {
        case accept, reduce, donate, decline

        var state: State {
            switch self {
            case .accept: .accepted
            case .reduce: .reduced
            case .donate: .donated
            case .decline: .declined
            }
        }
    }

    static let resource = Resource(
        "PayOffer", "offer", table: "expert_panels.pay_offer_details", key: "offer_id", fields)

    /// The same for the person, who is warned before they answer.
    static let own = Resource(
        "OwnPayOffer", "offer", table: "expert_panels.pay_offer_details", key: "offer_id",
        fields + [
            .texts(
                "breaks_ceilings", "Which of your ceilings accepting it would break: week, month.",
                from: "case state when 'offered' then coalesce(expert_panels.broken_ceilings(offer_id, pence), '{}') else '{}' end")
        ])

    private static let fields: [Resource.Field] = [
        .id("panel_id", "The panel."),
        .id("person_id", "To whom."),
        .id("meeting_id", "The meeting, if it is one.").orNull,
        .text("title", "What the work is."),
        .text("role", "In which role."),
        .date("on_day", "The day of the work."),
        .integer("minutes", "How long it takes."),
        .money("pay", "What the policy pays for it.", from: "pence"),
        .id("policy_id", "The policy."),
        .choice("state", State.self, "What the person said."),
        .money("payable", "What can be claimed for it.", from: "payable_pence"),
        .text("donated_to", "To whom the fee goes.").orNull,
        .moment("changed_at", "Since when."),
        .createdAt,
    ]

    struct New: Input {
        let person: UUID
        let role: String
        let meeting: UUID?
        let title: String?
        let onDay: CalendarDate?
        let minutes: Int?

        init(from fields: inout Fields) {
            person = fields.required("person_id", .id, "To whom.")
            role = fields.required("role", .text(1...100), "In which role of the policy, such as member.")
            meeting = fields.optional("meeting_id", .id, "The meeting, if it is one. It says the rest.")
            title = fields.optional("title", .text(), "What the work is.")
            onDay = fields.optional("on_day", .date, "The day of the work.")
            minutes = fields.optional("minutes", .integer(1...10_080), "How long it takes, with preparation.")
            fields.check(meeting != nil || title != nil, "title", "Name a meeting, or say what the work is.")
            fields.check(meeting != nil || onDay != nil, "on_day", "Name a meeting, or the day of the work.")
            fields.check(meeting != nil || minutes != nil, "minutes", "Name a meeting, or how long the work takes.")
        }
    }

    struct Answer: Input {
        let choice: Choice
        let pay: Money?
        let donateTo: String?
        let isDespiteCeiling: Bool

        init(from fields: inout Fields) {
            choice = fields.required("answer", .choice(), "accept, reduce, donate or decline. No reason is asked.")
            pay = fields.optional("pay", .money, "With reduce: what you want instead.")
            donateTo = fields.optional("donate_to", .text(), "With donate: to whom it goes.")
            isDespiteCeiling = fields.optional(
                "despite_ceiling", .boolean, default: false, "You were told that this breaks your ceiling, and accept all the same.")
            fields.check((choice == .reduce) == (pay != nil), "pay", "Say what you want instead with reduce, and only then.")
            fields.check(choice == .donate || donateTo == nil, "donate_to", "This goes with donate only.")
        }
    }

    static func create(by actor: Actor, for panel: UUID, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            let found = try await actor.read(
                """
                select w.*, f.policy_id, f.pence from (
                    select coalesce(\(new.title)::text, m.title) as title, coalesce(\(new.onDay)::date, m.starts_at::date) as on_day,
                        coalesce(\(new.minutes)::integer, ceil(extract(epoch from m.ends_at - m.starts_at) / 60)::integer) as minutes
                    from (select) one left join kith.meetings m
                        on m.meeting_id = \(new.meeting)::uuid and m.activity_id = \(panel) and m.cancelled_at is null
                    where \(new.meeting)::uuid is null or m.meeting_id is not null) w
                left join lateral expert_panels.fee(\(new.role), w.minutes, w.on_day) f on true
                """)
            guard let work = found.first else { throw Refusal.notFound("meeting") }
            guard let policy = try work["policy_id", as: UUID?.self] else {
                throw Refusal.conflict(
                    """
                    No pay policy of this network says what is paid for this role and length on that day. Look at: kith panel pay policies
                    """, [FieldProblem("/role", "There is no band for this role and length.")])
            }
            let pence = try work["pence", as: Int64.self]
            _ = try await actor.write(
                """
                insert into expert_panels.pay_offers
                    (network_id, offer_id, panel_id, person_id, meeting_id, title, role, on_day, minutes, policy_id, pence)
                values (\(actor.network), \(actor.newID), \(panel), \(new.person), \(new.meeting), \(try work["title", as: String.self]),
                        \(new.role), \(try work["on_day", as: String.self])::text::date, \(try work["minutes", as: Int.self]), \(policy), \(pence))
                returning offer_id as id
                """, about: new.person)
            _ = try await actor.run(
                entry(of: actor.newID, .offered, pence, nil, by: actor),
                MessageTemplate.payOffered.queue(for: new.person, ["activity_id": .string("\(panel)")]))
            return try await actor.get(resource, actor.newID)
        }
    }

    /// Answers an offer: the person, or those who pay, for somebody who answered by post or phone.
    static func answer(by actor: Actor, _ id: UUID, of panel: UUID, _ answer: Answer) async throws -> Row {
        try await actor.transaction { actor in
            let offer = try await actor.read(
                """
                select o.person_id, o.pence, p.signpost from expert_panels.pay_offers o
                    join expert_panels.pay_policies p using (network_id, policy_id)
                where o.offer_id = \(id) and o.panel_id = \(panel)
                """
            ).only(resource)
            let offered = try offer["pence", as: Int64.self]
            let pence: Int64 =
                switch answer.choice {
                case .accept, .donate: offered
                case .reduce: Int64(answer.pay?.pence ?? 0)
                case .decline: 0
                }
            if answer.choice == .reduce, pence >= offered || pence == 0 {
                throw Refusal.invalid([FieldProblem("/pay", "This must be less than what is offered, and more than nothing.")])
            }
            // Two offers that are accepted at the same moment wait for each other here, and the second is counted with the first.
            let person = try offer["person_id", as: UUID.self]
            let broken =
                try await actor.run(
                    "select from kith.people where person_id = \(person) for no key update",
                    "select expert_panels.broken_ceilings(\(id), \(pence))"
                )[1].decode([String]?.self).first ?? nil
            if let broken, !broken.isEmpty, [.accept, .reduce].contains(answer.choice), !answer.isDespiteCeiling {
                throw PayCeilings.warning(broken, pence, signpost: try offer["signpost", as: String.self])
            }
            _ = try await actor.write(entry(of: id, answer.choice.state, pence, answer.donateTo, by: actor), about: person)
            return try await actor.get(own, id)
        }
    }

    private static func entry(of offer: UUID, _ state: State, _ pence: Int64, _ words: String?, by actor: Actor) -> Query {
        """
        insert into expert_panels.pay_offer_entries (network_id, entry_id, offer_id, act, pence, words, entered_by)
        values (\(actor.network), \(UUID.version7()), \(offer), \(state), \(pence), \(words), kith.current_person()) returning offer_id as id
        """
    }

    static let entries = Resource(
        "PayOfferEntry", "entry", table: "expert_panels.pay_offer_entries", key: "entry_id",
        [
            .choice("act", State.self, "What was done."),
            .money("amount", "What the offer stood at after it.", from: "pence"),
            .text("words", "To whom a fee goes.").orNull,
            .id("entered_by", "By whom."),
            .moment("entered_at", "When."),
        ])
}
