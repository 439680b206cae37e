import Kith
import KithTesting
import Postgres
import Testing

@Suite struct PayAdvanceTests {
    /// Travel that is approved and paid before it is spent.
    private func advance(_ scene: PayScene, _ pence: Int64, _ run: String = "Advance") async throws -> String {
        let claim = try await scene.claim(
            ["kind": "travel", "amount": PayScene.pay(pence), "on_day": "2099-01-01", "in_advance": true]
        ).expecting(201).id
        try await scene.approve(claim)
        _ = try await scene.payAll(run).expecting(201)
        return claim
    }

    /// What was spent, as the member says and two others approve.
    private func settle(_ scene: PayScene, _ claim: String, _ pence: Int64) async throws {
        _ = try await scene.step(claim, "settle", ["spent": PayScene.pay(pence), "receipt": "Ticket 12"], as: scene.member).expecting(200)
        try await scene.approve(claim)
    }

    private func words(_ scene: PayScene) async throws -> String {
        try await scene.network.get("/people/me/pay-claims", as: scene.member).items.compactMap { $0["advance"]?.string }.joined(
            separator: " / ")
    }

    private func file(_ scene: PayScene, _ payment: String, _ name: String) async throws -> String {
        try await scene.network.get("/pay-payments/\(payment)/\(name)", as: scene.officer).expecting(200).text
    }

    @Test func `What was spent beyond an advance is added to the next payment, once two people have approved it`() async throws {
        try await PayScene.with { scene in
            let claim = try await advance(scene, 2000)
            #expect(try await words(scene) == "You got £20.00 before you spent it. Say what you spent, and where the receipt is.")
            _ = try await scene.step(claim, "settle", ["spent": PayScene.pay(2550), "receipt": "Ticket"], as: scene.member).expecting(200)
            #expect(
                try await words(scene) == """
                    You got £20.00 and spent £25.50. £5.50 is still owed to you, and is added to your next payment once two people have \
                    approved what you spent.
                    """)
            #expect(try await scene.payAll("Early").status == 409)
            #expect(try await scene.step(claim, "reject", ["reason": "No"], as: scene.lead).status == 409)
            try await scene.approve(claim)
            #expect(try await scene.network.get("/people/me/pay-balance", as: scene.member).json["to_add_pence"] == 550)
            let run = try await scene.payAll("Next").expecting(201)
            #expect(run.json["total"] == PayScene.pay(550) && run.json["differences"] == PayScene.pay(550) && run.json["claims"] == 0)
            #expect(try await file(scene, run.id, "payroll").hasSuffix(",,Total,0.00,0.00,5.50,5.50\r\n"))
            #expect(try await file(scene, run.id, "transfer").contains(",5.50,GBP\r\n"))
            #expect(try await words(scene) == "You got £20.00 and spent £25.50. £5.50 was added to your payment. That settles it.")
            #expect(try await scene.payAll("Again").status == 409)
            let entries = try await scene.network.get("\(scene.claims)/\(claim)/entries", as: scene.member).items
            #expect(entries.map { $0["act"] }.suffix(4) == ["settled", "approved_once", "approved", "carried"])
            let letter = try await scene.network.post(
                "/people/me/pay-letter", ["from": "2020-01-01", "until": "2099-12-31"], as: scene.member
            ).text
            #expect(letter.contains("<td>Travel, the difference to what was paid in advance</td>") && letter.contains("<th>25.50</th>"))
        }
    }

    @Test func `What is left over of an advance is taken off the next payments, and never more than they come to`() async throws {
        try await PayScene.with { scene in
            let claim = try await advance(scene, 5000)
            try await settle(scene, claim, 1000)
            #expect(
                try await words(scene) == "You got £50.00 and spent £10.00. £40.00 is left over, and is taken off your next payment.")
            #expect(try await scene.payAll("Nothing").status == 409)
            // Somebody else's fee is theirs, whole.
            let other = try await scene.network.person(.participant)
            for fee in [try await scene.claimFee(), try await scene.claimFee(by: other)] { try await scene.approve(fee) }
            let first = try await scene.payAll("First").expecting(201)
            #expect(first.json["total"] == PayScene.pay(2750) && first.json["differences"] == PayScene.pay(-2750))
            let payroll = try await file(scene, first.id, "payroll")
            #expect(payroll.contains(",27.50,0.00,-27.50,0.00\r\n") && payroll.hasSuffix(",Total,55.00,0.00,-27.50,27.50\r\n"))
            let transfer = try await file(scene, first.id, "transfer")
            #expect(!transfer.contains(scene.member.id) && transfer.contains("\(other.id),") && transfer.hasSuffix(",Total,27.50,GBP\r\n"))
            #expect(
                try await words(scene) == """
                    You got £50.00 and spent £10.00. £27.50 was taken off your payments. £12.50 is left over, and is taken off your next \
                    payment.
                    """)
            try await scene.approve(try await scene.claimFee())
            let second = try await scene.payAll("Second").expecting(201)
            #expect(second.json["total"] == PayScene.pay(1500) && second.json["differences"] == PayScene.pay(-1250))
            #expect(try await words(scene).hasSuffix("£40.00 was taken off your payments. That settles it."))
            #expect(try await scene.network.get("/pay-figures", as: scene.lead).json["unsettled_pence"] == 0)
            let balance = try await scene.network.get("/people/me/pay-balance", as: scene.member).json
            #expect(balance["to_take_off_pence"] == 0 && balance["paid_pence"] == 6500)
        }
    }

    @Test func `Where as much was spent as was paid, nothing is owed, and a correction changes that before two approve it`() async throws {
        try await PayScene.with { scene in
            let claim = try await advance(scene, 2000)
            _ = try await scene.step(claim, "settle", ["spent": PayScene.pay(2000), "receipt": "Ticket"], as: scene.member).expecting(200)
            #expect(try await words(scene) == "You got £20.00 and spent £20.00. Nothing is owed either way.")
            let wrong: JSON = ["amount": PayScene.pay(1800), "reason": "The ticket says £18."]
            #expect(try await scene.step(claim, "correct", wrong, as: scene.member).status == 403)
            let corrected = try await scene.step(claim, "correct", wrong, as: scene.lead).expecting(200).json
            #expect(corrected["difference"] == PayScene.pay(-200) && corrected["unsettled"] == PayScene.pay(200))
            #expect(corrected["is_overdue"] == false)
            // What was paid stays claimed.
            #expect(try await scene.step(claim, "reject", ["reason": "No ticket."], as: scene.lead).status == 409)
            #expect(try await scene.step(claim, "withdraw", as: scene.member).status == 409)
            _ = try await scene.step(claim, "approve", as: scene.lead).expecting(200)
            #expect(try await scene.step(claim, "approve", as: scene.lead).status == 409)
        }
    }

    @Test func `Whoever wrote down for somebody what was spent does not approve it`() async throws {
        try await PayScene.with { scene in
            let claim = try await advance(scene, 2000)
            _ = try await scene.step(claim, "settle", ["spent": PayScene.pay(2500), "receipt": "Ticket"], as: scene.officer).expecting(200)
            #expect(try await scene.step(claim, "approve", as: scene.officer).status == 409)
        }
    }

    @Test func `Two who pay at the same moment carry a difference once`() async throws {
        try await PayScene.with { scene in
            for round in 0..<3 {
                try await settle(scene, try await advance(scene, 2000, "Advance \(round)"), 2100)
                let other = try await scene.network.person(.paymentsOfficer)
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for (reference, person) in [("A\(round)", scene.officer), ("B\(round)", other)] {
                        group.addTask {
                            try await scene.network.post(
                                "/pay-payments", ["reference": .string(reference), "paid_on": .string(scene.day)], as: person
                            ).status
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(statuses.sorted() == [201, 409])
            }
            try await settle(scene, try await advance(scene, 2000, "Advance"), 2100)
            let waited = try await scene.network.whileHeld(scene.member) { try await scene.payAll("Last") }
            #expect(waited.status == 201)
        }
    }

    @Test func `The database refuses a difference that is not what is left, is not in the ledger, or not in the total`() async throws {
        try await PayScene.with { scene in
            let claim = try await advance(scene, 2000)
            try await settle(scene, claim, 2500)
            let payment = "00000000-0000-7000-8000-000000000001"
            func carry(_ total: Int, _ pence: Int, ledger: Bool) -> [Query] {
                [
                    """
                    insert into expert_panels.pay_payments (network_id, payment_id, reference, paid_on, pence, created_by)
                    values (kith.current_network(), \(payment)::text::uuid, 'By hand', current_date, \(total), kith.current_person())
                    """,
                    """
                    insert into expert_panels.pay_payment_differences (network_id, claim_id, payment_id, pence)
                    values (kith.current_network(), \(claim)::text::uuid, \(payment)::text::uuid, \(pence))
                    """,
                    """
                    insert into expert_panels.pay_claim_entries (network_id, entry_id, claim_id, act, pence, entered_by)
                    select kith.current_network(), kith.new_id(), \(claim)::text::uuid, 'carried', 2500, kith.current_person() where \(ledger)
                    """,
                ]
            }
            for (total, pence, ledger, constraint) in [
                (600, 600, true, "pay_payment_differences_remaining"), (0, -1, true, "pay_payment_differences_remaining"),
                (500, 500, false, "pay_payments_reconciled"), (400, 500, true, "pay_payments_reconciled"),
            ] {
                let statements = carry(total, pence, ledger: ledger)
                let refused = await #expect(throws: PostgresError.self) {
                    _ = try await scene.asServer(scene.officer, statements[0], statements[1], statements[2])
                }
                #expect(refused?.constraint == constraint, "\(total), \(pence), \(ledger)")
            }
            let statements = carry(500, 500, ledger: true)
            let lead = await #expect(throws: PostgresError.self) { _ = try await scene.asServer(scene.lead, statements[2]) }
            #expect(lead?.sqlState?.rawValue == "42501")
            _ = try await scene.payAll("Next").expecting(201)
            let changed = await #expect(throws: PostgresError.self) {
                _ = try await scene.network.server.superuser.query("delete from expert_panels.pay_payment_differences")
            }
            #expect(changed?.sqlState?.rawValue == "KH409")
        }
    }
}
