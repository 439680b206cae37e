import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

/// Whom the database counts as having lived experience, one condition at a time.
@Suite struct PowerGuardTests {
    private func person(_ network: TestNetwork, declares: Bool = true, everywhere: Bool = true, agrees: Bool = true) async throws
        -> TestPerson
    {
        let person = try await network.person(.participant)
        func consent(_ given: Bool) async throws {
            _ = try await network.post(
                "/people/me/consents", ["purpose": "expert_panels.lived_experience", "wording": 1, "given": .bool(given)], as: person
            ).expecting(200)
        }
        try await consent(true)
        _ = try await network.send(
            .put, "/lived-experience", ["has_lived_experience": .bool(declares), "in_every_group": .bool(everywhere)], as: person
        ).expecting(200)
        if !agrees { try await consent(false) }
        return person
    }

    @Test func `What somebody speaks counts as theirs who say so, everywhere, and still agree, in this panel and network`() async throws {
        try await Call.with(worker: false) { call in
            let network = call.network
            let people = [
                try await person(network), try await person(network, declares: false), try await person(network, everywhere: false),
                try await person(network, agrees: false),
            ]
            let second = try await network.post(
                "/panels", ["programme_id": .string(network.programme("Another")), "name": "Another", "purpose": "To advise"]
            ).expecting(201).id
            for (panel, shift) in [(call.panel, 0), (second, 4)] {
                for (index, person) in people.enumerated() {
                    _ = try await network.send(
                        .put, "/panels/\(panel)/voices",
                        [
                            "person_id": .string(person.id), "held_on": "2026-03-01", "agenda_items": .integer(1 << Int64(index + shift)),
                            "minutes_spoken": .integer(1 << Int64(index + shift)),
                        ]
                    ).expecting(200)
                }
            }
            func count(_ wording: Int = 1, in network: TestNetwork) async throws -> [Int] {
                let found = try await network.asServer(
                    network.administrator,
                    """
                    select agenda_items, own_items, minutes, own_minutes
                    from expert_panels.count_voices(\(call.panel)::text::uuid, \(wording)::integer)
                    """
                )[0].decode((Int, Int, Int, Int).self)[0]
                return [found.0, found.1, found.2, found.3]
            }
            #expect(try await count(in: network) == [15, 1, 15, 1])
            #expect(try await count(2, in: network) == [15, 0, 15, 0])
            let other = try await network.server.makeNetwork(named: "Elsewhere")
            #expect(try await count(in: other) == [0, 0, 0, 0])
        }
    }

    @Test func `Of some people those are counted who are asked about, and nobody else`() async throws {
        try await Call.with(worker: false) { call in
            let people = [
                try await person(call.network), try await person(call.network), try await person(call.network, declares: false),
                try await person(call.network, agrees: false),
            ].map(\.id)
            func count(_ people: [String]) async throws -> [Int] {
                try await call.network.asServer(
                    call.network.administrator,
                    "select counted from expert_panels.count_lived_experience(\(people)::text[]::uuid[], false, 1)"
                )[0].decode(Int.self)
            }
            #expect(try await count([people[0], people[2], people[3]]) == [1])
            #expect(try await count(people) == [2])
        }
    }

    @Test func `Whoever leaves is counted no more, and nobody else with them`() async throws {
        try await Call.with(worker: false) { call in
            let (leaving, staying) = (try await person(call.network), try await person(call.network))
            let other = try await call.network.server.makeNetwork(named: "Elsewhere")
            _ = try await other.asServer(
                other.administrator, "select expert_panels.forget_lived_experience(\(staying.id)::text::uuid)")
            _ = try await call.network.post("/leave", as: leaving).expecting(204)
            let left = try await call.network.server.superuser.query("select person_id::text from expert_panels.lived_experience").decode(
                String.self)
            #expect(left == [staying.id])
        }
    }
}
