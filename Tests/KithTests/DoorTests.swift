import ExpertPanels
import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing
import struct FoundationEssentials.UUID

@Suite struct DoorTests {
    func withNetwork(_ body: @escaping @Sendable (TestNetwork) async throws -> Void) async throws {
        try await withTestServer(Distribution([]), worker: false) { server in try await body(server.makeNetwork()) }
    }

    @Test func `Without a token, or with one that nobody knows, nobody is let in`() async throws {
        try await withNetwork { network in
            for token in [nil, "kith_token_unknown", ""] {
                let answer = try await network.server.get(network.path(), token: token)
                #expect(answer.status == 401)
                #expect(answer.headers[.wwwAuthenticate] != nil)
            }
            #expect(try await network.server.get(network.path(), token: nil, headers: [.authorization: "Basic YTpi"]).status == 401)
        }
    }

    @Test func `A revoked token opens nothing on the very next request`() async throws {
        try await withNetwork { network in
            let (server, admin) = (network.server, network.administrator.token)
            let made = try await server.post("/v1/tokens", ["name": "T"], token: admin).expecting(201)
            let token = made.json["secret"]?.string
            #expect(try await server.get(network.path(), token: token).status == 200)
            #expect(try await server.delete("/v1/tokens/\(made.id)", token: admin).status == 204)
            #expect(try await server.get(network.path(), token: token).status == 401)
            #expect(try await server.get("/v1/account", token: token).status == 401)
        }
    }

    @Test(arguments: [
        "update kith.api_tokens set expires_at = now() where secret_hash = sha256(convert_to($token, 'UTF8'))",
        "update kith.accounts set disabled_at = now() where not is_operator",
    ])
    func `An expired token and a disabled account open nothing`(statement: String) async throws {
        try await withNetwork { network in
            let token = network.administrator.token
            #expect(try await network.get("").status == 200)
            _ = try await network.server.superuser.query(Query(raw: statement.replacing("$token", with: "'\(token)'")))
            #expect(try await network.get("").status == 401)
            #expect(try await network.server.get("/v1/tokens", token: token).status == 401)
        }
    }

    @Test func `Only the hash of a token is kept`() async throws {
        try await withNetwork { network in
            let token = String(network.administrator.token.dropFirst("kith_token_".count))
            let kept = try await network.server.superuser.query(
                "select string_agg(t::text, '') || (select string_agg(k::text, '') from kith.idempotency_keys k) from kith.api_tokens t"
            ).decode(String?.self)
            #expect(kept.first??.contains(token) != true)
        }
    }

    @Test func `A role that has ended ends on the very next request`() async throws {
        try await withNetwork { network in
            let person = try await network.person(.facilitator)
            #expect(try await network.get("/people", as: person).status == 200)
            let grants = try await network.get("/role-grants?person_id=\(person.id)")
            #expect(try await network.delete("/role-grants/\(grants.items[0]["id"]?.string ?? "")").status == 204)
            #expect(try await network.get("/people", as: person).status == 403)
        }
    }

    @Test func `A role that the same identifier has in another network counts for nothing here`() async throws {
        try await withNetwork { network in
            let person = try await network.person(.participant)
            let other = try await network.server.makeNetwork()
            _ = try await network.server.superuser.batch([
                """
                insert into kith.people (network_id, person_id, name)
                values (\(other.id)::text::uuid, \(person.id)::text::uuid, 'Of another network')
                """,
                """
                insert into kith.role_grants (network_id, grant_id, person_id, role)
                values (\(other.id)::text::uuid, \(UUID()), \(person.id)::text::uuid, 'administrator')
                """,
            ])
            #expect(try await network.post("/people", ["name": "Somebody"], as: person).status == 403)
        }
    }

    @Test func `A token that may read cannot write, and cannot make one that may`() async throws {
        try await withNetwork { network in
            let (server, admin) = (network.server, network.administrator.token)
            let made = try await server.post("/v1/tokens", ["name": "Reader", "scopes": ["read"]], token: admin).expecting(201)
            let reader = made.json["secret"]?.string
            #expect(try await server.get(network.path("/people"), token: reader).status == 200)
            #expect(try await server.post(network.path("/people"), ["name": "P"], token: reader).status == 403)
            #expect(try await server.post("/v1/tokens", ["name": "T", "scopes": ["write"]], token: reader).status == 403)
            #expect(try await server.post("/v1/tokens", ["name": "T", "scopes": ["read"]], token: reader).status == 403)
            let operating = try await server.post("/v1/tokens", ["name": "T", "scopes": ["operate"]], token: admin)
            #expect(operating.status == 403)
        }
    }

    @Test func `A token for one network opens no other, and makes no token that does`() async throws {
        try await withNetwork { network in
            let (server, admin) = (network.server, network.administrator.token)
            let other = try await server.makeNetwork()
            let invited = try await other.post("/people", ["name": "Both"]).expecting(201)
            let code = try await other.post("/people/\(invited.id)/invitations").expecting(201).json["code"]?.string ?? ""
            _ = try await server.post("/v1/invitations/accept", ["code": .string(code)], token: admin).expecting(200)
            #expect(try await server.get(other.path(), token: admin).status == 200)
            let bound = try await server.post(
                "/v1/tokens", ["name": "T", "scopes": ["read", "write"], "network_id": .string(network.id)], token: admin
            ).expecting(201).json["secret"]?.string
            #expect(try await server.get(network.path(), token: bound).status == 200)
            #expect(try await server.get(other.path(), token: bound).status == 404)
            #expect(try await server.post("/v1/tokens", ["name": "Wider"], token: bound).status == 404)
            #expect(try await server.get("/v1/networks", token: bound).status == 404)
        }
    }

    @Test func `A lead of one programme changes that one and no other`() async throws {
        try await withNetwork { network in
            let (led, other) = (try await network.programme("Led"), try await network.programme("Other"))
            let lead = try await network.person(.programmeLead, in: led)
            #expect(try await network.patch("/programmes/\(led)", ["summary": "S"], version: "\"1\"", as: lead).status == 200)
            #expect(try await network.patch("/programmes/\(other)", ["summary": "S"], version: "\"1\"", as: lead).status == 403)
            #expect(try await network.post("/programmes", ["name": "Third"], as: lead).status == 403)
            #expect(try await network.post("/organisations", ["name": "O", "kind": "charity"], as: lead).status == 403)
            #expect(try await network.get("/programmes/\(other)", as: lead).status == 200)
        }
    }

    @Test func `The operator knows networks by name and sees none from within`() async throws {
        try await withNetwork { network in
            let (server, token) = (network.server, network.server.operatorToken)
            #expect(try await server.get("/v1/networks", token: token).items.count == 1)
            for path in ["", "/people", "/people/me", "/programmes", "/organisations", "/audit-entries", "/jobs", "/modules", "/events"] {
                let answer = try await server.get(network.path(path), token: token)
                #expect(answer.status == 404, "\(path)")
            }
            #expect(try await server.post(network.path("/leave"), token: token).status == 404)
        }
    }

    @Test func `Everybody lists the networks that they are in, and the operator all`() async throws {
        try await withNetwork { network in
            let server = network.server
            _ = try await server.makeNetwork()
            let person = try await network.person(.participant)
            #expect(try await server.get("/v1/networks", token: person.token).items.map { $0["id"]?.string } == [network.id])
            #expect(try await server.get("/v1/networks", token: server.operatorToken).items.count == 2)
            _ = try await network.post("/leave", as: person)
            #expect(try await server.get("/v1/networks", token: person.token).items.isEmpty)
        }
    }

    @Test func `A role counts in the policies of the database until it ends, for its programme alone`() async throws {
        try await withNetwork { network in
            let programme = try await network.programme()
            let (everywhere, there) = (
                try await network.person(.facilitator), try await network.person(.facilitator, in: programme)
            )
            func holds(_ person: TestPerson, _ role: String = "facilitator") async throws -> Bool? {
                try await network.server.app.batch([
                    "select set_config('kith.network', \(network.id), true), set_config('kith.person', \(person.id), true)",
                    "select kith.holds_role(array[\(role)::text], null)",
                ])[1].decode(Bool.self).first
            }
            #expect(try await holds(everywhere) == true)
            #expect(try await holds(everywhere, "auditor") == false)
            #expect(try await holds(there) == false)
            _ = try await network.server.superuser.query("update kith.role_grants set ended_at = now() where role = 'facilitator'")
            #expect(try await holds(everywhere) == false)
        }
    }

    @Test func `Whoever is nobody's person in any network is told nothing, and neither is anybody else`() async throws {
        try await withNetwork { network in
            _ = try await network.server.superuser.query("update kith.people set email = 'a@example.org'")
            func tell(_ account: Query) async throws -> Int? {
                let accounts = try await network.server.superuser.query("select account_id from kith.accounts where \(query: account)")
                let id = try #require(try accounts.decode(UUID.self).first)
                return try await network.server.superuser.batch([
                    "select set_config('kith.account', \("\(id)"), true)",
                    "select kith.tell_account(kith.new_id(), 'core.password_changed')",
                    "select count(*) from kith.messages",
                ])[2].decode(Int.self).first
            }
            #expect(try await tell("is_operator") == 0)
            #expect(try await tell("not is_operator") == 1)
        }
    }

    @Test func `The door of a new network does not open one that exists`() async throws {
        try await withNetwork { network in
            let hash = Secret.hash(of: network.server.operatorToken)
            let error = await #expect(throws: PostgresError.self) {
                _ = try await network.server.app.query("select kith.enter_operator(\(hash), \(network.id)::text::uuid)")
            }
            #expect(error?.sqlState?.rawValue == "KH403")
        }
    }

    @Test func `Whoever is no operator creates no network, whatever their token says, and an operator needs the scope`() async throws {
        try await withNetwork { network in
            let server = network.server
            let new: JSON = ["name": "N", "administrator_name": "A"]
            let made = try await server.post("/v1/tokens", ["name": "Reader", "scopes": ["read"]], token: server.operatorToken).expecting(
                201)
            #expect(try await server.post("/v1/networks", new, token: made.json["secret"]?.string).status == 403)
            let hash = Secret.hash(of: network.administrator.token)
            _ = try await server.superuser.query(
                "update kith.api_tokens set scopes = scopes || 'operate'::text where secret_hash = \(hash)")
            #expect(try await server.post("/v1/networks", new, token: network.administrator.token).status == 403)
        }
    }

    @Test func `A module that another network has enabled is not there in this one`() async throws {
        try await withTestServer(Distribution([ExpertPanels.self]), worker: false) { server in
            let (here, there) = (try await server.makeNetwork(), try await server.makeNetwork())
            try await there.enable("expert_panels")
            #expect(try await there.get("/panels").status == 200)
            #expect(try await here.get("/panels").status == 404)
        }
    }

    @Test func `The last administrator cannot be removed`() async throws {
        try await withNetwork { network in
            let grants = try await network.get("/role-grants?person_id=\(network.administrator.id)")
            let grant = grants.items[0]["id"]?.string ?? ""
            #expect(try await network.delete("/role-grants/\(grant)").status == 409)
            // Somebody who is administrator of a programme only, or cannot sign in, does not count.
            _ = try await network.person(.administrator, in: network.programme())
            let invited = try await network.post("/people", ["name": "Invited"]).expecting(201)
            _ = try await network.post("/role-grants", ["person_id": .string(invited.id), "role": "administrator"]).expecting(201)
            #expect(try await network.delete("/role-grants/\(grant)").status == 409)
            let second = try await network.person(.administrator)
            #expect(try await network.delete("/role-grants/\(grant)", as: second).status == 204)
        }
    }

    @Test func `Of two administrators who remove each other at once, one stays`() async throws {
        try await withNetwork { network in
            let second = try await network.person(.administrator)
            let grants = try await network.get("/role-grants").items.filter { $0["role"] == "administrator" }
            let ids = Dictionary(uniqueKeysWithValues: grants.map { ($0["person_id"]?.string ?? "", $0["id"]?.string ?? "") })
            async let one = network.delete("/role-grants/\(ids[second.id] ?? "")", as: network.administrator)
            async let two = network.delete("/role-grants/\(ids[network.administrator.id] ?? "")", as: second)
            let statuses = [try await one.status, try await two.status].sorted()
            #expect(statuses[0] == 204)
            #expect(statuses[1] == 409 || statuses[1] == 403)
        }
    }

    @Test func `Leaving needs no reason, works at once and ends every role`() async throws {
        try await withNetwork { network in
            let person = try await network.person(.facilitator, .observer)
            #expect(try await network.server.send(.post, network.path("/leave"), token: person.token).status == 204)
            #expect(try await network.get("", as: person).status == 404)
            #expect(try await network.get("/people", as: person).status == 404)
            let open = try await network.get("/role-grants?person_id=\(person.id)").items.filter { $0["ended_at"] == .null }
            #expect(open.isEmpty)
            #expect(try await network.get("/people/\(person.id)").json["ended_at"] != .null)
        }
    }
}
