import ExpertPanels
import Foundation
import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct ErasureTests {
    /// For columns whose constraints hang together.
    private static let filling = [
        "api_tokens.scopes": "array['read']", "data_requests.kind": "'export'", "data_requests.sealed_to": "sha256('a key')",
        "rectifications.outcome": "'corrected'", "rectifications.decided_at": "now()",
        "data_keys.wrapped": "decode(repeat('00', 61), 'hex')",
        "data_keys.holder": "'space'",
        "passwords.salt": "decode(repeat('00', 16), 'hex')", "access_reasons.salt": "decode(repeat('00', 16), 'hex')",
        "message_preferences.locale": "'en'", "sessions.idle_for": "interval '1 hour'", "sessions.scopes": "array['read']",
        "meetings.ends_at": "now() + interval '1 hour'",
        "pay_policies.effective_from": "(select date '2020-01-01' + count(*)::integer from expert_panels.pay_policies)",
        "complaints.complainant": "null", "complaints.handler": "null", "complaints.closed_at": "now()",
        "pools.after_draw_id": "null",
    ]

    @Test func `Of a person who stood in every table not a word is left in the whole database`() async throws {
        let distribution = try Distribution([ExpertPanels.self])
        try await withTestServer(distribution) { server in
            let (canary, unfilled) = try await ErasureCanary.fill(server, distribution, filling: Self.filling)
            // Made by the population already; and what is kept for a reason need not be filled to be tried.
            let erased = distribution.contracts.flatMap(\.holdings).filter { if case .keep = $0.erasure { false } else { true } }.map(
                \.table)
            let others = unfilled.filter { erased.contains($0.key) && !["kith.accounts", "kith.people"].contains($0.key) }
            #expect(others == [:])
            let before = try ErasureCanary.dump(server)
            #expect(before.contains(ErasureCanary.ofPerson[0]) && before.contains(ErasureCanary.ofOther))
            let request = UUID()
            _ = try await server.superuser.batch([
                """
                insert into kith.data_requests (network_id, request_id, person_id, kind, asked_by, due_at)
                values (\(canary.network), \(request), \(canary.person), 'erasure', \(canary.person), now())
                """,
                """
                insert into kith.jobs (network_id, job_id, module, kind, arguments, subject_id, requested_by)
                values (\(canary.network), \(UUID()), 'core', 'core.erase', jsonb_build_object('request', \("\(request)")), \(request), \(canary.person))
                """,
                "select pg_notify('kith_jobs', '')",
            ])
            try await eventually("the erasure") {
                try await server.superuser.query("select from kith.people where person_id = \(canary.person) and erased_at is not null")
                    .isEmpty
                    ? nil : true
            }
            let after = try ErasureCanary.dump(server)
            for line in after.split(separator: "\n") where ErasureCanary.ofPerson.contains(where: { line.contains($0) }) {
                Issue.record("This was left: \(line.prefix(200))")
            }
            // The other person lost nothing that is theirs.
            for table in [
                "kith.people", "kith.affiliations", "kith.rectifications", "expert_panels.volunteers", "expert_panels.characteristics",
            ] {
                let kept = try await server.superuser.query(
                    "select count(*) > 0 from \(raw: table) t where t::text like \("%\(ErasureCanary.ofOther)%")"
                ).decode(Bool.self)
                #expect(kept == [true], "\(table)")
            }
        }
    }

    @Test func `A person erases themself after seven days, is out of use from the first, and can change their mind`() async throws {
        try await withTestServer(Distribution([])) { server in
            let network = try await server.makeNetwork()
            let person = try await network.person(.participant)
            #expect(try await network.get("/people/me/erasure-preview", as: person).items.contains { $0["action"] == "kept" })
            let asked = try await network.post("/people/me/erasures", [:], as: person).expecting(202)
            #expect(asked.json["state"] == "waiting")
            #expect(try await network.get("/people/\(person.id)").status == 404)
            _ = try await network.post("/data-requests/\(asked.id)/cancel", as: person).expecting(200)
            #expect(try await network.get("/people/\(person.id)").status == 200)
            // The job of a cancelled request erases nobody.
            try await network.makeDue(asked.id)
            try await eventually("the job giving up") {
                try await server.superuser.query("select from kith.jobs where kind = 'core.erase' and state = 'failed'").isEmpty
                    ? nil : true
            }
            #expect(try await network.get("/people/me", as: person).status == 200)

            let again = try await network.post("/people/me/erasures", [:], as: person).expecting(202)
            try await network.makeDue(again.id)
            try await network.done(again.id)
            // The account was nobody else's: it is gone, and so is every way in.
            #expect(try await network.get("/people/me", as: person).status == 401)
            let left = try await server.superuser.query(
                "select count(*) from kith.accounts where account_id = \(person.account)::text::uuid"
            ).decode(Int.self)
            #expect(left == [0])
            let ledger = try ErasureLedger(path: server.erasures).entries()
            #expect(ledger.map { $0.person.text } == [person.id])
            // What stays is what was done, by id.
            let entries = try await network.get("/audit-entries?subject_id=\(person.id)").items
            #expect(entries.contains { $0["action"] == "person.erased" })
            #expect(try await network.get("/people/\(person.id)").json["name"] == "Erased person")
        }
    }

    @Test(arguments: [
        // What stands of a request that somebody else made, and whether it begins.
        ("approved_by = $approver, due_at = now()", true),
        ("approved_by = $approver, due_at = now() + interval '1 hour'", false),
        ("due_at = now()", false),
        ("approved_by = $approver, due_at = now(), cancelled_at = now()", false),
        ("approved_by = $approver, due_at = now(), refused_at = now()", false),
        ("approved_by = $approver, due_at = now(), done_at = now()", false),
    ])
    func `The database begins only what is approved, due and not taken back`(state: String, begins: Bool) async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let person = try await network.person(.participant)
            let second = try await network.secondAdministrator()
            let asked = try await network.post("/people/\(person.id)/erasures", ["reason": "They asked by letter"]).expecting(202)
            _ = try await server.superuser.query(
                """
                update kith.data_requests set \(raw: state.replacing("$approver", with: "'\(second.id)'"))
                where request_id = \(asked.id)::text::uuid
                """)
            func begin() async throws {
                _ = try await server.app.batch([
                    "select set_config('kith.network', \(network.id), true)",
                    "select kith.begin_data_request(\(asked.id)::text::uuid, 'erasure')",
                ])
            }
            if begins { return try await begin() }
            let error = await #expect(throws: PostgresError.self) { try await begin() }
            #expect(error?.sqlState?.rawValue == "KH409")
        }
    }

    @Test func `An erasure reaches jobs, kept answers, invitations, tokens and events`() async throws {
        let canary = "Quillwort"
        try await withTestServer(Distribution([])) { server in
            let network = try await server.makeNetwork()
            let made = try await network.post(
                "/people", ["name": .string(canary), "email": "quillwort@example.org"], headers: [.repeating: "c1"]
            )
            .expecting(201)
            let invitation = try await network.post("/people/\(made.id)/invitations").expecting(201)
            let person = try await server.accept(invitation.json["code"]?.string ?? "")
            _ = try await server.post("/v1/tokens", ["name": .string(canary), "scopes": ["read"], "days": 1], token: person.token)
            _ = try await network.post("/people/me/rectifications", ["request": .string(canary)], as: person).expecting(201)
            #expect(try ErasureCanary.dump(server).contains(canary))
            let asked = try await network.post("/people/me/erasures", ["at_once": true], as: person).expecting(202)
            try await network.done(asked.id)
            let dump = try ErasureCanary.dump(server)
            #expect(!dump.contains(canary) && !dump.contains("quillwort"))
            // Without its answer the repeated request is still not done twice.
            let repeated = try await network.post(
                "/people", ["name": .string(canary), "email": "quillwort@example.org"], headers: [.repeating: "c1"])
            #expect(repeated.status == 409)
            // Nobody writes into the record again.
            #expect(
                try await network.patch("/people/\(made.id)", ["name": "Back"], version: network.get("/people/\(made.id)").version).status
                    >= 400)
        }
    }

    @Test func `An account that is somebody in another network stays`() async throws {
        try await withTestServer(Distribution([])) { server in
            let (here, there) = (try await server.makeNetwork(), try await server.makeNetwork())
            let person = try await here.person(.participant)
            let other = try await there.post("/people", ["name": "The same"]).expecting(201)
            let code = try await there.post("/people/\(other.id)/invitations").expecting(201).json["code"] ?? .null
            _ = try await server.post("/v1/invitations/accept", ["code": code], token: person.token).expecting(200)
            let asked = try await here.post("/people/me/erasures", ["at_once": true], as: person).expecting(202)
            try await here.done(asked.id)
            #expect(try await here.get("/people/me", as: person).status == 404)
            #expect(try await there.get("/people/me", as: person).json["name"] == "The same")
        }
    }

    @Test func `The last administrator may be erased as they may leave, and the operator sees that there is none`() async throws {
        try await withTestServer(Distribution([])) { server in
            let network = try await server.makeNetwork()
            #expect(try await server.get("/v1/networks-without-administrator", token: server.operatorToken).items.isEmpty)
            _ = try await network.post("/people/me/erasures", ["at_once": true]).expecting(202)
            let orphaned = try await eventually("The erasure") {
                try await server.get("/v1/networks-without-administrator", token: server.operatorToken).items.first
            }
            #expect(orphaned["id"] == .string(network.id))
            let appoint: JSON = ["network_id": .string(network.id), "administrator_name": "New"]
            let code = try await server.post("/v1/administrators", appoint, token: server.operatorToken).expecting(200).json[
                "invitation_code"]
            #expect(try await network.get("/role-grants", as: server.accept(code?.string ?? "")).status == 200)
        }
    }

    @Test func `Nobody gets back from a backup: the server refuses it until the ledger was replayed`() async throws {
        try await withTestServer(Distribution([])) { server in
            let network = try await server.makeNetwork()
            let person = try await network.person(.participant)
            let ledger = ErasureLedger(path: server.erasures)
            let asked = try await network.post("/people/me/erasures", ["at_once": true], as: person).expecting(202)
            try await network.done(asked.id)
            try await ledger.check(server.app)
            // As a backup from before would have it.
            _ = try await server.superuser.query(
                "update kith.people set erased_at = null, name = 'Quillwort' where person_id = \(person.id)::text::uuid")
            await #expect(throws: ErasureLedger.Failure.self) { try await ledger.check(server.app) }
            #expect(try await Erasures(Distribution([]).contracts).replay(ledger, in: server.superuser) == 1)
            try await ledger.check(server.app)
            #expect(try !ErasureCanary.dump(server).contains("Quillwort"))
            // A new file learns what the database knows.
            let new = ErasureLedger(path: server.erasures + "-new")
            try await new.check(server.app)
            #expect(try new.entries() == ledger.entries())
        }
    }
}
