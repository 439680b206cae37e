import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct PayCeilingTests {
    @Test func `An offer that would break a ceiling warns before it is accepted, says whom to ask, and leaves the choice`() async throws {
        try await PayScene.with { scene in
            _ = try await scene.network.send(.put, "/people/me/pay-ceiling", ["week": PayScene.pay(4000)], as: scene.member).expecting(200)
            _ = try await scene.answer(try await scene.offer()).expecting(200)
            let second = try await scene.offer()
            let offers = try await scene.network.get("/people/me/pay-offers", as: scene.member).items
            #expect(offers.map { $0["breaks_ceilings"] } == [[], ["week"]])
            let warned = try await scene.answer(second)
            #expect(warned.status == 409 && warned.pointers == ["/despite_ceiling"])
            #expect(warned.json["detail"]?.string?.contains("Citizens Advice") == true)
            #expect(try await scene.network.get("\(scene.offers)/\(second)", as: scene.member).json["state"] == "offered")
            // Less, or all the same.
            let less = try await scene.answer(second, ["answer": "reduce", "pay": PayScene.pay(1250)]).expecting(200).json
            #expect(less["breaks_ceilings"] == [])
            let third = try await scene.offer()
            #expect(try await scene.answer(third, ["answer": "reduce", "pay": PayScene.pay(1)]).status == 409)
            _ = try await scene.answer(third, ["answer": "accept", "despite_ceiling": true]).expecting(200)
        }
    }

    @Test func `The month of a ceiling begins on the day that the person states`() async throws {
        try await PayScene.with { scene in
            let ceiling: JSON = ["month": PayScene.pay(4000), "month_begins_on": 15]
            _ = try await scene.network.send(.put, "/people/me/pay-ceiling", ceiling, as: scene.member).expecting(200)
            _ = try await scene.answer(try await scene.offer(on: "2030-03-14")).expecting(200)
            _ = try await scene.answer(try await scene.offer(on: "2030-03-15")).expecting(200)
            let late = try await scene.offer(on: "2030-04-14")
            #expect(try await scene.answer(late).json["detail"]?.string?.contains("month") == true)
            _ = try await scene.answer(try await scene.offer(on: "2030-04-15")).expecting(200)
        }
    }

    @Test func `An assessment period begins on its day, or on the last of a shorter month`() async throws {
        try await PayScene.with { scene in
            for (day, begins, start) in [
                ("2026-03-15", 15, "2026-03-15"), ("2026-03-14", 15, "2026-02-15"), ("2026-02-28", 31, "2026-02-28"),
                ("2026-02-27", 31, "2026-01-31"), ("2026-03-30", 31, "2026-02-28"), ("2024-02-29", 30, "2024-02-29"),
                ("2026-01-01", 2, "2025-12-02"), ("2026-04-30", 31, "2026-04-30"),
            ] {
                let found = try await scene.asServer(
                    scene.member, "select expert_panels.period_start(\(day)::text::date, \(begins)::integer)::text")
                #expect(try found[0].decode(String.self) == [start], "\(day), \(begins)")
            }
        }
    }

    @Test func `A ceiling is seen by the person and by those who pay, in the database too`() async throws {
        try await PayScene.with { scene in
            _ = try await scene.network.send(.put, "/people/me/pay-ceiling", ["week": PayScene.pay(2000)], as: scene.member).expecting(200)
            #expect(
                try await scene.network.get("/people/me/pay-ceiling", as: scene.member).expecting(200).json["week"] == PayScene.pay(2000))
            #expect(try await scene.network.get("/pay-ceilings", as: scene.officer).items.count == 1)
            for person in [scene.network.administrator, scene.lead] {
                #expect(try await scene.network.get("/pay-ceilings", as: person).status == 403)
                let seen = try await scene.asServer(person, "select count(*) from expert_panels.pay_ceilings")
                #expect(try seen[0].decode(Int.self) == [0])
            }
            // Those who pay see it, and set it for nobody.
            let changed = try await scene.asServer(
                scene.officer, "update expert_panels.pay_ceilings set week_pence = 1 returning person_id",
                "select week_pence from expert_panels.pay_ceilings")
            #expect(changed[0].isEmpty)
            #expect(try changed[1].decode(Int.self) == [2000])
            #expect(try await scene.network.delete("/people/me/pay-ceiling", as: scene.member).status == 204)
            #expect(try await scene.network.get("/people/me/pay-ceiling", as: scene.member).status == 404)
        }
    }

    @Test func `Two offers that are accepted at the same moment do not break a ceiling together unseen`() async throws {
        try await PayScene.with { scene in
            _ = try await scene.network.send(.put, "/people/me/pay-ceiling", ["week": PayScene.pay(5000)], as: scene.member).expecting(200)
            for _ in 0..<5 {
                let offers = [try await scene.offer(), try await scene.offer()]
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for offer in offers { group.addTask { try await scene.answer(offer).status } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(statuses.sorted() == [200, 409])
                for offer in offers { _ = try await scene.answer(offer, ["answer": "decline"]) }
            }
        }
    }
}
