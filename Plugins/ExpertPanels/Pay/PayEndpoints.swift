import HTTPTypes
import PluginKit

extension Endpoint {
    static let pay: [Endpoint] = payTerms + payOffers + payClaims + payClaimSteps + payments

    private static let offers = Access.permission(.offerPay, .parameter("panel"))
    private static let approves = Access.permission(.approvePay, .parameter("panel"))
    private static let pays = Access.permission(.managePay, .network)

    private static let payTerms: [Endpoint] = [
        .create(
            "create_pay_policy", "/networks/{network}/pay-policies", "Set what the network pays from a day on",
            .permission(.setPay, .network),
            records: "pay_policy.created", returns: PayPolicies.resource
        ) { try await PayPolicies.create(by: $0.actor, $0.input) },
        .list("list_pay_policies", "/networks/{network}/pay-policies", "List what the network pays", .member, of: PayPolicies.resource) {
            try await $0.actor.list(PayPolicies.resource, $0.page)
        },
        .get(
            "get_pay_policy", "/networks/{network}/pay-policies/{policy}", "Read a pay policy", .member, returns: PayPolicies.resource
        ) { try await $0.actor.get(PayPolicies.resource, $0.id("policy")) },
        .value(
            "get_example_pay_policy", "/networks/{network}/example-pay-policy", "Read a pay policy to begin with, as a body to send",
            .member,
            returns: Fields.describe(PayPolicies.New.self)
        ) { call in
            try await call.actor.enter()
            return PayPolicies.example
        },
        .act(
            "set_my_pay_ceiling", method: .put, "/networks/{network}/people/me/pay-ceiling",
            "Set the most that you want to earn in a week and in a month", .member, records: "pay_ceiling.set",
            returns: PayCeilings.resource
        ) { try await PayCeilings.set(by: $0.actor, $0.input) },
        .get(
            "get_my_pay_ceiling", "/networks/{network}/people/me/pay-ceiling", "Read the most that you want to earn", .member,
            returns: PayCeilings.resource
        ) { try await PayCeilings.find(by: $0.actor) },
        .end(
            "end_my_pay_ceiling", "/networks/{network}/people/me/pay-ceiling", "Take your ceiling away", .member,
            records: "pay_ceiling.ended"
        ) { try await PayCeilings.end(by: $0.actor) },
        .list(
            "list_pay_ceilings", "/networks/{network}/pay-ceilings", "List the ceilings that people set for themselves", pays,
            of: PayCeilings.resource
        ) { try await $0.actor.list(PayCeilings.resource, $0.page) },
    ]

    private static let payOffers: [Endpoint] = [
        .create(
            "create_pay_offer", "/networks/{network}/panels/{panel}/pay-offers", "Offer somebody pay for a piece of work", offers,
            records: "pay_offer.created", returns: PayOffers.resource
        ) { try await PayOffers.create(by: $0.actor, for: $0.id("panel"), $0.input) },
        .list(
            "list_pay_offers", "/networks/{network}/panels/{panel}/pay-offers", "List the offers of pay of a panel that you may see",
            .member,
            of: PayOffers.resource
        ) { try await $0.actor.list(PayOffers.resource, $0.page, where: "panel_id = \($0.id("panel"))") },
        .get(
            "get_pay_offer", "/networks/{network}/panels/{panel}/pay-offers/{offer}", "Read an offer of pay", .member,
            returns: PayOffers.resource
        ) { try await $0.actor.get(PayOffers.resource, $0.id("offer"), where: "panel_id = \($0.id("panel"))") },
        .list(
            "list_my_pay_offers", "/networks/{network}/people/me/pay-offers",
            "List what you are offered, and which of your ceilings it would break",
            .member, of: PayOffers.own
        ) { try await $0.actor.list(PayOffers.own, $0.page, where: "person_id = kith.current_person()") },
        .act(
            "answer_pay_offer", "/networks/{network}/panels/{panel}/pay-offers/{offer}/answer",
            "Accept, reduce, donate or decline what is offered", .member, records: "pay_offer.answered", returns: PayOffers.own
        ) { try await PayOffers.answer(by: $0.actor, $0.id("offer"), of: $0.id("panel"), $0.input) },
        .list(
            "list_pay_offer_entries", "/networks/{network}/panels/{panel}/pay-offers/{offer}/entries", "List what was done with an offer",
            .member,
            of: PayOffers.entries
        ) { call in
            try await call.actor.list(
                PayOffers.entries, call.page,
                where: """
                    offer_id in (select o.offer_id from expert_panels.pay_offers o
                        where o.offer_id = \(call.id("offer")) and o.panel_id = \(call.id("panel")))
                    """)
        },
    ]

    private static let payClaims: [Endpoint] = [
        .create(
            "create_pay_claim", "/networks/{network}/panels/{panel}/pay-claims", "Claim a fee or an expense", .member,
            records: "pay_claim.created", returns: PayClaims.resource
        ) { try await PayClaims.create(by: $0.actor, for: $0.id("panel"), $0.input) },
        .list(
            "list_pay_claims", "/networks/{network}/panels/{panel}/pay-claims", "List the claims of a panel that you may see", .member,
            of: PayClaims.resource, by: PayClaims.Filters.self
        ) { try await $0.actor.list(PayClaims.resource, $0.page, where: $0.input.condition("panel_id = \($0.id("panel"))")) },
        .list(
            "list_network_pay_claims", "/networks/{network}/pay-claims", "List the claims of all panels", pays,
            of: PayClaims.resource, by: PayClaims.Filters.self
        ) { try await $0.actor.list(PayClaims.resource, $0.page, where: $0.input.condition("true")) },
        .list(
            "list_my_pay_claims", "/networks/{network}/people/me/pay-claims", "List what you claimed, and how far it is", .everMember,
            of: PayClaims.resource, by: PayClaims.Filters.self
        ) { try await $0.actor.list(PayClaims.resource, $0.page, where: $0.input.condition("person_id = kith.current_person()")) },
        .value(
            "get_my_pay_balance", "/networks/{network}/people/me/pay-balance", "Read what you are still owed, and what you were paid",
            .everMember, returns: PayBalance.schema
        ) { try await PayBalance.read(by: $0.actor) },
        .get(
            "get_pay_claim", "/networks/{network}/panels/{panel}/pay-claims/{claim}", "Read a claim", .member, returns: PayClaims.resource
        ) { try await $0.actor.get(PayClaims.resource, $0.id("claim"), where: "panel_id = \($0.id("panel"))") },
        .list(
            "list_pay_claim_entries", "/networks/{network}/panels/{panel}/pay-claims/{claim}/entries", "List what was done with a claim",
            .member,
            of: PayClaims.entries
        ) { call in
            try await call.actor.list(
                PayClaims.entries, call.page,
                where: """
                    claim_id in (select c.claim_id from expert_panels.pay_claims c
                        where c.claim_id = \(call.id("claim")) and c.panel_id = \(call.id("panel")))
                    """)
        },
    ]

    private static let payClaimSteps: [Endpoint] = [
        .act(
            "approve_pay_claim", "/networks/{network}/panels/{panel}/pay-claims/{claim}/approve",
            "Approve a claim, as the first or the second of two people", approves, records: "pay_claim.approved",
            returns: PayClaims.resource,
            body: NoInput.self
        ) { try await PayClaims.approve(by: $0.actor, $0.id("claim"), of: $0.id("panel")) },
        .act(
            "correct_pay_claim", "/networks/{network}/panels/{panel}/pay-claims/{claim}/correct", "Correct the sum of a claim", approves,
            records: "pay_claim.corrected", returns: PayClaims.resource
        ) { try await PayClaims.correct(by: $0.actor, $0.id("claim"), of: $0.id("panel"), $0.input) },
        .act(
            "reject_pay_claim", "/networks/{network}/panels/{panel}/pay-claims/{claim}/reject", "Reject a claim, with the reason", approves,
            records: "pay_claim.rejected", returns: PayClaims.resource
        ) { try await PayClaims.reject(by: $0.actor, $0.id("claim"), of: $0.id("panel"), $0.input) },
        .act(
            "withdraw_pay_claim", "/networks/{network}/panels/{panel}/pay-claims/{claim}/withdraw", "Take your claim back", .member,
            records: "pay_claim.withdrawn", returns: PayClaims.resource, body: NoInput.self
        ) { try await PayClaims.withdraw(by: $0.actor, $0.id("claim"), of: $0.id("panel")) },
        .act(
            "settle_pay_claim", "/networks/{network}/panels/{panel}/pay-claims/{claim}/settle",
            "Account for travel that was paid in advance",
            .member, records: "pay_claim.settled", returns: PayClaims.resource
        ) { try await PayClaims.settle(by: $0.actor, $0.id("claim"), of: $0.id("panel"), $0.input) },
    ]

    private static let payments: [Endpoint] = [
        .create(
            "create_pay_payment", "/networks/{network}/pay-payments", "Pay all approved claims in one run", pays,
            records: "pay_payment.created", returns: PayPayments.resource
        ) { try await PayPayments.create(by: $0.actor, $0.input) },
        .list("list_pay_payments", "/networks/{network}/pay-payments", "List payments", pays, of: PayPayments.resource) {
            try await $0.actor.list(PayPayments.resource, $0.page)
        },
        .get("get_pay_payment", "/networks/{network}/pay-payments/{payment}", "Read a payment", pays, returns: PayPayments.resource) {
            try await $0.actor.get(PayPayments.resource, $0.id("payment"))
        },
        .file(
            "get_payroll", "/networks/{network}/pay-payments/{payment}/payroll", "Read a payment as a file for payroll", pays,
            mediaType: "text/csv; charset=utf-8"
        ) { try await PayPayments.payroll(by: $0.actor, $0.id("payment")) },
        .file(
            "get_bank_transfer", "/networks/{network}/pay-payments/{payment}/transfer",
            "Read a payment as a file for the bank; account numbers stay with whoever pays", pays, mediaType: "text/csv; charset=utf-8"
        ) { try await PayPayments.transfer(by: $0.actor, $0.id("payment")) },
        .value(
            "get_pay_figures", "/networks/{network}/pay-figures", "Read how fast this network pays", .permission(.approvePay, .anywhere),
            returns: PayFigures.schema
        ) { try await PayFigures.read(by: $0.actor) },
        .document(
            "write_my_pay_letter", "/networks/{network}/people/me/pay-letter",
            "Write a letter of what you were paid, for the Jobcentre or your own records", .everMember, records: "pay_letter.written",
            mediaType: "text/html; charset=utf-8", body: PayLetter.Period.self
        ) { try await PayLetter.write(by: $0.actor, about: nil, $0.input) },
        .document(
            "write_pay_letter", "/networks/{network}/people/{person}/pay-letter", "Write the letter for somebody who asks by post or phone",
            pays,
            records: "pay_letter.written", mediaType: "text/html; charset=utf-8", body: PayLetter.Period.self
        ) { try await PayLetter.write(by: $0.actor, about: $0.id("person"), $0.input) },
    ]
}
