import PluginKit
import struct FoundationEssentials.UUID

/// What is claimed: one fee, or one expense. Two other people approve it; it is never lost when somebody leaves.
enum PayClaims {
    enum Kind: String, Sendable, CaseIterable, PostgresCodable {
        case fee, mileage, travel, carer, supporter
        case dataAndPhone = "data_and_phone"
        case other
    }

    enum State: String, Sendable, CaseIterable, PostgresCodable {
        case claimed, corrected
        case approvedOnce = "approved_once"
        case approved, rejected, withdrawn, paid, settled, carried
    }

    static let resource = Resource(
        "PayClaim", "claim", table: "expert_panels.pay_claim_details", key: "claim_id",
        [
            .id("panel_id", "The panel."),
            .id("person_id", "Whose it is."),
            .choice("kind", Kind.self, "A fee, or a kind of expense."),
            .id("offer_id", "The offer of the work.").orNull,
            .date("on_day", "The day of the work, or of the expense."),
            .integer("miles", "How far they drove.").orNull,
            .text("receipt", "Where the receipt is.").orNull,
            .boolean("in_advance", "Whether it is paid before it is spent."),
            .text("reason_not_attended", "Why they did not attend.").orNull,
            .text("reason_late", "Why it is claimed late.").orNull,
            .choice("state", State.self, "How far it is."),
            .money("amount", "What it stands at; of a settled advance, what was spent.", from: "pence"),
            .money("claimed", "What was claimed.", from: "claimed_pence"),
            .text("reason", "Why it was corrected or rejected.").orNull,
            .moment("claimed_at", "When."),
            .date("due_on", "By when the policy wants it paid."),
            .boolean("is_overdue", "Whether that day has passed and it is not paid."),
            .id("payment_id", "The payment.").orNull,
            .date("paid_on", "When it was paid.").orNull,
            .integer("days", "From the claim to its payment, or until today."),
            .money("unsettled", "Of an advance: what was not spent, or not accounted for yet.", from: "unsettled_pence").orNull,
            .money(
                "difference", "Of an advance: what is still to be added to the next payment, or below zero, taken off.",
                from: "difference_pence"
            )
            .orNull,
            .text("advance", "Of an advance: how it stands, in plain words.", from: "advance_words").orNull,
        ])

    static let entries = Resource(
        "PayClaimEntry", "entry", table: "expert_panels.pay_claim_entries", key: "entry_id",
        [
            .choice("act", State.self, "What was done."),
            .money("amount", "What the claim stood at after it.", from: "pence"),
            .text("words", "Why.").orNull,
            .id("entered_by", "By whom."),
            .moment("entered_at", "When."),
        ])

    struct New: Input {
        let kind: Kind
        let person: UUID?
        let offer: UUID?
        let onDay: CalendarDate?
        let miles: Int?
        let pay: Money?
        let receipt: String?
        let isInAdvance: Bool
        let reasonNotAttended: String?
        let reasonLate: String?

        init(from fields: inout Fields) {
            kind = fields.required("kind", .choice(), "A fee, or a kind of expense.")
            person = fields.optional("person_id", .id, "Whose claim it is, where somebody who pays writes it down for them.")
            offer = fields.optional("offer_id", .id, "The offer of the work; needed for a fee.")
            onDay = fields.optional("on_day", .date, "For an expense: the day on which it was or will be spent.")
            miles = fields.optional("miles", .integer(1...5000), "With mileage: how many miles, to the nearest.")
            pay = fields.optional("amount", .money, "For other expenses: how much.")
            receipt = fields.optional("receipt", .text(1...2000, lines: true), "Where the receipt is: a link, or that it was handed in.")
            isInAdvance = fields.optional(
                "in_advance", .boolean, default: false, "Travel and mileage can be paid before; the receipt follows.")
            reasonNotAttended = fields.optional("reason_not_attended", .text(1...2000, lines: true), "Why you did not attend.")
            reasonLate = fields.optional("reason_late", .text(1...2000, lines: true), "Why you claim late.")
            fields.check((kind == .fee) == (onDay == nil), "on_day", "An expense has a day; a fee has the day of its offer.")
            fields.check(kind != .fee || offer != nil, "offer_id", "Which offer of work is the fee for?")
            fields.check((kind == .mileage) == (miles != nil), "miles", "Say how many miles with mileage, and only then.")
            fields.check((kind == .fee || kind == .mileage) == (pay == nil), "amount", "Say how much for an expense that is not mileage.")
            fields.check(
                [.fee, .mileage].contains(kind) || isInAdvance || receipt != nil, "receipt",
                "Say where the receipt is, or ask for an advance.")
            fields.check(!isInAdvance || [.travel, .mileage].contains(kind), "in_advance", "Only travel is paid in advance.")
        }
    }

    struct Filters: Input {
        private let isOverdue: Bool
        private let state: State?

        init(from fields: inout Fields) {
            isOverdue = fields.optional("overdue", .boolean, default: false, "Only those that wait for longer than the policy allows.")
            state = fields.optional("state", .choice(), "Only those that are so far.")
        }

        func condition(_ which: Query) -> Query {
            .all(which, isOverdue ? "is_overdue" : nil, state.map { "state = \($0)" })
        }
    }

    static func create(by actor: Actor, for panel: UUID, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            let due = new.kind == .fee ? try await fee(new, of: panel, by: actor) : try await expense(new, of: panel, by: actor)
            _ = try await actor.write(
                """
                insert into expert_panels.pay_claims
                    (network_id, claim_id, panel_id, person_id, kind, offer_id, on_day, miles, receipt, in_advance, reason_not_attended,
                     reason_late, policy_id)
                values (\(actor.network), \(actor.newID), \(panel), coalesce(\(new.person)::uuid, kith.current_person()), \(new.kind),
                        \(new.offer), \(due.onDay)::text::date, \(new.miles), \(new.receipt), \(new.isInAdvance),
                        \(new.reasonNotAttended), \(new.reasonLate), \(due.policy))
                returning claim_id as id
                """, about: new.person)
            _ = try await actor.run(
                """
                insert into expert_panels.pay_claim_entries (network_id, entry_id, claim_id, act, pence, entered_by)
                values (\(actor.network), \(UUID.version7()), \(actor.newID), 'claimed', \(due.pence), kith.current_person())
                """)
            try await PayAlerts.schedule(for: actor.newID, by: actor)
            return try await actor.get(resource, actor.newID)
        }
    }

    private struct Due {
        let pence: Int64
        let onDay: String
        let policy: UUID
    }

    // What was agreed for work that is done; of a session that was called off or missed, the share that the policy pays.
    private static func fee(_ new: New, of panel: UUID, by actor: Actor) async throws -> Due {
        let found = try await actor.read(
            """
            select w.*, w.starts_at - w.missed_from < make_interval(days => w.late_cancellation_days) as is_short_notice,
                (w.payable_pence * w.late_cancellation_percent * 2 + 100) / 200 as share_pence
            from (
                select o.state, o.payable_pence, o.policy_id, o.on_day::text, m.starts_at,
                    p.late_cancellation_days, p.late_cancellation_percent, p.claim_within_months,
                    m.cancelled_at is null and coalesce(m.ends_at > now(), o.on_day > current_date) as is_ahead,
                    m.cancelled_at is not null or i.attended = 'absent'
                        or i.attended is null and (i.reply = 'no' or i.withdrawn_at is not null) as is_missed,
                    -- Whoever withdrew is not asked why.
                    m.cancelled_at is null and i.withdrawn_at is null as is_asked_why,
                    coalesce(m.cancelled_at, i.withdrawn_at, case when i.reply = 'no' then i.replied_at end, m.starts_at) as missed_from,
                    (o.on_day + make_interval(months => p.claim_within_months))::date < current_date as is_late
                from expert_panels.pay_offer_details o join expert_panels.pay_policies p using (network_id, policy_id)
                    left join kith.meetings m on m.network_id = o.network_id and m.meeting_id = o.meeting_id
                    left join kith.meeting_invitations i
                        on i.network_id = o.network_id and i.meeting_id = o.meeting_id and i.person_id = o.person_id
                where o.offer_id = \(new.offer) and o.panel_id = \(panel)
                  and o.person_id = coalesce(\(new.person)::uuid, kith.current_person())) w
            """
        ).only(PayOffers.resource)
        switch try found["state", as: PayOffers.State.self] {
        case .offered: throw Refusal.conflict("Answer the offer first: accept it, or ask for less.")
        case .donated, .declined, .ended:
            throw Refusal.conflict("Nothing is to be paid for this: the fee was declined, donated, or has ended.")
        case .accepted, .reduced: break
        }
        if try found["is_ahead", as: Bool.self] {
            throw Refusal.conflict("This work is still ahead. Claim the fee when it is done; travel can be paid in advance.")
        }
        var problems: [FieldProblem] = []
        var pence = try found["payable_pence", as: Int64.self]
        if try found["is_missed", as: Bool?.self] == true {
            guard try found["is_short_notice", as: Bool.self], try found["late_cancellation_percent", as: Int.self] > 0 else {
                throw Refusal.conflict(
                    """
                    You are down as not there, or the session was called off, and by the pay policy that was not at short notice. So there is \
                    no fee. If you were there, ask whoever runs the panel to correct it. What you spent can be claimed all the same.
                    """)
            }
            pence = try found["share_pence", as: Int64.self]
            if try found["is_asked_why", as: Bool.self], new.reasonNotAttended == nil {
                problems.append(
                    FieldProblem(
                        "/reason_not_attended",
                        "You are down as not there. What happened? A few words are enough. The policy pays at short notice; if you were there, say so."
                    ))
            }
        }
        if try found["is_late", as: Bool.self], new.reasonLate == nil {
            problems.append(late(try found["claim_within_months", as: Int.self]))
        }
        if !problems.isEmpty { throw Refusal.invalid(problems) }
        return Due(pence: pence, onDay: try found["on_day", as: String.self], policy: try found["policy_id", as: UUID.self])
    }

    private static func expense(_ new: New, of panel: UUID, by actor: Actor) async throws -> Due {
        let found = try await actor.read(
            """
            select policy_id, mileage_pence * coalesce(\(new.miles)::bigint, 0) as mileage, claim_within_months,
                \(new.onDay)::date > current_date as is_ahead,
                (\(new.onDay)::date + make_interval(months => claim_within_months))::date < current_date as is_late,
                \(new.offer)::uuid is null or exists (
                    select from expert_panels.pay_offers o where o.offer_id = \(new.offer)::uuid and o.panel_id = \(panel)
                      and o.person_id = coalesce(\(new.person)::uuid, kith.current_person())) as is_for_offer
            from expert_panels.pay_policies where effective_from <= \(new.onDay)::date order by effective_from desc limit 1
            """)
        guard let policy = found.first, let onDay = new.onDay else {
            throw Refusal.conflict("This network has no pay policy for that day. Ask whoever pays in your network.")
        }
        guard try policy["is_for_offer", as: Bool.self] else { throw Refusal.notFound("offer") }
        var problems: [FieldProblem] = []
        if try policy["is_ahead", as: Bool.self], !new.isInAdvance {
            problems.append(FieldProblem("/on_day", "This day has not come yet. To have travel paid before, send in_advance."))
        }
        if try policy["is_late", as: Bool.self], new.reasonLate == nil {
            problems.append(late(try policy["claim_within_months", as: Int.self]))
        }
        if !problems.isEmpty { throw Refusal.invalid(problems) }
        return try Due(
            pence: new.kind == .mileage ? policy["mileage", as: Int64.self] : Int64(new.pay?.pence ?? 0), onDay: "\(onDay)",
            policy: policy["policy_id", as: UUID.self])
    }

    private static func late(_ months: Int) -> FieldProblem {
        FieldProblem("/reason_late", "This was more than \(months) months ago. Say why it comes late; it is not lost.")
    }
}
