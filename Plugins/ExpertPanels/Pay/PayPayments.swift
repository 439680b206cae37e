import PluginKit
import struct FoundationEssentials.UUID

/// Payments: all approved claims in one run, with the files for payroll and for the bank. Kith holds no bank details; whoever pays does.
enum PayPayments {
    static let resource = Resource(
        "PayPayment", "payment", table: "expert_panels.pay_payment_details", key: "payment_id",
        [
            .text("reference", "What stands on the statement."),
            .date("paid_on", "When."),
            .integer("claims", "How many claims."),
            .money("fees", "Of it fees.", from: "fee_pence"),
            .money("expenses", "Of it expenses.", from: "expense_pence"),
            .money(
                "total", "What it comes to; the database refuses a payment that does not come to its claims and the ledger.", from: "pence"),
            .id("created_by", "By whom."),
            .createdAt,
        ])

    struct New: Input {
        let reference: String
        let paidOn: CalendarDate

        init(from fields: inout Fields) {
            reference = fields.required("reference", .text(1...100), "What stands on the statement. Each payment has its own.")
            paidOn = fields.required("paid_on", .date, "The day on which the money goes out.")
        }
    }

    /// Marks every approved claim as paid, but for those of whoever asks: somebody else pays these.
    static func create(by actor: Actor, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            let due = try await actor.read(
                """
                select claim_id, pence, person_id from expert_panels.pay_claim_details
                where state = 'approved' and person_id <> kith.current_person() order by claim_id
                """
            ).decode((UUID, Int64, UUID).self)
            guard !due.isEmpty else { throw Refusal.conflict("No claim is approved and waits for payment.") }
            let (claims, pence) = (due.map(\.0), due.map(\.1))
            _ = try await actor.write(
                """
                insert into expert_panels.pay_payments (network_id, payment_id, reference, paid_on, pence, created_by)
                values (\(actor.network), \(actor.newID), \(new.reference), \(new.paidOn), \(pence.reduce(0, +)), kith.current_person())
                returning payment_id as id
                """)
            _ = try await actor.run(
                """
                insert into expert_panels.pay_payment_claims (network_id, claim_id, payment_id, pence)
                select \(actor.network)::uuid, claim, \(actor.newID)::uuid, pence from unnest(\(claims), \(pence)) due (claim, pence)
                """,
                actor.recorded(
                    """
                    insert into expert_panels.pay_claim_entries (network_id, entry_id, claim_id, act, pence, entered_by)
                    select \(actor.network)::uuid, kith.new_id(), claim, 'paid', pence, kith.current_person()
                    from unnest(\(claims), \(pence)) due (claim, pence) returning claim_id as id
                    """, as: "pay.paid"),
                MessageTemplate.payNews.queue(forEach: "select distinct unnest(\(due.map(\.2)))"))
            return try await actor.get(resource, actor.newID)
        }
    }

    private struct Line {
        let person: String
        let name: String
        let fees: Int64
        let expenses: Int64
        let total: Int64
    }

    /// A line a person and their total, for payroll: fees, which may be taxable, apart from expenses, which are not income.
    static func payroll(by actor: Actor, _ id: UUID) async throws -> [UInt8] {
        let (payment, lines) = try await lines(by: actor, id)
        var csv = CSVWriter(
            header: ["payment_reference", "paid_on", "person_id", "name", "fees_gbp", "expenses_gbp", "total_gbp"], guardingFormulas: true)
        func add(_ person: String, _ name: String, _ fees: Int64, _ expenses: Int64, _ total: Int64) throws {
            csv.append([
                try payment["reference", as: String.self], try payment["paid_on", as: String.self], person, name, Money.pounds(fees),
                Money.pounds(expenses), Money.pounds(total),
            ])
        }
        for line in lines { try add(line.person, line.name, line.fees, line.expenses, line.total) }
        func sum(_ column: KeyPath<Line, Int64>) -> Int64 { lines.map { $0[keyPath: column] }.reduce(0, +) }
        try add("", "Total", sum(\.fees), sum(\.expenses), sum(\.total))
        return csv.bytes
    }

    /// A line a person for the bank. The account numbers stay with whoever pays and are joined by the person's id.
    static func transfer(by actor: Actor, _ id: UUID) async throws -> [UInt8] {
        let (payment, lines) = try await lines(by: actor, id)
        var csv = CSVWriter(header: ["payment_reference", "person_id", "name", "amount", "currency"], guardingFormulas: true)
        let reference = try payment["reference", as: String.self]
        for line in lines { csv.append([reference, line.person, line.name, Money.pounds(line.total), "GBP"]) }
        csv.append([reference, "", "Total", Money.pounds(lines.map(\.total).reduce(0, +)), "GBP"])
        return csv.bytes
    }

    // Of people whose data is restricted nothing is shown; their part of the control total stands in one line, so that the file comes to it.
    private static func lines(by actor: Actor, _ id: UUID) async throws -> (payment: Row, lines: [Line]) {
        let rows = try await actor.run(
            "select reference, paid_on::text, pence from expert_panels.pay_payments where payment_id = \(id)",
            """
            select c.person_id::text, coalesce(p.name, '') as name, coalesce(sum(i.pence) filter (where c.kind = 'fee'), 0)::bigint as fees,
                coalesce(sum(i.pence) filter (where c.kind <> 'fee'), 0)::bigint as expenses
            from expert_panels.pay_payment_claims i join expert_panels.pay_claims c using (network_id, claim_id)
                left join kith.people p on p.network_id = c.network_id and p.person_id = c.person_id
            where i.payment_id = \(id) group by c.person_id, p.name order by p.name, c.person_id
            """)
        let payment = try rows[0].only(resource)
        var lines = try rows[1].decode((String, String, Int64, Int64).self).map {
            Line(person: $0.0, name: $0.1, fees: $0.2, expenses: $0.3, total: $0.2 + $0.3)
        }
        let hidden = try payment["pence", as: Int64.self] - lines.map(\.total).reduce(0, +)
        if hidden != 0 {
            lines.append(Line(person: "", name: "Restricted: see kith data restrictions", fees: 0, expenses: 0, total: hidden))
        }
        return (payment, lines)
    }
}
