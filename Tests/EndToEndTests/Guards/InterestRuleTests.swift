import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

/// What an open call refuses, one rule at a time.
@Suite struct InterestRuleTests {
    private static func told(_ more: [String: JSON] = ["channel": "paper"]) -> JSON {
        let parts = [OpenCallScene.draft(), OpenCallScene.declaration].compactMap(\.object) + [more]
        return .object(parts.reduce(into: [:]) { all, part in all.merge(part) { $1 } })
    }

    @Test func `Nothing is written down for a call that is closed, not published, or of another panel`() async throws {
        try await OpenCallScene.with { scene in
            let network = scene.network
            let unpublished = try await network.post(
                "\(scene.call.panelPath)/opportunities", ["title": "Later", "description": "Not yet", "seats": 1]
            ).expecting(201).id
            let profile: JSON = ["time_needed": "T", "pay": "P", "support": "S", "who_for": "W", "eligibility": ["One?", "Two?"]]
            _ = try await network.send(.put, "\(scene.call.panelPath)/opportunities/\(unpublished)/profile", profile).expecting(200)
            #expect(
                try await network.post("\(scene.call.panelPath)/opportunities/\(unpublished)/interests", Self.told()).status == 404)
            let other = try await network.programme("Another")
            let panel = try await network.post("/panels", ["programme_id": .string(other), "name": "Another", "purpose": "To advise"])
                .expecting(201).id
            let facilitator = try await network.person(.facilitator, in: other)
            let moved = try await network.post("/panels/\(panel)/opportunities/\(scene.call.id)/interests", Self.told(), as: facilitator)
            #expect(moved.status == 404)
            try await scene.close()
            #expect(try await network.post("\(scene.call.path)/interests", Self.told()).status == 409)
            #expect(try await network.get("\(scene.call.path)/interests").items.isEmpty)
        }
    }

    @Test func `A draft that was withdrawn is neither changed nor sent in`() async throws {
        try await OpenCallScene.with { scene in
            let secret = try await scene.begin()
            _ = try await scene.server.post("\(scene.own)/withdraw", token: secret).expecting(204)
            #expect(try await scene.server.send(.put, scene.own, OpenCallScene.draft(), token: secret).status == 409)
            #expect(try await scene.send(secret).status == 409)
            let answers: JSON = ["consent_wording": 1, "age": "25_34"]
            #expect(try await scene.server.send(.put, "\(scene.own)/monitoring", answers, token: secret).status == 409)
            #expect(try await scene.server.superuser.query("select from expert_panels.interest_monitoring").isEmpty)
            // Nobody agrees to a wording that they have not read.
            let other = try await scene.begin()
            let unread: JSON = ["consent_wording": 2, "age": "25_34"]
            #expect(try await scene.server.send(.put, "\(scene.own)/monitoring", unread, token: other).status == 409)
        }
    }

    @Test func `The questions of a call stay once somebody has answered them`() async throws {
        try await OpenCallScene.with { scene in
            func write(_ questions: JSON, pay: JSON = "£20 an hour.") async throws -> Int {
                try await scene.network.send(
                    .put, "\(scene.call.path)/profile",
                    ["time_needed": "T", "pay": pay, "support": "S", "who_for": "W", "eligibility": questions]
                ).status
            }
            #expect(try await write(["Are you 18 or older?"]) == 200)
            _ = try await scene.interest(OpenCallScene.draft(), ["consent_wording": 1, "eligibility": [true], "conflicts": []])
            #expect(try await write(["Are you 21 or older?"]) == 409)
            #expect(try await write(["Are you 18 or older?"], pay: "£25 an hour.") == 200)
        }
    }

    @Test func `Withdrawing an expression of interest ends the seat that was drawn for it`() async throws {
        try await OpenCallScene.with(seats: 1) { scene in
            var secrets: [String] = []
            for name in ["Ada", "Bo"] { secrets.append(try await scene.interest(OpenCallScene.draft(name)).secret) }
            _ = try await scene.call.importTargets("feature,value,min,max\nexperience,wards,0,1\n").expecting(200)
            _ = try await scene.call.draw(try await scene.call.freeze().expecting(201).id)
            for secret in secrets { _ = try await scene.server.post("\(scene.own)/withdraw", token: secret).expecting(204) }
            let held = try await scene.server.superuser.query("select count(*), count(ended_at) from expert_panels.seats").decode(
                (Int, Int).self)
            #expect(held[0].0 > 0 && held[0].0 == held[0].1)
        }
    }
}
