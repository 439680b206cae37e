import Mustache
import PluginKit
import struct FoundationEssentials.UUID

/// A letter of what a person was paid: for the Jobcentre, or for their own records. It states facts and gives no advice.
enum PayLetter {
    struct Period: Input {
        let from: CalendarDate
        let until: CalendarDate

        init(from fields: inout Fields) {
            from = fields.required("from", .date, "The first day.")
            until = fields.required("until", .date, "The last day.")
            fields.check(from <= until, "until", "This is before the first day.")
        }
    }

    /// Writes the letter as an HTML page to print: about a person, or about whoever asks.
    static func write(by actor: Actor, about person: UUID?, _ period: Period) async throws -> [UInt8] {
        let whom: Query = "person_id = coalesce(\(person)::uuid, kith.current_person())"
        let rows = try await actor.run(
            """
            select p.name, n.name as network, to_char(current_date, 'FMDD FMMonth YYYY') as today,
                to_char(\(period.from)::date, 'FMDD FMMonth YYYY') as from, to_char(\(period.until)::date, 'FMDD FMMonth YYYY') as until
            from kith.people p join kith.networks n using (network_id) where p.\(query: whom)
            """,
            """
            select to_char(y.paid_on, 'FMDD FMMonth YYYY'), c.kind,
                case when i.is_difference then ', the difference to what was paid in advance'
                    when c.kind = 'fee' then coalesce(o.title, '') else '' end,
                to_char(c.on_day, 'FMDD FMMonth YYYY'), i.pence
            from (
                select network_id, claim_id, payment_id, pence, false as is_difference from expert_panels.pay_payment_claims
                union all select network_id, claim_id, payment_id, pence, true from expert_panels.pay_payment_differences) i
                join expert_panels.pay_claims c using (network_id, claim_id) join expert_panels.pay_payments y using (network_id, payment_id)
                left join expert_panels.pay_offers o on o.network_id = c.network_id and o.offer_id = c.offer_id
            where c.\(query: whom) and y.paid_on between \(period.from)::date and \(period.until)::date
            order by y.paid_on, c.claim_id, i.is_difference
            """,
            """
            select to_char(on_day, 'FMDD FMMonth YYYY'), title, state, payable_pence from expert_panels.pay_offer_details
            where \(query: whom) and state in ('reduced', 'donated', 'declined')
              and on_day between \(period.from)::date and \(period.until)::date order by on_day, offer_id
            """)
        let head = try rows[0].only(People.resource)
        let paid = try rows[1].decode((String, PayClaims.Kind, String, String, Int64).self)
        let forgone = try rows[2].decode((String, String, PayOffers.State, Int64).self)
        func table(_ fees: Bool) -> [String: Any] {
            let lines = paid.filter { ($0.1 == .fee) == fees }
            return [
                "lines": lines.map { ["paid": $0.0, "what": fees ? $0.2 : words($0.1) + $0.2, "day": $0.3, "sum": Money.pounds($0.4)] },
                "total": Money.pounds(lines.map(\.4).reduce(0, +)),
            ]
        }
        let view: [String: Any] = [
            "name": try head["name", as: String.self], "network": try head["network", as: String.self],
            "today": try head["today", as: String.self], "from": try head["from", as: String.self],
            "until": try head["until", as: String.self], "fees": table(true), "expenses": table(false),
            "forgone": forgone.map { ["day": $0.0, "title": $0.1, "what": words($0.2, $0.3)] }, "hasForgone": !forgone.isEmpty,
        ]
        return try Array(MustacheTemplate(string: page).render(view).utf8)
    }

    private static func words(_ kind: PayClaims.Kind) -> String {
        switch kind {
        case .fee: "Fee"
        case .mileage: "Mileage"
        case .travel: "Travel"
        case .carer: "Care of somebody else"
        case .supporter: "A supporter"
        case .dataAndPhone: "Data and phone"
        case .other: "Other expense"
        }
    }

    private static func words(_ state: PayOffers.State, _ pence: Int64) -> String {
        switch state {
        case .declined: "declined the fee"
        case .donated: "donated the fee"
        default: "took £\(Money.pounds(pence)) instead of the whole fee"
        }
    }

    private static let page = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Payments to {{name}}</title>
        <style>body { font: 18px/1.5 Arial, sans-serif; max-width: 45em; margin: 2em auto; padding: 0 1em }
        table { border-collapse: collapse; width: 100% } th, td { text-align: left; border-bottom: 1px solid; padding: 0.3em }
        td:last-child, th:last-child { text-align: right }</style></head><body>
        <p>{{network}}<br>{{today}}</p>
        <h1>Payments to {{name}} from {{from}} to {{until}}</h1>
        <p>To whom it may concern.</p>
        <p>{{name}} takes part in the work of {{network}}. They may accept, reduce, donate or decline any fee. They were paid the
        following.</p>
        {{#fees}}<h2>Fees for involvement</h2>
        <table><tr><th>Paid on</th><th>For</th><th>Done on</th><th>£</th></tr>
        {{#lines}}<tr><td>{{paid}}</td><td>{{what}}</td><td>{{day}}</td><td>{{sum}}</td></tr>
        {{/lines}}<tr><th>Total</th><td></td><td></td><th>{{total}}</th></tr></table>
        {{/fees}}{{#expenses}}<h2>Expenses paid back</h2>
        <table><tr><th>Paid on</th><th>For</th><th>Spent on</th><th>£</th></tr>
        {{#lines}}<tr><td>{{paid}}</td><td>{{what}}</td><td>{{day}}</td><td>{{sum}}</td></tr>
        {{/lines}}<tr><th>Total</th><td></td><td></td><th>{{total}}</th></tr></table>
        {{/expenses}}{{#hasForgone}}<h2>Fees that were not taken</h2>
        <ul>{{#forgone}}<li>{{day}}: {{title}}: {{name}} {{what}}.</li>
        {{/forgone}}</ul>
        {{/hasForgone}}<p>This letter states what was paid and when. It is no advice about benefits. Citizens Advice can say what it means for them.</p>
        <p>For {{network}}</p>
        </body></html>

        """
}
