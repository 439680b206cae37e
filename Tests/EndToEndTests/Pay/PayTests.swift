import Kith
import KithTesting
import Postgres
import Testing

@Suite struct PayTests {
    @Test func `Pay is offered, accepted, claimed, approved by two people and paid, and the files come to the same`() async throws {
        try await PayScene.with { scene in
            let network = scene.network
            let offer = try await scene.offer()
            let offered = try await network.get("/people/me/pay-offers", as: scene.member).items[0]
            #expect(offered["pay"] == PayScene.pay(2750) && offered["state"] == "offered" && offered["payable"] == PayScene.pay(0))
            #expect(try await scene.claim(["kind": "fee", "offer_id": .string(offer)]).status == 409)
            #expect(try await scene.answer(offer).expecting(200).json["payable"] == PayScene.pay(2750))
            let claim = try await scene.claim(["kind": "fee", "offer_id": .string(offer)]).expecting(201).id
            let mileage = try await scene.claim(["kind": "mileage", "miles": 21, "on_day": .string(scene.day)]).expecting(201)
            #expect(mileage.json["amount"] == PayScene.pay(945))
            try await scene.approve(claim)
            try await scene.approve(mileage.id)
            let payment = try await scene.payAll().expecting(201)
            #expect(payment.json["total"] == PayScene.pay(3695) && payment.json["claims"] == 2)
            #expect(payment.json["fees"] == PayScene.pay(2750) && payment.json["expenses"] == PayScene.pay(945))
            let payroll = try await network.get("/pay-payments/\(payment.id)/payroll", as: scene.officer).expecting(200).text
            #expect(payroll.contains("\(scene.member.id),") && payroll.contains(",27.50,9.45,0.00,36.95\r\n"))
            #expect(payroll.hasSuffix("Run 1,\(scene.day),,Total,27.50,9.45,0.00,36.95\r\n"))
            let transfer = try await network.get("/pay-payments/\(payment.id)/transfer", as: scene.officer).expecting(200).text
            #expect(transfer.hasSuffix("Run 1,,Total,36.95,GBP\r\n"))
            let entries = try await network.get("\(scene.claims)/\(claim)/entries", as: scene.member).items
            #expect(entries.map { $0["act"] } == ["claimed", "approved_once", "approved", "paid"])
            #expect(try await network.get("/people/me/pay-claims?state=paid", as: scene.member).items.count == 2)
            #expect(try await scene.payAll("Run 2").status == 409)
            let figures = try await network.get("/pay-figures", as: scene.lead).expecting(200).json
            #expect(figures["paid_pence"] == 3695 && figures["open"] == 0 && figures["overdue"] == 0)
        }
    }

    @Test func `A fee may be reduced, donated or declined, until it is claimed`() async throws {
        try await PayScene.with { scene in
            let offer = try await scene.offer(120)
            #expect(try await scene.answer(offer, ["answer": "reduce", "pay": PayScene.pay(5500)]).status == 422)
            #expect(try await scene.answer(offer, ["answer": "reduce"]).status == 422)
            let reduced = try await scene.answer(offer, ["answer": "reduce", "pay": PayScene.pay(2000)]).expecting(200).json
            #expect(reduced["payable"] == PayScene.pay(2000) && reduced["pay"] == PayScene.pay(5500))
            let claim = try await scene.claim(["kind": "fee", "offer_id": .string(offer)]).expecting(201)
            #expect(claim.json["amount"] == PayScene.pay(2000))
            #expect(try await scene.answer(offer, ["answer": "decline"]).status == 409)
            for choice in ["donate", "decline"] {
                let other = try await scene.offer()
                #expect(try await scene.answer(other, ["answer": .string(choice)]).expecting(200).json["payable"] == PayScene.pay(0))
                #expect(try await scene.claim(["kind": "fee", "offer_id": .string(other)]).status == 409)
            }
            #expect(try await scene.network.get("/pay-figures", as: scene.lead).json["donated_pence"] == 2750)
        }
    }

    @Test func `Nobody answers for somebody else, but those who pay`() async throws {
        try await PayScene.with { scene in
            let offer = try await scene.offer()
            #expect(try await scene.answer(offer, as: scene.lead).status == 403)
            #expect(try await scene.answer(offer, as: try await scene.network.person(.participant)).status == 404)
            _ = try await scene.answer(offer, as: scene.officer).expecting(200)
        }
    }

    @Test func `The claim of a person is seen by them and by those who decide, and by nobody else`() async throws {
        try await PayScene.with { scene in
            let claim = try await scene.claimFee()
            for person in [try await scene.network.person(.participant), try await scene.network.person(.facilitator)] {
                #expect(try await scene.network.get("\(scene.claims)/\(claim)", as: person).status == 404)
                #expect(try await scene.network.get(scene.claims, as: person).items.isEmpty)
            }
            for person in [scene.member, scene.lead, scene.officer] {
                #expect(try await scene.network.get(scene.claims, as: person).items.map { $0["id"] } == [.string(claim)])
            }
        }
    }

    @Test func `Two people approve a claim, neither of them the claimant or whoever wrote it down`() async throws {
        try await PayScene.with { scene in
            let claim = try await scene.claimFee()
            _ = try await scene.step(claim, "approve", as: scene.lead).expecting(200)
            #expect(try await scene.step(claim, "approve", as: scene.lead).status == 409)
            #expect(try await scene.step(claim, "approve", as: scene.officer).expecting(200).json["state"] == "approved")
            let own = try await scene.claimFee(by: scene.lead)
            #expect(try await scene.step(own, "approve", as: scene.lead).status == 409)
            #expect(try await scene.step(own, "correct", ["amount": PayScene.pay(9900), "reason": "More"], as: scene.lead).status == 409)
            // Also where somebody else wrote the claim down.
            let mileage: [String: JSON] = ["kind": "mileage", "miles": 5, "on_day": .string(scene.day)]
            let hers = try await scene.claim(.object(mileage.merging(["person_id": .string(scene.lead.id)]) { $1 }), as: scene.officer)
                .expecting(201).id
            for (step, body) in [
                ("approve", [:]), ("correct", ["amount": PayScene.pay(1), "reason": "Less"]), ("reject", ["reason": "No"]),
            ]
                as [(String, JSON)]
            {
                #expect(try await scene.step(hers, step, body, as: scene.lead).status == 409, "\(step)")
            }
            let written = try await scene.claim(
                ["kind": "mileage", "miles": 5, "on_day": .string(scene.day), "person_id": .string(scene.member.id)], as: scene.officer
            ).expecting(201).id
            #expect(try await scene.step(written, "approve", as: scene.officer).status == 409)
            #expect(
                try await scene.claim(
                    ["kind": "mileage", "miles": 5, "on_day": .string(scene.day), "person_id": .string(scene.member.id)], as: scene.lead
                ).status == 403)
        }
    }

    @Test func `The database itself refuses the approval of one's own claim, and a second one by the same person`() async throws {
        try await PayScene.with { scene in
            let own = try await scene.claimFee(by: scene.lead)
            func approve(_ claim: String, _ act: String) -> Query {
                """
                insert into expert_panels.pay_claim_entries (network_id, entry_id, claim_id, act, pence, entered_by)
                values (kith.current_network(), kith.new_id(), \(claim)::text::uuid, \(act), 2750, kith.current_person())
                """
            }
            let refused = await #expect(throws: PostgresError.self) {
                _ = try await scene.asServer(scene.lead, approve(own, "approved_once"))
            }
            #expect(refused?.constraint == "pay_claims_two_people")
            let claim = try await scene.claimFee()
            let twice = await #expect(throws: PostgresError.self) {
                _ = try await scene.asServer(scene.lead, approve(claim, "approved_once"), approve(claim, "approved"))
            }
            #expect(twice?.constraint == "pay_claims_two_people")
            try await scene.approve(claim)
            let unpaid = await #expect(throws: PostgresError.self) { _ = try await scene.asServer(scene.lead, approve(claim, "paid")) }
            #expect(unpaid?.sqlState?.rawValue == "42501")
        }
    }

    @Test func `A correction says why and is approved anew; a rejection says why, and the fee can be claimed again`() async throws {
        try await PayScene.with { scene in
            let claim = try await scene.claimFee()
            _ = try await scene.step(claim, "approve", as: scene.lead).expecting(200)
            #expect(try await scene.step(claim, "correct", ["amount": PayScene.pay(2000)], as: scene.officer).status == 422)
            let corrected = try await scene.step(
                claim, "correct", ["amount": PayScene.pay(2000), "reason": "The session was shorter."], as: scene.officer
            ).expecting(200).json
            #expect(
                corrected["state"] == "corrected" && corrected["amount"] == PayScene.pay(2000) && corrected["claimed"] == PayScene.pay(2750)
            )
            let seen = try await scene.network.get("\(scene.claims)/\(claim)", as: scene.member).json
            #expect(seen["reason"] == "The session was shorter.")
            let offer = seen["offer_id"] ?? .null
            #expect(try await scene.claim(["kind": "fee", "offer_id": offer]).status == 409)
            #expect(try await scene.step(claim, "approve", as: scene.lead).expecting(200).json["state"] == "approved_once")
            #expect(
                try await scene.step(claim, "reject", ["reason": "Paid by the trust."], as: scene.officer).expecting(200).json["state"]
                    == "rejected")
            #expect(try await scene.step(claim, "approve", as: scene.lead).status == 409)
            _ = try await scene.claim(["kind": "fee", "offer_id": offer]).expecting(201)
        }
    }

    @Test func `Expenses stand apart: receipts are asked for, travel is paid in advance and accounted for`() async throws {
        try await PayScene.with { scene in
            let day = JSON.string(scene.day)
            let without = try await scene.claim(["kind": "carer", "amount": PayScene.pay(4000), "on_day": day])
            #expect(without.status == 422 && without.pointers == ["/receipt"])
            let carer = try await scene.claim(["kind": "carer", "amount": PayScene.pay(4000), "on_day": day, "receipt": "Handed in"])
                .expecting(201).id
            let ahead: JSON = ["kind": "travel", "amount": PayScene.pay(3000), "on_day": "2099-01-01", "receipt": "None yet"]
            #expect(try await scene.claim(ahead).pointers == ["/on_day"])
            let advance = try await scene.claim(
                ["kind": "travel", "amount": PayScene.pay(3000), "on_day": "2099-01-01", "in_advance": true]
            ).expecting(201).id
            try await scene.approve(carer)
            try await scene.approve(advance)
            _ = try await scene.payAll().expecting(201)
            let spent: JSON = ["spent": PayScene.pay(2450), "receipt": "Ticket 12"]
            #expect(try await scene.step(carer, "settle", spent, as: scene.member).status == 409)
            #expect(try await scene.network.get("/pay-figures", as: scene.lead).json["unsettled_pence"] == 3000)
            let settled = try await scene.step(advance, "settle", spent, as: scene.member).expecting(200).json
            #expect(settled["state"] == "settled" && settled["unsettled"] == PayScene.pay(550))
        }
    }

    @Test func `A late claim is asked why and is not lost`() async throws {
        try await PayScene.with { scene in
            let late: [String: JSON] = ["kind": "mileage", "miles": 10, "on_day": "2021-05-01"]
            #expect(try await scene.claim(.object(late)).pointers == ["/reason_late"])
            _ = try await scene.claim(.object(late.merging(["reason_late": "I was in hospital."]) { $1 })).expecting(201)
        }
    }

    @Test func `A rate by the hour is rounded to the penny, half up, by the policy of the day`() async throws {
        try await PayScene.with { scene in
            func fee(_ role: String, _ minutes: Int, _ day: String) async throws -> [Int] {
                try await scene.asServer(
                    scene.member, "select pence from expert_panels.fee(\(role), \(minutes)::integer, \(day)::text::date)"
                )[0].decode(Int.self)
            }
            let rates = [(1, 1375, 23), (7, 1111, 130), (1, 30, 1), (1, 29, 0), (90, 1375, 2063), (600, 1375, 13_750)]
            let bands = rates.enumerated().map { index, rate -> JSON in
                ["role": .string("\(index)"), "up_to_minutes": 600, "basis": "hourly", "pay": PayScene.pay(Int64(rate.1))]
            }
            let later = PayScene.policy(from: "2021-01-01").object ?? [:]
            _ = try await scene.network.post("/pay-policies", .object(later.merging(["bands": .array(bands)]) { $1 })).expecting(201)
            for (index, rate) in rates.enumerated() {
                #expect(try await fee("\(index)", rate.0, "2021-01-01") == [rate.2], "\(rate)")
            }
            // Not before its day, not for longer work, and not for a role that has no band any more.
            for (role, minutes, day, pence) in [
                ("0", 60, "2020-12-31", []), ("0", 601, "2021-01-01", []), ("writer", 60, "2020-12-31", [1375]),
                ("writer", 60, "2021-01-01", []),
                ("member", 61, "2020-01-01", [5500]), ("member", 61, "2019-12-31", []),
            ] {
                #expect(try await fee(role, minutes, day) == pence, "\(role), \(minutes), \(day)")
            }
        }
    }

    @Test func `The example policy is one that can be sent`() async throws {
        try await PayScene.with { scene in
            let example = try await scene.network.get("/example-pay-policy", as: scene.member).expecting(200).json
            let policy = try await scene.network.post("/pay-policies", example, as: scene.officer).expecting(201).json
            #expect(policy["bands"]?.array?.count == 8 && policy["mileage"] == PayScene.pay(45))
            #expect(try await scene.network.post("/pay-policies", example, as: scene.officer).status == 409)
        }
    }
}
