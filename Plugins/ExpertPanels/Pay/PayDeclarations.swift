import PluginKit

extension Permission {
    static let pay: [Permission] = [setPay, offerPay, approvePay, managePay]

    static let setPay = Permission(
        "expert_panels.set_pay", "Set what the network pays", roles: [.administrator, .paymentsOfficer])
    static let offerPay = Permission(
        "expert_panels.offer_pay", "Offer people pay for a piece of work", roles: [.administrator, .programmeLead, .facilitator])
    static let approvePay = Permission(
        "expert_panels.approve_pay", "Approve, correct and reject claims", roles: [.administrator, .programmeLead, .paymentsOfficer])
    /// The one role that sees ceilings.
    static let managePay = Permission(
        "expert_panels.manage_pay", "Pay claims, and see the ceilings that people set for themselves", roles: [.paymentsOfficer])
}

extension SchemaRule {
    static let pay: [String: SchemaRule] = [
        "pay_policies_day_key": .conflict(
            "A pay policy already begins on this day. Choose another day; policies that were used do not change."),
        "pay_bands_key": .conflict("There are two bands for the same role and length. Send one of them."),
        "pay_offers_panel_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "pay_offers_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "pay_claims_panel_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "pay_claims_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "pay_claims_offer_fkey": .missing("/offer_id", "There is no such offer in this network."),
        "pay_offers_order": .conflict("This offer was answered, claimed or has ended in the meantime. Look at it again."),
        "pay_offer_entries_step_key": .conflict("Somebody else answered this offer at the same moment. Look at it again."),
        "pay_claims_order": .conflict("As far as this claim is, this cannot be done with it. Look at it again."),
        "pay_claim_entries_step_key": .conflict("Somebody else dealt with this claim at the same moment. Look at it again."),
        "pay_claims_two_people": .conflict(
            "Two people approve a claim, neither of them the claimant or whoever wrote the claim down. Ask somebody else."),
        "pay_claims_once": .conflict("The fee for this work is claimed already. Look at: kith panel pay mine"),
        "pay_payment_claims_pkey": .conflict("One of these claims was paid at the same moment. Nothing was paid twice; try again."),
        "pay_payment_differences_pkey": .conflict(
            "The difference of an advance was paid at the same moment. Nothing was paid twice; try again."),
        "pay_payment_differences_remaining": .conflict(
            "The difference of an advance was paid at the same moment. Nothing was paid twice; try again."),
        "pay_payments_reference_key": .conflict("A payment with this reference is already here. Choose another one."),
    ]
}

extension WithdrawalStep {
    static let pay: [WithdrawalStep] = [
        WithdrawalStep(
            "Offers of pay that you have not accepted end. What you earned can still be claimed, and is paid.", recording: "pay_offer.ended"
        ) {
            """
            insert into expert_panels.pay_offer_entries (network_id, entry_id, offer_id, act, pence, entered_by)
            select o.network_id, kith.new_id(), o.offer_id, 'ended', 0, kith.current_person() from expert_panels.pay_offer_details o
            where o.person_id = \($0.person) and o.state = 'offered' and o.panel_id in (\(query: $0.activities))
            returning offer_id as id
            """
        }
    ]
}

extension PrivacyContract {
    private static let accounts = "The network must account for what it paid. It holds sums and days; the words go."
    private static let years = "Six years after the end of the tax year of the payment."

    static let pay: [Holding] = [
        .init(
            "The most that you want to earn", table: "expert_panels.pay_ceilings",
            columns: ["week_pence", "month_pence", "month_begins_on", "updated_at"], ofPerson: "person_id = $person",
            confidentiality: .person,
            erasure: .delete, retention: "Until you take it away."),
        .init(
            "Pay that you were offered", table: "expert_panels.pay_offers",
            columns: ["title", "role", "on_day", "minutes", "pence", "created_at"],
            ofPerson: "person_id = $person", confidentiality: .ordinary, erasure: .keep(because: accounts),
            retention: .init(stringLiteral: years)),
        .init(
            "What you answered to offers of pay", table: "expert_panels.pay_offer_entries", columns: ["act", "pence", "entered_at"],
            ofPerson: ofOffer, confidentiality: .ordinary, erasure: .keep(because: accounts), retention: .init(stringLiteral: years)),
        .init(
            "To whom you donated fees", table: "expert_panels.pay_offer_entries", columns: ["words"], ofPerson: ofOffer,
            confidentiality: .ordinary, erasure: .replace(["words": "null"]), retention: .init(stringLiteral: years)),
        .init(
            "What you claimed", table: "expert_panels.pay_claims", columns: ["kind", "on_day", "miles", "in_advance"],
            ofPerson: "person_id = $person", confidentiality: .ordinary, erasure: .keep(because: accounts),
            retention: .init(stringLiteral: years)),
        .init(
            "What you said with your claims", table: "expert_panels.pay_claims",
            columns: ["receipt", "reason_not_attended", "reason_late"],
            ofPerson: "person_id = $person", confidentiality: .ordinary,
            erasure: .replace([
                "receipt": "case when receipt is not null then 'erased' end", "reason_not_attended": "null", "reason_late": "null",
            ]), retention: .init(stringLiteral: years)),
        .init(
            "What became of your claims", table: "expert_panels.pay_claim_entries", columns: ["act", "pence", "entered_at"],
            ofPerson: ofClaim, confidentiality: .ordinary, erasure: .keep(because: accounts), retention: .init(stringLiteral: years)),
        .init(
            "What was said of your claims", table: "expert_panels.pay_claim_entries", columns: ["words"], ofPerson: ofClaim,
            confidentiality: .ordinary, erasure: .replace(["words": "null"]), retention: .init(stringLiteral: years)),
        .init(
            "What you were paid", table: "expert_panels.pay_payment_claims", columns: ["payment_id", "pence"], ofPerson: ofClaim,
            confidentiality: .ordinary, erasure: .keep(because: accounts), retention: .init(stringLiteral: years)),
        .init(
            "What was added to a payment, or taken off, for an advance", table: "expert_panels.pay_payment_differences",
            columns: ["payment_id", "pence"], ofPerson: ofClaim, confidentiality: .ordinary, erasure: .keep(because: accounts),
            retention: .init(stringLiteral: years)),
    ]

    private static let ofOffer = "offer_id in (select offer_id from expert_panels.pay_offers where person_id = $person)"
    private static let ofClaim = "claim_id in (select claim_id from expert_panels.pay_claims where person_id = $person)"

    static let impersonalPay = [
        "pay_policies.name": "names the policy", "pay_policies.source": "names a public source",
        "pay_policies.signpost": "names who advises",
        "pay_bands.role": "names a role", "pay_bands.basis": "fixed or hourly", "pay_offers.title": "describes the work",
        "pay_offers.role": "names a role", "pay_offer_entries.act": "what was done", "pay_claims.kind": "a kind of claim",
        "pay_claim_entries.act": "what was done", "pay_payments.reference": "names the payment",
    ]
}
