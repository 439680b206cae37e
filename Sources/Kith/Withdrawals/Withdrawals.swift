public import Postgres
public import struct FoundationEssentials.UUID

/// Leaving: from an activity, a programme or the network, in one call, without a reason, at once. It never cancels pay already earned.
/// Others hear that it ended, not why.
public enum Withdrawals {
    /// What the API answers for a withdrawal.
    public static let resource = Resource(
        "Withdrawal", "withdrawal", table: "kith.withdrawals", key: "withdrawal_id",
        [
            .id("person_id", "Who withdrew."),
            .id("activity_id", "From which activity.").orNull,
            .id("programme_id", "From which programme; with no activity either, from the network.").orNull,
            .moment("withdrawn_at", "When."),
            .moment("returned_at", "When they came back.").orNull,
        ])

    /// From what to withdraw. There is no field for a reason.
    public struct New: Input {
        let scope: Withdrawal.Scope?

        public init(from fields: inout Fields) {
            let activity = fields.optional("activity_id", .id, "From which activity.")
            let programme = fields.optional("programme_id", .id, "From which programme.")
            scope = activity.map { .activity($0) } ?? programme.map { .programme($0) }
            fields.check((activity == nil) != (programme == nil), "activity_id", "Name either an activity or a programme.")
        }
    }

    /// From what somebody else withdrew, who said so on paper, by phone or in person.
    public struct Record: Input {
        let scope: Withdrawal.Scope
        let channel: Channel.Recorded

        public init(from fields: inout Fields) {
            let activity = fields.optional("activity_id", .id, "From which activity.")
            let programme = fields.optional("programme_id", .id, "From which programme; with no activity either, from the network.")
            scope = activity.map { .activity($0) } ?? programme.map { .programme($0) } ?? .network
            channel = fields.required("channel", .choice(), "How they said so.")
            fields.check(activity == nil || programme == nil, "activity_id", "Name either an activity or a programme.")
        }
    }

    /// Withdraws the person who asks from an activity or a programme.
    public static func create(by actor: Actor, _ new: New, _ steps: [WithdrawalStep]) async throws -> Row {
        guard let scope = new.scope else { preconditionFailure("the fields were checked") }
        return try await withdraw(by: actor, nil, from: scope, .web, steps)
    }

    /// Withdraws the person who asks from the network.
    public static func leave(by actor: Actor, _ steps: [WithdrawalStep]) async throws {
        _ = try await withdraw(by: actor, nil, from: .network, .web, steps)
    }

    /// Records that somebody else withdrew.
    public static func record(by actor: Actor, _ record: Record, of person: UUID, _ steps: [WithdrawalStep]) async throws -> Row {
        try await withdraw(
            by: actor, person, from: record.scope, Channel(rawValue: record.channel.rawValue) ?? .inPerson, steps)
    }

    /// Comes back. Nothing that ended begins again by itself; but the person may be asked again.
    public static func end(by actor: Actor, _ id: UUID) async throws {
        _ = try await actor.write(
            """
            update kith.withdrawals set returned_at = coalesce(returned_at, now())
            where withdrawal_id = \(id) and person_id = kith.current_person() returning withdrawal_id as id
            """
        ).only(resource)
    }

    private static func withdraw(
        by actor: Actor, _ person: UUID?, from scope: Withdrawal.Scope, _ channel: Channel, _ steps: [WithdrawalStep]
    ) async throws -> Row {
        try await actor.transaction { actor in
            // Offers that are made at this moment wait here, and are then refused; or they came first, and end below.
            let found = try await actor.read(
                """
                select person_id from kith.people where person_id = coalesce(\(person)::uuid, kith.current_person()) and ended_at is null
                for no key update
                """
            ).only(People.resource)
            let withdrawal = Withdrawal(person: try found["person_id", as: UUID.self], scope: scope)
            let row = try await stand(withdrawal, channel, by: actor)
            for step in steps {
                guard let statement = step.statement(withdrawal) else { continue }
                _ = try await actor.run(
                    step.action.map { actor.recorded(statement, as: $0, about: withdrawal.person) } ?? statement)
            }
            _ = try await actor.run(confirmation(of: try row["id", as: UUID.self], to: withdrawal.person))
            return row
        }
    }

    // Once, where it is a new one.
    private static func confirmation(of withdrawal: UUID, to person: UUID) -> Query {
        MessageTemplate.withdrawn.queue(
            forEach: """
                select \(person)::uuid where exists (
                    select from kith.withdrawals where withdrawal_id = \(withdrawal) and withdrawn_at = now())
                """, ["withdrawal_id": .string("\(withdrawal)")])
    }

    // The withdrawal on record: a second one from the same thing is the first one.
    private static func stand(_ withdrawal: Withdrawal, _ channel: Channel, by actor: Actor) async throws -> Row {
        var (activity, programme): (UUID?, UUID?)
        switch withdrawal.scope {
        case .activity(let id): activity = id
        case .programme(let id): programme = id
        case .network: break
        }
        let standing = try await actor.read(
            """
            select \(query: resource.columns) from kith.withdrawals
            where person_id = \(withdrawal.person) and activity_id is not distinct from \(activity)::uuid
              and programme_id is not distinct from \(programme)::uuid and returned_at is null
            """)
        if let row = standing.first { return row }
        return try await actor.write(
            """
            insert into kith.withdrawals (network_id, withdrawal_id, person_id, activity_id, programme_id, channel, recorded_by)
            values (\(actor.network), \(actor.newID), \(withdrawal.person), \(activity), \(programme), \(channel), kith.current_person())
            returning \(query: resource.columns)
            """, about: withdrawal.person
        ).only(resource)
    }
}
