import PluginKit
import struct FoundationEssentials.UUID

extension PayClaims {
    struct Correction: Input {
        let pay: Money
        let reason: String

        init(from fields: inout Fields) {
            pay = fields.required("amount", .money, "What is right.")
            reason = fields.required("reason", .text(1...2000, lines: true), "Why, for the person to read.")
        }
    }

    struct Rejection: Input {
        let reason: String

        init(from fields: inout Fields) {
            reason = fields.required("reason", .text(1...2000, lines: true), "Why, and what to do, for the person to read.")
        }
    }

    struct Settlement: Input {
        let spent: Money
        let receipt: String

        init(from fields: inout Fields) {
            spent = fields.required("spent", .money, "What was spent.")
            receipt = fields.required("receipt", .text(1...2000, lines: true), "Where the receipt is.")
        }
    }

    /// Approves a claim: the first of two people, then the second. Neither is the claimant, or wrote it down for them.
    static func approve(by actor: Actor, _ id: UUID, of panel: UUID) async throws -> Row {
        try await step(by: actor, id, of: panel, "case state when 'approved_once' then 'approved' else 'approved_once' end", "pence")
    }

    /// Corrects the sum. It is then approved anew by two people.
    static func correct(by actor: Actor, _ id: UUID, of panel: UUID, _ correction: Correction) async throws -> Row {
        try await step(by: actor, id, of: panel, "'corrected'", "\(correction.pay.pence)::bigint", correction.reason, tells: true)
    }

    static func reject(by actor: Actor, _ id: UUID, of panel: UUID, _ rejection: Rejection) async throws -> Row {
        try await step(by: actor, id, of: panel, "'rejected'", "0", rejection.reason, tells: true)
    }

    static func withdraw(by actor: Actor, _ id: UUID, of panel: UUID) async throws -> Row {
        try await step(by: actor, id, of: panel, "'withdrawn'", "0")
    }

    /// Accounts for an advance.
    static func settle(by actor: Actor, _ id: UUID, of panel: UUID, _ settlement: Settlement) async throws -> Row {
        try await step(by: actor, id, of: panel, "'settled'", "\(settlement.spent.pence)::bigint", settlement.receipt)
    }

    private static func step(
        by actor: Actor, _ id: UUID, of panel: UUID, _ act: Query, _ pence: Query, _ words: String? = nil, tells: Bool = false
    ) async throws -> Row {
        try await actor.transaction { actor in
            let claim = try await actor.get(resource, id, where: "panel_id = \(panel)")
            let person = try claim["person_id", as: UUID.self]
            _ = try await actor.write(
                """
                insert into expert_panels.pay_claim_entries (network_id, entry_id, claim_id, act, pence, words, entered_by)
                select network_id, \(actor.newID), claim_id, \(query: act), \(query: pence), \(words), kith.current_person()
                from expert_panels.pay_claim_details where claim_id = \(id) returning claim_id as id
                """, about: person)
            if tells { _ = try await actor.run(MessageTemplate.payNews.queue(for: person)) }
            return try await actor.get(resource, id)
        }
    }
}
