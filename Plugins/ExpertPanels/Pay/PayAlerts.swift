import PluginKit
import struct FoundationEssentials.UUID

/// Tells those who pay that somebody waits for too long. Slow payment is the barrier that people name most.
enum PayAlerts {
    /// Asked for with each claim, to be begun on the day after it is due.
    static let job = JobKind(module: ExpertPanels.id, "alert_payers", "Tells those who pay that a claim is overdue") { run in
        let rows = try await run.actor.run(
            MessageTemplate.payOverdue.queue(
                forEach: """
                    select distinct g.person_id from kith.jobs j
                        join expert_panels.pay_claim_details c on c.network_id = j.network_id and c.claim_id = j.subject_id
                        join kith.role_grants g on g.network_id = j.network_id and g.role = 'payments_officer' and g.ended_at is null
                    where j.job_id = \(run.id) and c.is_overdue
                    """))
        return ["told": .integer(Int64(rows[0].count))]
    }

    /// Asks for it.
    static func schedule(for claim: UUID, by actor: Actor) async throws {
        _ = try await Jobs.enqueue(
            by: actor, job, about: claim, [:],
            from: "(select (due_on + 1)::timestamptz from expert_panels.pay_claim_details where claim_id = \(claim))")
    }
}

/// How fast this network pays.
enum PayFigures {
    static let schema = Schema.object(
        name: "PayFigures",
        members: [
            ("open", .inline(["type": "integer"]), "Claims that wait for approval or payment."),
            ("overdue", .inline(["type": "integer"]), "Of these, those that wait for longer than the policy allows."),
            ("longest_open_days", .nullable(.inline(["type": "integer"])), "For how many days the oldest of them waits."),
            ("paid", .inline(["type": "integer"]), "Claims that were paid."),
            ("paid_pence", .inline(["type": "integer"]), "How much they came to, in pence."),
            ("median_days_to_payment", .nullable(.inline(["type": "number"])), "Half of them were paid within so many days of the claim."),
            ("longest_days_to_payment", .nullable(.inline(["type": "integer"])), "The slowest took so many days."),
            ("donated_pence", .inline(["type": "integer"]), "Fees that people donated, in pence."),
            ("unsettled_pence", .inline(["type": "integer"]), "Advances that are not accounted for, in pence."),
        ],
        required: [
            "open", "overdue", "longest_open_days", "paid", "paid_pence", "median_days_to_payment", "longest_days_to_payment",
            "donated_pence", "unsettled_pence",
        ])

    static func read(by actor: Actor) async throws -> JSON {
        try await actor.read(
            """
            select count(*) filter (where is_open) as open, count(*) filter (where is_overdue) as overdue,
                max(days) filter (where is_open) as longest_open_days, count(payment_id) as paid,
                (coalesce((select sum(i.pence) from expert_panels.pay_payment_claims i), 0)
                    + coalesce((select sum(d.pence) from expert_panels.pay_payment_differences d), 0))::bigint as paid_pence,
                (percentile_cont(0.5) within group (order by days) filter (where payment_id is not null))::float8 as median_days_to_payment,
                max(days) filter (where payment_id is not null) as longest_days_to_payment,
                coalesce((select sum(o.pence) from expert_panels.pay_offer_details o where o.state = 'donated'), 0)::bigint as donated_pence,
                coalesce(sum(unsettled_pence), 0)::bigint as unsettled_pence
            from expert_panels.pay_claim_details
            """
        ).only(PayClaims.resource).json()
    }
}
