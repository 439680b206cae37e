import PluginKit

/// What a person is still owed, and what they got: for themselves, also after they have left.
enum PayBalance {
    static let schema = Schema.object(
        name: "PayBalance",
        members: [
            ("not_claimed_pence", .inline(["type": "integer"]), "Fees that you agreed to, for days that have passed, and did not claim."),
            ("waiting_pence", .inline(["type": "integer"]), "What you claimed, and two people have not approved yet."),
            ("approved_pence", .inline(["type": "integer"]), "What is approved, and goes out with the next payment."),
            ("to_add_pence", .inline(["type": "integer"]), "What you spent beyond what you got in advance; added to your next payment."),
            (
                "to_take_off_pence", .inline(["type": "integer"]),
                "What was left over of what you got in advance; taken off your next payments."
            ),
            ("to_settle_pence", .inline(["type": "integer"]), "What you got in advance, and have not said yet how you spent it."),
            ("paid_pence", .inline(["type": "integer"]), "What you were paid, all in all."),
        ],
        required: [
            "not_claimed_pence", "waiting_pence", "approved_pence", "to_add_pence", "to_take_off_pence", "to_settle_pence", "paid_pence",
        ])

    static func read(by actor: Actor) async throws -> JSON {
        try await actor.read(
            """
            select coalesce((
                    select sum(o.payable_pence) from expert_panels.pay_offer_details o
                    where o.person_id = kith.current_person() and o.on_day < current_date and not exists (
                        select from expert_panels.pay_claim_details f where f.offer_id = o.offer_id and f.kind = 'fee'
                          and f.state not in ('rejected', 'withdrawn'))), 0)::bigint as not_claimed_pence,
                coalesce(sum(c.pence) filter (where c.is_open and c.state <> 'approved'), 0)::bigint as waiting_pence,
                coalesce(sum(c.pence) filter (where c.is_open and c.state = 'approved'), 0)::bigint as approved_pence,
                coalesce(sum(c.difference_pence) filter (where c.difference_pence > 0), 0)::bigint as to_add_pence,
                coalesce(-sum(c.difference_pence) filter (where c.difference_pence < 0), 0)::bigint as to_take_off_pence,
                coalesce(sum(c.unsettled_pence) filter (where c.state = 'paid'), 0)::bigint as to_settle_pence,
                (coalesce(sum(i.pence), 0) + coalesce(sum((
                    select sum(d.pence) from expert_panels.pay_payment_differences d where d.claim_id = c.claim_id)), 0))::bigint as paid_pence
            from expert_panels.pay_claim_details c left join expert_panels.pay_payment_claims i using (network_id, claim_id)
            where c.person_id = kith.current_person()
            """
        ).only(PayClaims.resource).json()
    }
}

/// `kith panel pay owed`
struct PayOwed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "owed", abstract: "Show what you are still owed, and what you were paid.",
        discussion: "Also after you have left a network; name it then with --network.")

    @OptionGroup var place: NetworkOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        func sum(_ title: String, _ member: String) -> Column {
            Column(title) { Money.pounds($0[member]?.integer ?? 0) }
        }
        output.show(
            try await place.client().get("people/me/pay-balance"),
            [
                sum("NOT CLAIMED £", "not_claimed_pence"), sum("WAITS FOR APPROVAL £", "waiting_pence"),
                sum("APPROVED £", "approved_pence"),
                sum("TO ADD £", "to_add_pence"), sum("TO TAKE OFF £", "to_take_off_pence"), sum("ADVANCE TO SETTLE £", "to_settle_pence"),
                sum("PAID £", "paid_pence"),
            ])
    }
}
