import PluginKit
import struct FoundationEssentials.UUID

/// What a network pays, from which day, by whose figures. What was offered stays as it was offered.
enum PayPolicies {
    enum Basis: String, Sendable, CaseIterable, PostgresCodable {
        case fixed, hourly
    }

    static let resource = Resource(
        "PayPolicy", "pay policy", table: "expert_panels.pay_policy_details", key: "policy_id",
        [
            .text("name", "What it is called."),
            .text("source", "Where the figures come from."),
            .text("signpost", "Where people can ask what pay does to their benefits."),
            .date("effective_from", "Work from this day on is paid by it, until a later policy begins."),
            .money("mileage", "For a mile.", from: "mileage_pence"),
            .integer("claim_within_months", "A later claim says why it is late."),
            .integer("pay_within_days", "A claim that is older and not paid is overdue."),
            .integer("late_cancellation_days", "A session that is called off, or cannot be attended, so shortly before is paid in part."),
            .integer("late_cancellation_percent", "How much of the fee is paid then."),
            .json("bands", schema: ["type": "array", "items": ["type": "object"]], "What is paid for which role and length."),
            .createdAt,
        ])

    struct Band: Input {
        let role: String
        let upToMinutes: Int
        let basis: Basis
        let pay: Money

        init(from fields: inout Fields) {
            role = fields.required("role", .text(1...100), "For whom, such as member or chair.")
            upToMinutes = fields.required(
                "up_to_minutes", .integer(1...10_080), "For work of at most this length; the shortest band counts.")
            basis = fields.required("basis", .choice(), "fixed: one sum; hourly: by the minute, rounded to the penny, half up.")
            pay = fields.required("pay", .money, "How much, or how much an hour.")
        }
    }

    struct New: Input {
        let name: String
        let source: String
        let signpost: String
        let effectiveFrom: CalendarDate
        let mileage: Money
        let claimWithinMonths: Int
        let payWithinDays: Int
        let lateCancellationDays: Int
        let lateCancellationPercent: Int
        let bands: [Band]

        init(from fields: inout Fields) {
            name = fields.required("name", .text(), "What it is called.")
            source = fields.required("source", .text(1...1000, lines: true), "Where the figures come from.")
            signpost = fields.required(
                "signpost", .text(1...1000, lines: true), "Where people can ask what pay does to their benefits. Kith gives no advice.")
            effectiveFrom = fields.required("effective_from", .date, "From which day it holds.")
            mileage = fields.required("mileage", .money, "For a mile, at most £10.")
            claimWithinMonths = fields.required("claim_within_months", .integer(1...24), "A later claim says why it is late.")
            payWithinDays = fields.required("pay_within_days", .integer(1...365), "A claim that is older and not paid is overdue.")
            lateCancellationDays = fields.required(
                "late_cancellation_days", .integer(0...60), "Called off, or not attended, in less than so many days before: paid in part.")
            lateCancellationPercent = fields.required("late_cancellation_percent", .integer(0...100), "How much of the fee is paid then.")
            bands = fields.required("bands", .list(of: .object(), 1...100), "What is paid for which role and length.")
            fields.check(mileage.pence <= 1000, "mileage", "This is more than £10 a mile. Is it in pence?")
        }
    }

    static func create(by actor: Actor, _ new: New) async throws -> Row {
        try await actor.run(
            actor.recorded(
                """
                insert into expert_panels.pay_policies
                    (network_id, policy_id, name, source, signpost, effective_from, mileage_pence, claim_within_months, pay_within_days,
                     late_cancellation_days, late_cancellation_percent)
                values (\(actor.network), \(actor.newID), \(new.name), \(new.source), \(new.signpost), \(new.effectiveFrom),
                        \(new.mileage.pence), \(new.claimWithinMonths), \(new.payWithinDays), \(new.lateCancellationDays),
                        \(new.lateCancellationPercent))
                returning policy_id as id
                """),
            """
            insert into expert_panels.pay_bands (network_id, band_id, policy_id, role, up_to_minutes, basis, pence)
            select \(actor.network)::uuid, kith.new_id(), \(actor.newID)::uuid, role, minutes, basis, pence
            from unnest(\(new.bands.map(\.role)), \(new.bands.map(\.upToMinutes)), \(new.bands.map(\.basis.rawValue)),
                        \(new.bands.map(\.pay.pence))) band (role, minutes, basis, pence)
            """,
            "select \(query: resource.columns) from expert_panels.pay_policy_details where policy_id = \(actor.newID)"
        )[2].only(resource)
    }

    /// A policy to begin with, as a body for `create_pay_policy`. The sums are those of the NIHR payment ladder from 16 December 2025; which
    /// length goes with which sum, and everything else, is the network's own to decide.
    static let example: JSON = [
        "name": "NIHR payment ladder, 16 December 2025 (example)",
        "source": """
        NIHR payment guidance, rates from 16 December 2025 (£13.80 to £495). Mileage, time to claim and time to pay: a user group's own \
        figures. The lengths and the cancellation terms are examples: check them before use.
        """,
        "signpost":
            "Citizens Advice (https://www.citizensadvice.org.uk) gives free and confidential advice about benefits and paid involvement.",
        "effective_from": "2025-12-16", "mileage": pay(45), "claim_within_months": 3, "pay_within_days": 14, "late_cancellation_days": 2,
        "late_cancellation_percent": 100,
        "bands": .array(
            [(30, 1380), (60, 2750), (120, 5500), (240, 8250), (480, 16_500)].map { band("member", $0, $1) }
                + [(240, 16_500), (480, 33_000), (960, 49_500)].map { band("chair", $0, $1) }),
    ]

    private static func pay(_ pence: Int64) -> JSON { ["amount": .integer(pence), "currency": "GBP"] }

    private static func band(_ role: String, _ minutes: Int64, _ pence: Int64) -> JSON {
        ["role": .string(role), "up_to_minutes": .integer(minutes), "basis": "fixed", "pay": pay(pence)]
    }
}
