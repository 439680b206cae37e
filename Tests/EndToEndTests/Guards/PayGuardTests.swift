import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

/// What the ledgers take from whoever writes to them as the server does, one rule at a time.
@Suite struct PayGuardTests {
    /// Writes an entry by hand.
    /// - Returns: which rule refused it; nil where it was taken
    private func enter(
        _ act: String, _ claim: String, at pence: Int = 2750, words: String? = "Because.", as person: TestPerson, _ scene: PayScene
    ) async -> String? {
        await enter(act, pence, words, "claim", claim, person, scene)
    }

    private func enter(
        _ act: String, _ pence: Int, _ words: String?, _ ledger: String, _ id: String, _ person: TestPerson, _ scene: PayScene
    ) async -> String? {
        do {
            _ = try await scene.network.asServer(
                person,
                """
                insert into expert_panels.pay_\(raw: ledger)_entries (network_id, entry_id, \(raw: ledger)_id, act, pence, words, entered_by)
                values (kith.current_network(), kith.new_id(), \(id)::text::uuid, \(act), \(pence), \(words), kith.current_person())
                """)
            return nil
        } catch { return error.constraint ?? error.sqlState?.rawValue ?? "\(error)" }
    }

    /// A claim without an entry, which only a fault could leave.
    private func bare(_ scene: PayScene, of person: TestPerson) async throws -> String {
        try await scene.network.asServer(
            person,
            """
            insert into expert_panels.pay_claims (network_id, claim_id, panel_id, person_id, kind, miles, on_day, policy_id)
            select network_id, kith.new_id(), \(scene.call.panel)::text::uuid, kith.current_person(), 'mileage', 5, current_date, policy_id
            from expert_panels.pay_policies returning claim_id::text
            """)[0].decode(String.self)[0]
    }

    @Test func `A claim goes its way step by step, at the sum that was approved`() async throws {
        try await PayScene.with { scene in
            let (lead, officer, administrator, member) = (scene.lead, scene.officer, scene.network.administrator, scene.member)
            let order = "pay_claims_order"
            #expect(await enter("approved", try await bare(scene, of: member), as: lead, scene) == order)
            let claim = try await scene.claimFee()
            for act in ["claimed", "approved", "paid", "settled"] {
                #expect(await enter(act, claim, as: officer, scene) == order, "\(act)")
            }
            #expect(await enter("approved_once", claim, at: 2751, as: lead, scene) == order)
            #expect(await enter("corrected", claim, as: lead, scene) == nil)
            for act in ["claimed", "approved", "paid", "settled"] {
                #expect(await enter(act, claim, as: officer, scene) == order, "\(act)")
            }
            #expect(await enter("approved_once", claim, as: lead, scene) == nil)
            for act in ["claimed", "approved_once", "paid", "settled"] {
                #expect(await enter(act, claim, as: officer, scene) == order, "\(act)")
            }
            #expect(await enter("approved", claim, at: 2751, as: officer, scene) == order)
            #expect(await enter("approved", claim, as: officer, scene) == nil)
            #expect(await enter("withdrawn", claim, as: member, scene) == order)
            for act in ["claimed", "approved_once", "approved", "rejected", "settled"] {
                #expect(await enter(act, claim, as: officer, scene) == order, "\(act)")
            }
            #expect(await enter("paid", claim, at: 2751, as: officer, scene) == order)
            #expect(await enter("paid", claim, as: officer, scene) == nil)
            #expect(await enter("settled", claim, as: member, scene) == order)
            for act in ["claimed", "corrected", "approved_once", "approved", "rejected", "paid"] {
                #expect(await enter(act, claim, as: administrator, scene) != nil, "\(act)")
            }
            #expect(await enter("paid", claim, as: officer, scene) == order)
            // What is over stays over.
            for last in ["rejected", "withdrawn"] {
                let over = try await scene.claimFee()
                #expect(await enter(last, over, as: officer, scene) == nil)
                for act in ["claimed", "approved_once", "paid", "settled"] {
                    #expect(await enter(act, over, as: officer, scene) == order, "\(last), \(act)")
                }
            }
        }
    }

    @Test func `Two people approve, neither the claimant nor who wrote it down, whatever they enter`() async throws {
        try await PayScene.with { scene in
            let (lead, officer, administrator) = (scene.lead, scene.officer, scene.network.administrator)
            let two = "pay_claims_two_people"
            let own = try await scene.claimFee(by: lead)
            for act in ["corrected", "approved_once", "rejected"] { #expect(await enter(act, own, as: lead, scene) == two, "\(act)") }
            #expect(await enter("approved_once", own, as: officer, scene) == nil)
            #expect(await enter("approved", own, as: lead, scene) == two)
            #expect(await enter("approved", own, as: officer, scene) == two)
            // Written down for them, it is theirs all the same.
            let drive: JSON = ["kind": "mileage", "miles": 5, "on_day": .string(scene.day), "person_id": .string(lead.id)]
            let hers = try await scene.claim(drive, as: officer).expecting(201).id
            #expect(await enter("approved_once", hers, at: 225, as: lead, scene) == two)
            #expect(await enter("approved_once", hers, at: 225, as: administrator, scene) == nil)
            #expect(await enter("approved", hers, at: 225, as: lead, scene) == two)
            let paying = try await scene.claimFee(by: officer)
            #expect(await enter("approved_once", paying, as: lead, scene) == nil)
            #expect(await enter("approved", paying, as: administrator, scene) == nil)
            #expect(await enter("paid", paying, as: officer, scene) == two)
            // Written down by the officer for somebody.
            let mileage: JSON = ["kind": "mileage", "miles": 5, "on_day": .string(scene.day), "person_id": .string(scene.member.id)]
            let written = try await scene.claim(mileage, as: officer).expecting(201).id
            #expect(await enter("approved_once", written, at: 225, as: officer, scene) == two)
            #expect(await enter("approved_once", written, at: 225, as: lead, scene) == nil)
            #expect(await enter("approved", written, at: 225, as: officer, scene) == two)
        }
    }

    @Test func `Whoever corrects, rejects or accounts for an advance says why`() async throws {
        try await PayScene.with { scene in
            let claim = try await scene.claimFee()
            for act in ["corrected", "rejected"] {
                #expect(await enter(act, claim, words: nil, as: scene.lead, scene) == "pay_claims_reason", "\(act)")
            }
            let advance = try await scene.claim(
                ["kind": "travel", "amount": PayScene.pay(2750), "on_day": "2099-01-01", "in_advance": true]
            ).expecting(201).id
            try await scene.approve(advance)
            #expect(await enter("paid", advance, words: nil, as: scene.officer, scene) == nil)
            #expect(await enter("settled", advance, words: nil, as: scene.member, scene) == "pay_claims_reason")
            #expect(await enter("settled", advance, as: scene.member, scene) == nil)
            #expect(await enter("settled", advance, as: scene.member, scene) == "pay_claims_order")
        }
    }

    @Test func `An offer goes towards less, is never more than it was, and stands once its fee is claimed`() async throws {
        try await PayScene.with { scene in
            func answer(_ act: String, _ offer: String, at pence: Int = 2750) async -> String? {
                await enter(act, pence, nil, "offer", offer, scene.member, scene)
            }
            let order = "pay_offers_order"
            let bare = try await scene.network.asServer(
                scene.lead,
                """
                insert into expert_panels.pay_offers (network_id, offer_id, panel_id, person_id, title, role, on_day, minutes, policy_id, pence)
                select network_id, kith.new_id(), \(scene.call.panel)::text::uuid, \(scene.member.id)::text::uuid, 'Reading', 'member',
                       current_date, 60, policy_id, 2750
                from expert_panels.pay_policies returning offer_id::text
                """)[0].decode(String.self)[0]
            #expect(await answer("accepted", bare) == order)
            for last in ["accepted", "reduced", "donated", "declined"] {
                let offer = try await scene.offer()
                #expect(await answer("accepted", offer, at: 2751) == "pay_offers_most")
                #expect(await answer(last, offer) == nil)
                #expect(await answer("accepted", offer) == order, "\(last)")
            }
            // An expense for the same work, the fee of other work, and a fee that was rejected leave the answer free.
            let offer = try await scene.offer()
            #expect(await answer("accepted", offer) == nil)
            _ = try await scene.claim(["kind": "mileage", "miles": 5, "on_day": .string(scene.day), "offer_id": .string(offer)]).expecting(
                201)
            _ = try await scene.claimFee()
            #expect(await answer("reduced", offer, at: 2000) == nil)
            let claim = try await scene.claim(["kind": "fee", "offer_id": .string(offer)]).expecting(201).id
            #expect(await answer("reduced", offer, at: 1000) == order)
            #expect(try await scene.claim(["kind": "fee", "offer_id": .string(offer)]).status == 409)
            #expect(await enter("rejected", claim, at: 0, as: scene.lead, scene) == nil)
            #expect(await answer("reduced", offer, at: 1000) == nil)
        }
    }

    @Test func `A ceiling is reached and not broken, counts other work of the same person, and is their own`() async throws {
        try await PayScene.with { scene in
            let other = try await scene.network.person(.participant)
            let (day, late) = ("2030-03-12", "2030-03-13")
            _ = try await scene.network.send(
                .put, "/people/me/pay-ceiling", ["week": PayScene.pay(5500), "month": PayScene.pay(5500)], as: scene.member
            ).expecting(200)
            _ = try await scene.network.send(.put, "/people/me/pay-ceiling", ["week": PayScene.pay(1)], as: other).expecting(200)
            _ = try await scene.answer(
                try await scene.offer(120, on: day, to: other), ["answer": "accept", "despite_ceiling": true], as: other
            )
            .expecting(200)
            let first = try await scene.offer(on: day)
            func broken(_ offer: String, _ pence: Int) async throws -> [[String]] {
                try await scene.network.asServer(
                    scene.officer, "select expert_panels.broken_ceilings(\(offer)::text::uuid, \(pence)::bigint)"
                )[0].decode([String].self)
            }
            #expect(try await broken(first, 5500) == [[]])
            #expect(try await broken(first, 5501) == [["week", "month"]])
            // Each by their own, whichever of the two is found first.
            #expect(try await broken(scene.offer(on: late, to: other), 2) == [["week"]])
            _ = try await scene.answer(first).expecting(200)
            #expect(try await broken(first, 5500) == [[]])
            let second = try await scene.offer(on: late)
            #expect(try await broken(second, 2750) == [[]])
            #expect(try await broken(second, 2751) == [["week", "month"]])
            let next = try await scene.offer(on: "2030-03-20")
            #expect(try await broken(next, 2751) == [["month"]])
        }
    }

    @Test func `An offer and a claim wait for whoever withdraws at the same moment`() async throws {
        try await PayScene.with { scene in
            let offer = try await scene.network.whileHeld(scene.member) {
                try await scene.network.post(
                    scene.offers,
                    [
                        "person_id": .string(scene.member.id), "role": "member", "title": "Reading", "on_day": .string(scene.day),
                        "minutes": 60,
                    ], as: scene.lead)
            }
            _ = try await scene.answer(offer.expecting(201).id).expecting(200)
            let claim = try await scene.network.whileHeld(scene.member) {
                try await scene.claim(["kind": "fee", "offer_id": .string(offer.id)])
            }
            #expect(claim.status == 201)
        }
    }
}
