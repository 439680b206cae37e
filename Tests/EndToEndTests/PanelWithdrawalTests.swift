import ExpertPanels
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct PanelWithdrawalTests {
    /// Makes a volunteer somebody who can sign in.
    private func identify(_ call: Call, _ index: Int) async throws -> (person: TestPerson, volunteer: String) {
        let volunteer = try await call.network.get("\(call.path)/volunteers").items[index]["id"]?.string ?? ""
        let person = try await call.network.person(.participant)
        let answer = try await call.network.server.put(
            call.network.path("\(call.path)/volunteers/\(volunteer)/person"), ["person_id": .string(person.id)],
            token: call.network.administrator.token
        ).expecting(200)
        #expect(answer.json["is_identified"] == true)
        #expect(!answer.text.contains(person.id))
        return (person, volunteer)
    }

    private func withdraw(_ person: TestPerson, _ call: Call) async throws {
        _ = try await call.network.post("/withdrawals", ["activity_id": .string(call.panel)], as: person).expecting(201)
    }

    private func seats(_ call: Call) async throws -> [JSON] {
        let draws = try await call.network.get("\(call.panelPath)/draws").items
        let draw = draws.first { $0["drawn_at"] != .null }?["id"]?.string ?? ""
        return try await call.network.get("\(call.panelPath)/draws/\(draw)/seats?limit=200").items
    }

    @Test func `Whoever withdraws before the freeze is in no pool, and after the draw has no seat`() async throws {
        try await Call.with(seats: 2) { call in
            _ = try await call.importVolunteers("id,age\nA,old\nB,old\nC,old\nD,old\n").expecting(200)
            _ = try await call.importTargets("feature,value,min,max\nage,old,0,2\n").expecting(200)
            let (early, _) = try await identify(call, 0)
            try await withdraw(early, call)
            let pool = try await call.freeze().expecting(201)
            #expect(pool.json["volunteers"] == 3)
            let (late, volunteer) = try await identify(call, 1)
            _ = try await call.draw(pool.id)
            try await withdraw(late, call)
            let seats = try await seats(call)
            #expect(seats.count == 3)
            #expect(seats.filter { $0["ended_at"] != .null }.map { $0["volunteer_id"] } == [.string(volunteer)])
            // Nobody who has withdrawn is brought back.
            let other = try await call.network.get("\(call.path)/volunteers").items[2]["id"]?.string ?? ""
            let back = try await call.network.server.put(
                call.network.path("\(call.path)/volunteers/\(other)/person"), ["person_id": .string(late.id)],
                token: call.network.administrator.token)
            #expect(back.status == 409)
        }
    }

    @Test func `Whoever withdraws during a draw is not in it: it is made again, and a public note says so`() async throws {
        try await Call.with(worker: false) { call in
            try await call.fill()
            let pool = try await call.freeze().expecting(201).id
            let (person, volunteer) = try await identify(call, 0)
            _ = try await call.network.post("\(call.panelPath)/draws", ["pool_id": .string(pool)]).expecting(202)
            // The withdrawal stands before the draw writes its seats.
            try await withdraw(person, call)
            try await call.network.server.withWorker(of: ExpertPanels.jobs) {
                _ = try await eventually("the draw") {
                    try await call.network.get("/jobs").items.first { $0["finished_at"] != .null }
                }
            }
            let draws = try await call.network.get("\(call.panelPath)/draws").items
            #expect(draws.count == 2)
            #expect(draws[0]["drawn_at"] == .null && draws[0]["voided_at"] != .null)
            #expect(draws[0]["note"]?.string?.contains("made again") == true)
            #expect(draws[0]["note"]?.string?.contains(volunteer) == false)
            #expect(draws[1]["replaces_id"] == draws[0]["id"])
            #expect(draws[1]["drawn_at"] != .null && draws[1]["note"] == .null)
            let pools = try await call.network.get("\(call.panelPath)/pools").items
            #expect(pools.map { $0["volunteers"] } == [200, 199])
            let again = try await call.network.post("\(call.panelPath)/draws", ["pool_id": .string(pool)])
            #expect(again.status == 409)
            #expect(try await seats(call).allSatisfy { $0["ended_at"] == .null && $0["volunteer_id"]?.string != volunteer })
            let held = try await call.network.server.superuser.query(
                """
                select count(*), count(*) filter (where volunteer_id = \(volunteer)::text::uuid) from expert_panels.seats
                """
            ).decode((Int, Int).self)
            #expect(held[0].0 > 20)
            #expect(held[0].1 == 0)
        }
    }

    @Test func `A withdrawal while seats are being written waits for them and ends them`() async throws {
        try await Call.with { call in
            try await call.fill()
            let people = try await [identify(call, 0), identify(call, 1), identify(call, 2), identify(call, 3)]
            let pool = try await call.freeze().expecting(201).id
            async let drawn = call.draw(pool)
            async let withdrawn: Void = withThrowingTaskGroup(of: Void.self) { group in
                for (person, _) in people { group.addTask { try await withdraw(person, call) } }
                try await group.waitForAll()
            }
            _ = try await (drawn, withdrawn)
            let standing = try await Set(seats(call).filter { $0["ended_at"] == .null }.compactMap { $0["volunteer_id"]?.string })
            #expect(standing.isDisjoint(with: people.map(\.volunteer)))
        }
    }
}
