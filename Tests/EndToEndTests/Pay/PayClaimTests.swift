import Kith
import KithTesting
import Postgres
import Testing

/// Whose work, panel and meeting a claim, an offer and a payment are about.
@Suite struct PayClaimTests {
    @Test func `Nobody claims for the work of somebody else, also who sees the offer`() async throws {
        try await PayScene.with { scene in
            let offer = try await scene.offer()
            _ = try await scene.answer(offer).expecting(200)
            let fee: JSON = ["kind": "fee", "offer_id": .string(offer)]
            let mileage: JSON = ["kind": "mileage", "miles": 5, "on_day": .string(scene.day), "offer_id": .string(offer)]
            for person in [scene.lead, scene.officer, scene.network.administrator] {
                #expect(try await scene.claim(fee, as: person).status == 404)
                #expect(try await scene.claim(mileage, as: person).status == 404)
            }
            #expect(try await scene.network.get(scene.claims, as: scene.lead).items.isEmpty)
            _ = try await scene.claim(fee).expecting(201)
            _ = try await scene.claim(mileage).expecting(201)
        }
    }

    @Test func `Whoever pays pays others, and is paid by somebody else`() async throws {
        try await PayScene.with { scene in
            let own = try await scene.claimFee(120, by: scene.officer)
            _ = try await scene.step(own, "approve", as: scene.lead).expecting(200)
            _ = try await scene.step(own, "approve", as: scene.network.administrator).expecting(200)
            try await scene.approve(try await scene.claimFee())
            #expect(try await scene.payAll().expecting(201).json["total"] == PayScene.pay(2750))
            #expect(try await scene.payAll("Run 2").status == 409)
            let other = try await scene.network.person(.paymentsOfficer)
            let second = try await scene.network.post(
                "/pay-payments", ["reference": "Run 3", "paid_on": .string(scene.day)], as: other)
            #expect(try second.expecting(201).json["total"] == PayScene.pay(5500))
        }
    }

    @Test func `A fee that comes late is asked why, a fee has an offer, and only travel is paid in advance`() async throws {
        try await PayScene.with { scene in
            let offer = try await scene.offer(on: "2021-05-01")
            _ = try await scene.answer(offer).expecting(200)
            let late: [String: JSON] = ["kind": "fee", "offer_id": .string(offer)]
            #expect(try await scene.claim(.object(late)).pointers == ["/reason_late"])
            _ = try await scene.claim(.object(late.merging(["reason_late": "I was in hospital."]) { $1 })).expecting(201)
            #expect(try await scene.claim(["kind": "fee"]).pointers == ["/offer_id"])
            let carer: JSON = ["kind": "carer", "amount": PayScene.pay(4000), "on_day": "2099-01-01", "in_advance": true]
            #expect(try await scene.claim(carer).pointers == ["/in_advance"])
        }
    }

    @Test func `Claims and offers are found under their own panel, and meetings of another are not offered`() async throws {
        try await PayScene.with { scene in
            let another = try await scene.network.post(
                "/panels", ["programme_id": .string(scene.network.programme("Another")), "name": "Another", "purpose": "To advise"]
            ).expecting(201).id
            let (offer, claim) = (try await scene.offer(), try await scene.claimFee())
            #expect(
                try await scene.network.post("/panels/\(another)/pay-offers/\(offer)/answer", ["answer": "accept"], as: scene.member).status
                    == 404)
            #expect(try await scene.network.post("/panels/\(another)/pay-claims/\(claim)/approve", as: scene.lead).status == 404)
            let times: JSON = ["title": "M", "starts_at": "2099-01-01T09:00:00Z", "ends_at": "2099-01-01T10:00:00Z", "place": "Hall"]
            func offers(_ meeting: String) async throws -> Int {
                try await scene.network.post(
                    scene.offers, ["person_id": .string(scene.member.id), "role": "member", "meeting_id": .string(meeting)], as: scene.lead
                ).status
            }
            let elsewhere = try await scene.network.post("/activities/\(another)/meetings", times).expecting(201).id
            #expect(try await offers(elsewhere) == 404)
            let here = try await scene.network.post("/activities/\(scene.call.panel)/meetings", times).expecting(201).id
            #expect(try await offers(here) == 201)
            _ = try await scene.network.post("/activities/\(scene.call.panel)/meetings/\(here)/cancel").expecting(200)
            #expect(try await offers(here) == 404)
        }
    }
}
