import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct PayLeavingTests {
    /// A meeting of the panel, hours from now, to which the member is asked, and for which pay is offered and accepted.
    private func meeting(_ scene: PayScene, from hours: Int) async throws -> (path: String, offer: String) {
        let times = try await scene.network.server.superuser.query(
            """
            select to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), to_char((t + interval '1 hour') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            from (select now() + make_interval(hours => \(hours)::integer) as t) at
            """
        ).decode((String, String).self)[0]
        let meetings = "/activities/\(scene.call.panel)/meetings"
        let meeting = try await scene.network.post(
            meetings, ["title": "Meeting", "starts_at": .string(times.0), "ends_at": .string(times.1), "place": "Hall"]
        ).expecting(201).id
        _ = try await scene.network.post("\(meetings)/\(meeting)/people", ["person_id": .string(scene.member.id)]).expecting(201)
        let offer = try await scene.network.post(
            scene.offers, ["person_id": .string(scene.member.id), "role": "member", "meeting_id": .string(meeting)], as: scene.lead
        ).expecting(201)
        #expect(offer.json["minutes"] == 60 && offer.json["title"] == "Meeting" && offer.json["pay"] == PayScene.pay(2750))
        _ = try await scene.answer(offer.id).expecting(200)
        return ("\(meetings)/\(meeting)", offer.id)
    }

    private func record(_ attended: String, _ meeting: String, _ scene: PayScene) async throws {
        _ = try await scene.network.post("\(meeting)/people/\(scene.member.id)/attendance", ["attended": .string(attended)]).expecting(200)
    }

    @Test func `A claim for a session that was not attended is asked why, and is paid as the policy says`() async throws {
        try await PayScene.with { scene in
            let (meeting, offer) = try await meeting(scene, from: -5)
            try await record("absent", meeting, scene)
            let claim: [String: JSON] = ["kind": "fee", "offer_id": .string(offer)]
            let asked = try await scene.claim(.object(claim))
            #expect(asked.status == 422 && asked.pointers == ["/reason_not_attended"])
            let paid = try await scene.claim(.object(claim.merging(["reason_not_attended": "The lift was broken."]) { $1 })).expecting(201)
            #expect(paid.json["amount"] == PayScene.pay(1375))
        }
    }

    @Test func `Whoever attended claims the whole fee, and not before the session`() async throws {
        try await PayScene.with { scene in
            let (past, offer) = try await meeting(scene, from: -5)
            try await record("remote", past, scene)
            #expect(try await scene.claim(["kind": "fee", "offer_id": .string(offer)]).expecting(201).json["amount"] == PayScene.pay(2750))
            let (_, ahead) = try await meeting(scene, from: 5)
            #expect(try await scene.claim(["kind": "fee", "offer_id": .string(ahead)]).status == 409)
        }
    }

    @Test func `What is called off at short notice is paid in part, without a reason, and what is called off early is not`() async throws {
        try await PayScene.with { scene in
            let (soon, offer) = try await meeting(scene, from: 20)
            _ = try await scene.network.post("\(soon)/cancel").expecting(200)
            #expect(try await scene.claim(["kind": "fee", "offer_id": .string(offer)]).expecting(201).json["amount"] == PayScene.pay(1375))
            let (later, other) = try await meeting(scene, from: 72)
            _ = try await scene.network.post("\(later)/cancel").expecting(200)
            #expect(try await scene.claim(["kind": "fee", "offer_id": .string(other)]).status == 409)
        }
    }

    @Test func `Leaving ends offers that were not accepted, and never pay that was earned`() async throws {
        try await PayScene.with { scene in
            let claim = try await scene.claimFee()
            let earned = try await scene.offer()
            _ = try await scene.answer(earned).expecting(200)
            let open = try await scene.offer()
            _ = try await scene.network.post("/withdrawals", ["activity_id": .string(scene.call.panel)], as: scene.member).expecting(201)
            #expect(try await scene.answer(open).status == 409)
            let states = try await scene.network.get(scene.offers, as: scene.lead).items.map { $0["state"] }
            #expect(states == ["accepted", "accepted", "ended"])
            let again = try await scene.network.post(
                scene.offers,
                ["person_id": .string(scene.member.id), "role": "member", "title": "More", "on_day": "2030-01-01", "minutes": 30],
                as: scene.lead)
            #expect(again.status == 409)
            // Out of the network altogether: somebody who pays writes down what was earned, and it is paid.
            _ = try await scene.network.post("/leave", as: scene.member).expecting(204)
            let last = try await scene.claim(
                ["kind": "fee", "offer_id": .string(earned), "person_id": .string(scene.member.id)], as: scene.officer
            ).expecting(201).id
            try await scene.approve(claim)
            _ = try await scene.step(last, "approve", as: scene.lead).expecting(200)
            _ = try await scene.step(last, "approve", as: scene.network.administrator).expecting(200)
            #expect(try await scene.payAll().expecting(201).json["total"] == PayScene.pay(5500))
            let letter = try await scene.network.post(
                "/people/\(scene.member.id)/pay-letter", ["from": "2020-01-01", "until": "2099-12-31"], as: scene.officer
            ).expecting(200).text
            #expect(letter.contains("<th>55.00</th>"))
        }
    }

    @Test func `A letter states what was paid and what was not taken`() async throws {
        try await PayScene.with { scene in
            let claim = try await scene.claimFee()
            let taxi = try await scene.claim(
                ["kind": "travel", "amount": PayScene.pay(1234), "on_day": .string(scene.day), "receipt": "Handed in"]
            ).expecting(201).id
            try await scene.approve(claim)
            try await scene.approve(taxi)
            _ = try await scene.answer(try await scene.offer(), ["answer": "donate"]).expecting(200)
            _ = try await scene.payAll().expecting(201)
            let period: JSON = ["from": "2020-01-01", "until": "2099-12-31"]
            let letter = try await scene.network.post("/people/me/pay-letter", period, as: scene.member).expecting(200).text
            #expect(letter.contains("<th>27.50</th>") && letter.contains("<th>12.34</th>") && letter.contains("donated the fee"))
            #expect(try await scene.network.post("/people/\(scene.member.id)/pay-letter", period, as: scene.lead).status == 403)
            let before = try await scene.network.post(
                "/people/me/pay-letter", ["from": "2020-01-01", "until": "2020-02-01"], as: scene.member
            ).text
            #expect(before.contains("<th>0.00</th>") && !before.contains("27.50"))
        }
    }

    @Test func `Whose data is restricted is named in no file and not paid meanwhile, and the files still come to the payment`() async throws
    {
        try await PayScene.with { scene in
            let other = try await scene.network.person(.participant)
            let claims = [try await scene.claimFee(), try await scene.claimFee(by: other), try await scene.claimFee()]
            try await scene.approve(claims[0])
            try await scene.approve(claims[1])
            let payment = try await scene.payAll().expecting(201).id
            try await scene.approve(claims[2])
            _ = try await scene.network.send(.put, "/people/me/restriction", [:], as: scene.member).expecting(200)
            let payroll = try await scene.network.get("/pay-payments/\(payment)/payroll", as: scene.officer).expecting(200).text
            #expect(!payroll.contains(scene.member.id) && payroll.contains(other.id) && payroll.contains("Restricted"))
            #expect(payroll.hasSuffix(",,Total,27.50,0.00,0.00,55.00\r\n"))
            #expect(try await scene.payAll("Run 2").status == 409)
            #expect(try await scene.network.delete("/people/me/restriction", as: scene.member).status == 204)
            #expect(try await scene.payAll("Run 2").expecting(201).json["total"] == PayScene.pay(2750))
        }
    }
}
