import Kith
import KithTesting
import Testing

@Suite struct PayAfterLeavingTests {
    private static let period: JSON = ["from": "2020-01-01", "until": "2099-12-31"]

    @Test func `Whoever has left sees what they claimed, what is owed to them, and gets their letter`() async throws {
        try await PayScene.with { scene in
            let network = scene.network
            let paid = try await scene.claimFee()
            try await scene.approve(paid)
            _ = try await scene.payAll().expecting(201)
            let approved = try await scene.claimFee(120)
            try await scene.approve(approved)
            let waiting = try await scene.claim(["kind": "mileage", "miles": 10, "on_day": .string(scene.day)]).expecting(201).id
            _ = try await scene.answer(try await scene.offer()).expecting(200)
            _ = try await scene.claimFee(by: try await network.person(.participant))
            _ = try await network.post("/leave", as: scene.member).expecting(204)

            let claims = try await network.get("/people/me/pay-claims", as: scene.member).expecting(200).items
            #expect(claims.map { $0["id"] } == [paid, approved, waiting].map { .string($0) })
            #expect(claims.map { $0["state"] } == ["paid", "approved", "claimed"])
            let balance = try await network.get("/people/me/pay-balance", as: scene.member).expecting(200).json
            let owed: JSON = [
                "not_claimed_pence": 2750, "waiting_pence": 450, "approved_pence": 5500, "to_add_pence": 0, "to_take_off_pence": 0,
                "to_settle_pence": 0, "paid_pence": 2750,
            ]
            #expect(balance == owed)
            _ = try await scene.payAll("Run 2").expecting(201)
            #expect(try await network.get("/people/me/pay-balance", as: scene.member).json["paid_pence"] == 8250)
            let letter = try await network.post("/people/me/pay-letter", Self.period, as: scene.member).expecting(200).text
            #expect(letter.contains("<th>82.50</th>"))
        }
    }

    @Test func `Nothing else of the panel is theirs to see any more, nor is it anybody else's`() async throws {
        try await PayScene.with { scene in
            let network = scene.network
            let claim = try await scene.claimFee()
            let elsewhere = try await network.server.makeNetwork(named: "Elsewhere")
            try await elsewhere.enable("expert_panels")
            _ = try await network.post("/leave", as: scene.member).expecting(204)
            let panel = scene.call.panelPath
            for path in [
                panel, "\(panel)/rules", "\(panel)/members", "\(panel)/recommendations", "\(panel)/register", scene.claims,
                "\(scene.claims)/\(claim)", "\(scene.claims)/\(claim)/entries", "/people/me/pay-offers", "/people/me/pay-ceiling",
                "/pay-policies", "/people", "/people/me",
            ] {
                #expect(try await network.get(path, as: scene.member).status == 404, "\(path)")
            }
            #expect(try await scene.step(claim, "withdraw", as: scene.member).status == 404)
            #expect(try await scene.claim(["kind": "mileage", "miles": 5, "on_day": .string(scene.day)]).status == 404)
            for path in ["/people/me/pay-claims", "/people/me/pay-balance"] {
                #expect(try await elsewhere.get(path, as: scene.member).status == 404, "\(path)")
                #expect(try await network.server.get(network.path(path), token: nil).status == 401, "\(path)")
            }
            #expect(try await elsewhere.post("/people/me/pay-letter", Self.period, as: scene.member).status == 404)
        }
    }

    @Test func `A module that is disabled shows nothing to those who have left either`() async throws {
        try await PayScene.with { scene in
            _ = try await scene.claimFee()
            _ = try await scene.network.post("/leave", as: scene.member).expecting(204)
            _ = try await scene.network.delete("/modules/expert_panels")
            for path in ["/people/me/pay-claims", "/people/me/pay-balance"] {
                #expect(try await scene.network.get(path, as: scene.member).status == 404, "\(path)")
            }
        }
    }

    @Test func `A role that somebody held counts no more once they have left`() async throws {
        try await PayScene.with { scene in
            _ = try await scene.claimFee()
            _ = try await scene.claimFee(by: scene.officer)
            _ = try await scene.network.post("/leave", as: scene.officer).expecting(204)
            #expect(try await scene.network.get("/people/me/pay-claims", as: scene.officer).expecting(200).items.count == 1)
            #expect(try await scene.network.get("/pay-claims", as: scene.officer).status == 404)
            let letter = "/people/\(scene.member.id)/pay-letter"
            #expect(try await scene.network.post(letter, Self.period, as: scene.officer).status == 404)
        }
    }
}
