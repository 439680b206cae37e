import HTTPTypes
import Kith
import Postgres

extension Endpoint {
    /// Leaving.
    static func withdrawals(_ steps: [WithdrawalStep]) -> [Endpoint] {
        [
            .end(
                "leave_network", method: .post, "/networks/{network}/leave", "Leave a network, at once and without a reason", .member,
                records: "withdrawal.recorded"
            ) { try await Withdrawals.leave(by: $0.actor, steps) },
            .create(
                "create_withdrawal", "/networks/{network}/withdrawals",
                "Withdraw from an activity or a programme, at once and without a reason",
                .member, records: "withdrawal.recorded", returns: Withdrawals.resource
            ) { try await Withdrawals.create(by: $0.actor, $0.input, steps) },
            .act(
                "record_withdrawal", "/networks/{network}/people/{person}/withdrawals",
                "Record that a person withdrew on paper, by phone or in person", .permission(.recordWithdrawals, .network),
                records: "withdrawal.recorded", returns: Withdrawals.resource
            ) { try await Withdrawals.record(by: $0.actor, $0.input, of: $0.id("person"), steps) },
            .list(
                "list_my_withdrawals", "/networks/{network}/withdrawals", "List what you withdrew from", .member, of: Withdrawals.resource
            ) {
                try await $0.actor.list(Withdrawals.resource, $0.page, where: "person_id = kith.current_person()")
            },
            .get(
                "get_withdrawal", "/networks/{network}/withdrawals/{withdrawal}", "Read a withdrawal of yours", .member,
                returns: Withdrawals.resource
            ) { try await $0.actor.get(Withdrawals.resource, $0.id("withdrawal"), where: "person_id = kith.current_person()") },
            .end(
                "end_withdrawal", "/networks/{network}/withdrawals/{withdrawal}", "Come back to what you withdrew from", .member,
                records: "withdrawal.ended"
            ) { try await Withdrawals.end(by: $0.actor, $0.id("withdrawal")) },
            .value(
                "get_withdrawal_steps", "/networks/{network}/withdrawal-steps", "Read what ends when somebody withdraws", .member,
                returns: .object(
                    name: "WithdrawalSteps", members: [("items", .list(.inline(["type": "string"])), "What ends, in plain English.")],
                    required: ["items"])
            ) { call in
                try await call.actor.enter()
                return ["items": .array(steps.map { .string($0.summary) })]
            },
        ]
    }

    static let administrators: [Endpoint] = [
        .list(
            "list_networks_without_administrator", "/networks-without-administrator", "List the networks that nobody administers",
            .operator,
            of: Networks.resource
        ) { try await Administrators.missing(by: $0.actor, $0.page) },
        .act(
            "appoint_administrator", "/administrators", "Invite an administrator to a network that has none", .operator,
            records: "administrator.appointed", returns: Administrators.appointed, answersSecret: true
        ) { try await Administrators.appoint(by: $0.actor, $0.input) },
    ]
}
