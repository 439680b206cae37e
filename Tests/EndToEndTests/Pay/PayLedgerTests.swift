import Kith
import KithTesting
import Postgres
import Testing

@Suite struct PayLedgerTests {
    @Test func `What is entered about pay is not changed, by the server or by the owner of the schema`() async throws {
        try await PayScene.with { scene in
            let claim = try await scene.claimFee()
            for table in ["pay_claim_entries", "pay_offer_entries"] {
                for change: Query in ["update expert_panels.\(raw: table) set pence = 1", "delete from expert_panels.\(raw: table)"] {
                    let refused = await #expect(throws: PostgresError.self) { _ = try await scene.asServer(scene.officer, change) }
                    #expect(refused?.sqlState?.rawValue == "42501")
                    let owner = await #expect(throws: PostgresError.self) { _ = try await scene.network.server.superuser.query(change) }
                    #expect(owner?.sqlState?.rawValue == "KH409")
                }
                // Words are blanked by the right of a person only.
                let blanked = try await scene.asServer(
                    scene.officer, "update expert_panels.\(raw: table) set words = 'other' returning entry_id")
                #expect(blanked[0].isEmpty)
            }
            #expect(try await scene.network.get("\(scene.claims)/\(claim)", as: scene.member).json["amount"] == PayScene.pay(2750))
        }
    }

    @Test func `A payment that does not come to its claims and the ledger is refused by the database`() async throws {
        try await PayScene.with { scene in
            let claim = try await scene.claimFee()
            try await scene.approve(claim)
            func pay(_ total: Int, claim pence: Int, ledger: Bool) -> [Query] {
                let payment = "00000000-0000-7000-8000-000000000001"
                return [
                    """
                    insert into expert_panels.pay_payments (network_id, payment_id, reference, paid_on, pence, created_by)
                    values (kith.current_network(), \(payment)::text::uuid, 'By hand', current_date, \(total), kith.current_person())
                    """,
                    """
                    insert into expert_panels.pay_payment_claims (network_id, claim_id, payment_id, pence)
                    values (kith.current_network(), \(claim)::text::uuid, \(payment)::text::uuid, \(pence))
                    """,
                    """
                    insert into expert_panels.pay_claim_entries (network_id, entry_id, claim_id, act, pence, entered_by)
                    select kith.current_network(), kith.new_id(), \(claim)::text::uuid, 'paid', 2750, kith.current_person() where \(ledger)
                    """,
                ]
            }
            for (total, pence, ledger) in [(2751, 2750, true), (2750, 2749, true), (2750, 2750, false)] {
                let statements = pay(total, claim: pence, ledger: ledger)
                let refused = await #expect(throws: PostgresError.self) {
                    _ = try await scene.asServer(scene.officer, statements[0], statements[1], statements[2])
                }
                #expect(refused?.constraint == "pay_payments_reconciled")
            }
            #expect(try await scene.payAll().expecting(201).json["total"] == PayScene.pay(2750))
        }
    }

    @Test func `Two who pay at the same moment pay each claim once`() async throws {
        try await PayScene.with { scene in
            for _ in 0..<3 { try await scene.approve(try await scene.claimFee()) }
            let other = try await scene.network.person(.paymentsOfficer)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for (reference, person) in [("A", scene.officer), ("B", other)] {
                    group.addTask {
                        try await scene.network.post(
                            "/pay-payments", ["reference": .string(reference), "paid_on": .string(scene.day)], as: person
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [201, 409])
            let paid = try await scene.network.server.superuser.query(
                "select count(*), sum(pence)::bigint from expert_panels.pay_claim_entries where act = 'paid'"
            ).decode((Int, Int).self)
            #expect(paid[0] == (3, 8250))
        }
    }

    @Test func `A fee that is claimed twice at the same moment is claimed once`() async throws {
        try await PayScene.with { scene in
            let offer = try await scene.offer()
            _ = try await scene.answer(offer).expecting(200)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await scene.claim(["kind": "fee", "offer_id": .string(offer)]).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [201, 409, 409, 409])
        }
    }

    @Test func `A claim that waits for too long is shown, and those who pay are told`() async throws {
        try await PayScene.with { scene in
            let claim = try await scene.claimFee()
            #expect(try await scene.network.get("/pay-claims?overdue=true", as: scene.officer).items.isEmpty)
            _ = try await scene.network.server.superuser.batch([
                "update kith.people set email = 'officer@example.org' where person_id = \(scene.officer.id)::text::uuid",
                "set local session_replication_role = replica",
                "update expert_panels.pay_claim_entries set entered_at = entered_at - interval '15 days'",
                "update kith.jobs set run_at = now() where kind = 'expert_panels.alert_payers'", "select pg_notify('kith_jobs', '')",
            ])
            let overdue = try await scene.network.get("/pay-claims?overdue=true", as: scene.officer).items
            #expect(overdue.map { $0["id"] } == [.string(claim)] && overdue[0]["days"] == 15)
            let figures = try await scene.network.get("/pay-figures", as: scene.lead).json
            #expect(figures["overdue"] == 1 && figures["longest_open_days"] == 15)
            let told = try await eventually("the alert") {
                let jobs = try await scene.network.server.superuser.query(
                    "select result ->> 'told' from kith.jobs where kind = 'expert_panels.alert_payers' and state = 'succeeded'"
                ).decode(String?.self)
                return jobs.first
            }
            #expect(told == "1")
        }
    }

    @Test func `A network never sees the pay of another`() async throws {
        try await PayScene.with { scene in
            let claim = try await scene.claimFee()
            let elsewhere = try await scene.network.server.makeNetwork(named: "Elsewhere")
            try await elsewhere.enable("expert_panels")
            let officer = try await elsewhere.person(.paymentsOfficer)
            #expect(try await elsewhere.get("/pay-claims", as: officer).items.isEmpty)
            #expect(try await elsewhere.get("\(scene.claims)/\(claim)", as: officer).status == 404)
            #expect(try await scene.network.get("/pay-claims", as: officer).status == 404)
        }
    }
}
