import PluginKit
import struct FoundationEssentials.UUID

/// What a person does not want to earn more than, in a week and in the month of their benefits. Only they set it. They see it, and those who
/// pay; nobody who offers work.
enum PayCeilings {
    static let resource = Resource(
        "PayCeiling", "ceiling", table: "expert_panels.pay_ceilings", key: "person_id",
        [
            .money("week", "The most for a week, from Monday.", from: "week_pence").orNull,
            .money("month", "The most for a monthly assessment period.", from: "month_pence").orNull,
            .integer("month_begins_on", "The day of the month on which the period begins."),
            .moment("updated_at", "Since when."),
        ])

    struct Wanted: Input {
        let week: Money?
        let month: Money?
        let monthBeginsOn: Int

        init(from fields: inout Fields) {
            week = fields.optional("week", .money, "The most that you want to earn in a week, from Monday.")
            month = fields.optional("month", .money, "The most that you want to earn in a monthly assessment period.")
            monthBeginsOn = fields.optional(
                "month_begins_on", .integer(1...31), default: 1,
                "The day of the month on which your assessment period begins. It is in your Universal Credit account.")
        }
    }

    static func set(by actor: Actor, _ wanted: Wanted) async throws -> Row {
        try await actor.write(
            """
            insert into expert_panels.pay_ceilings (network_id, person_id, week_pence, month_pence, month_begins_on)
            values (\(actor.network), kith.current_person(), \(wanted.week?.pence), \(wanted.month?.pence), \(wanted.monthBeginsOn))
            on conflict (network_id, person_id) do update set week_pence = excluded.week_pence, month_pence = excluded.month_pence,
                month_begins_on = excluded.month_begins_on, updated_at = now()
            returning \(query: resource.columns)
            """
        ).only(resource)
    }

    static func find(by actor: Actor) async throws -> Row {
        try await actor.read("select \(query: resource.columns) from expert_panels.pay_ceilings where person_id = kith.current_person()")
            .only(resource)
    }

    static func end(by actor: Actor) async throws {
        _ = try await actor.write(
            "delete from expert_panels.pay_ceilings where person_id = kith.current_person() returning person_id as id"
        ).only(resource)
    }

    /// Warns of a ceiling before it is broken, and says whom to ask. It is no advice, and the person may go on.
    static func warning(_ broken: [String], _ pence: Int64, signpost: String) -> Refusal {
        let what = broken.joined(separator: " and the ")
        return Refusal.conflict(
            """
            With this £\(Money.pounds(pence)) you would earn more than you wanted to in the \(what) of this work. Nothing is accepted yet. \
            You can reduce the fee, donate it or decline it. Kith counts by the day of the work; benefits may count by the day of payment. \
            To ask somebody first: \(signpost)
            """, [FieldProblem("/despite_ceiling", "To accept all the same, send true (--despite-ceiling).")])
    }
}
