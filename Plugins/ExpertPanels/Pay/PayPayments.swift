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
            .money("differences", "Added for advances that were too small, less what was left over of others.", from: "difference_pence"),
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

    /// Marks every approved claim as paid, and adds or takes off what advances were short or left over; but for those of whoever asks:
    /// somebody else pays these.
    static func create(by actor: Actor, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            let due = try await actor.read(
                """
                select claim_id, case when payment_id is null then pence end, difference_pence, person_id from expert_panels.pay_claim_details
                where person_id <> kith.current_person()
                  and (state = 'approved' and payment_id is null or state in ('approved', 'carried') and difference_pence <> 0)
                order by claim_id
                """
            ).decode((UUID, Int64?, Int64?, UUID).self)
            let (claims, differences) = shares(due.map { Due(claim: $0.0, pence: $0.1, difference: $0.2, person: $0.3) })
            guard !claims.isEmpty || !differences.isEmpty else { throw Refusal.conflict("No claim is approved and waits for payment.") }
            _ = try await actor.write(
                """
                insert into expert_panels.pay_payments (network_id, payment_id, reference, paid_on, pence, created_by)
                values (\(actor.network), \(actor.newID), \(new.reference), \(new.paidOn), \((claims + differences).map(\.pence).reduce(0, +)),
                        kith.current_person())
                returning payment_id as id
                """)
            let (paid, carried) = (rows(claims), rows(differences))
            _ = try await actor.run(
                """
                insert into expert_panels.pay_payment_claims (network_id, claim_id, payment_id, pence)
                select \(actor.network)::uuid, claim, \(actor.newID)::uuid, pence from \(query: paid)
                """,
                actor.recorded(
                    """
                    insert into expert_panels.pay_claim_entries (network_id, entry_id, claim_id, act, pence, entered_by)
                    select \(actor.network)::uuid, kith.new_id(), claim, 'paid', pence, kith.current_person()
                    from \(query: paid) returning claim_id as id
                    """, as: "pay.paid"),
                """
                insert into expert_panels.pay_payment_differences (network_id, claim_id, payment_id, pence)
                select \(actor.network)::uuid, claim, \(actor.newID)::uuid, pence from \(query: carried)
                """,
                actor.recorded(
                    """
                    insert into expert_panels.pay_claim_entries (network_id, entry_id, claim_id, act, pence, entered_by)
                    select c.network_id, kith.new_id(), c.claim_id, 'carried', c.pence, kith.current_person()
                    from \(query: carried) join expert_panels.pay_claim_details c on c.claim_id = due.claim returning claim_id as id
                    """, as: "pay.carried"),
                MessageTemplate.payNews.queue(forEach: "select distinct unnest(\((claims + differences).map(\.person)))"))
            return try await actor.get(resource, actor.newID)
        }
    }

    private struct Due {
        let claim: UUID
        let pence: Int64?
        let difference: Int64?
        let person: UUID
    }

    private typealias Share = (claim: UUID, pence: Int64, person: UUID)

    // What people owe is taken off what they get in the same payment, and no more than that: the rest waits for the next.
    private static func shares(_ due: [Due]) -> (claims: [Share], differences: [Share]) {
        let claims = due.compactMap { item in item.pence.map { Share(item.claim, $0, item.person) } }
        let differences = due.compactMap { item in item.difference.map { Share(item.claim, $0, item.person) } }
        var coming: [UUID: Int64] = [:]
        for share in claims + differences where share.pence > 0 { coming[share.person, default: 0] += share.pence }
        let carried = differences.compactMap { share -> Share? in
            if share.pence > 0 { return share }
            let taken = min(-share.pence, coming[share.person, default: 0])
            coming[share.person, default: 0] -= taken
            return taken > 0 ? Share(share.claim, -taken, share.person) : nil
        }
        return (claims, carried)
    }

    private static func rows(_ shares: [Share]) -> Query {
        "unnest(\(shares.map(\.claim)), \(shares.map(\.pence))) due (claim, pence)"
    }

    private struct Line {
        let person: String
        let name: String
        let fees: Int64
        let expenses: Int64
        let differences: Int64
        let total: Int64
    }

    /// A line a person and their total, for payroll: fees, which may be taxable, apart from expenses, which are not income, and from what
    /// is added or taken off for an advance.
    static func payroll(by actor: Actor, _ id: UUID) async throws -> [UInt8] {
        let (payment, lines) = try await lines(by: actor, id)
        var csv = CSVWriter(
            header: ["payment_reference", "paid_on", "person_id", "name", "fees_gbp", "expenses_gbp", "advances_gbp", "total_gbp"],
            guardingFormulas: true)
        let (reference, paidOn) = (try payment["reference", as: String.self], try payment["paid_on", as: String.self])
        func add(_ person: String, _ name: String, _ sums: Int64...) {
            csv.append([reference, paidOn, person, name] + sums.map(Money.pounds))
        }
        for line in lines { add(line.person, line.name, line.fees, line.expenses, line.differences, line.total) }
        func sum(_ column: KeyPath<Line, Int64>) -> Int64 { lines.map { $0[keyPath: column] }.reduce(0, +) }
        add("", "Total", sum(\.fees), sum(\.expenses), sum(\.differences), sum(\.total))
        return csv.bytes
    }

    /// A line a person for the bank. The account numbers stay with whoever pays and are joined by the person's id. Who gets nothing, since
    /// it was all taken off for an advance, has no line.
    static func transfer(by actor: Actor, _ id: UUID) async throws -> [UInt8] {
        let (payment, lines) = try await lines(by: actor, id)
        var csv = CSVWriter(header: ["payment_reference", "person_id", "name", "amount", "currency"], guardingFormulas: true)
        let reference = try payment["reference", as: String.self]
        for line in lines where line.total != 0 { csv.append([reference, line.person, line.name, Money.pounds(line.total), "GBP"]) }
        csv.append([reference, "", "Total", Money.pounds(lines.map(\.total).reduce(0, +)), "GBP"])
        return csv.bytes
    }

    // Of people whose data is restricted nothing is shown; their part of the control total stands in one line, so that the file comes to it.
    private static func lines(by actor: Actor, _ id: UUID) async throws -> (payment: Row, lines: [Line]) {
        let rows = try await actor.run(
            "select reference, paid_on::text, pence from expert_panels.pay_payments where payment_id = \(id)",
            """
            select c.person_id::text, coalesce(p.name, '') as name, coalesce(sum(i.pence) filter (where c.kind = 'fee'), 0)::bigint as fees,
                coalesce(sum(i.pence) filter (where c.kind <> 'fee'), 0)::bigint as expenses,
                coalesce(sum(i.difference), 0)::bigint as differences
            from (
                select network_id, claim_id, pence, null::bigint as difference from expert_panels.pay_payment_claims where payment_id = \(id)
                union all
                select network_id, claim_id, null, pence from expert_panels.pay_payment_differences where payment_id = \(id)) i
                join expert_panels.pay_claims c using (network_id, claim_id)
                left join kith.people p on p.network_id = c.network_id and p.person_id = c.person_id
            group by c.person_id, p.name order by p.name, c.person_id
            """)
        let payment = try rows[0].only(resource)
        var lines = try rows[1].decode((String, String, Int64, Int64, Int64).self).map {
            Line(person: $0.0, name: $0.1, fees: $0.2, expenses: $0.3, differences: $0.4, total: $0.2 + $0.3 + $0.4)
        }
        let hidden = try payment["pence", as: Int64.self] - lines.map(\.total).reduce(0, +)
        if hidden != 0 {
            lines.append(
                Line(person: "", name: "Restricted: see kith data restrictions", fees: 0, expenses: 0, differences: 0, total: hidden))
        }
        return (payment, lines)
    }
}
