import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct IdempotencyTests {
    private static let name = HTTPField.Name("Idempotency-Key")!

    @Test func `A request that is sent again is answered alike and done once`() async throws {
        try await withNetwork { network in
            let first = try await network.post("/people", ["name": "P"], headers: [Self.name: "key-1"]).expecting(201)
            let second = try await network.post("/people", ["name": "P"], headers: [Self.name: "key-1"])
            #expect(second.status == 201)
            #expect(second.body == first.body)
            #expect(second.headers[.location] == first.headers[.location])
            #expect(second.version == first.version)
            #expect(try await network.get("/people").items.count == 2)
        }
    }

    @Test func `A key that was used for something else is refused`() async throws {
        try await withNetwork { network in
            _ = try await network.post("/people", ["name": "P"], headers: [Self.name: "key-1"]).expecting(201)
            let other = try await network.post("/people", ["name": "Q"], headers: [Self.name: "key-1"])
            #expect(other.status == 422)
            #expect(other.problem == "key-reused")
            #expect(try await network.post("/programmes", ["name": "P"], headers: [Self.name: "key-1"]).status == 422)
            let elsewhere = try await network.server.makeNetwork()
            #expect(try await elsewhere.post("/people", ["name": "Q"], headers: [Self.name: "key-1"]).status == 201)
        }
    }

    @Test func `Of many copies at once one is done, and every one is told the same`() async throws {
        try await withNetwork { network in
            let bodies = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await network.post("/people", ["name": "P"], headers: [Self.name: "key"]).expecting(201).text }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(bodies.count == 1)
            #expect(try await network.get("/people").items.count == 2)
        }
    }

    @Test func `What was refused leaves its key free`() async throws {
        try await withNetwork { network in
            _ = try await network.post("/organisations", ["name": "O", "kind": "charity"]).expecting(201)
            #expect(try await network.post("/organisations", ["name": "O", "kind": "council"], headers: [Self.name: "key"]).status == 409)
            #expect(try await network.post("/organisations", ["name": "P", "kind": "council"], headers: [Self.name: "key"]).status == 201)
        }
    }

    @Test func `A secret is shown once and kept nowhere`() async throws {
        try await withNetwork { network in
            let (server, admin) = (network.server, network.administrator.token)
            let first = try await server.post("/v1/tokens", ["name": "T"], token: admin, headers: [Self.name: "key"]).expecting(201)
            let secret = try #require(first.json["secret"]?.string)
            #expect(try await server.post("/v1/tokens", ["name": "T"], token: admin, headers: [Self.name: "key"]).status == 409)
            let person = try await network.post("/people", ["name": "P"]).expecting(201)
            let invited = try await network.post("/people/\(person.id)/invitations", headers: [Self.name: "key-2"]).expecting(201)
            let code = try #require(invited.json["code"]?.string)
            let kept =
                try await server.superuser.query("select coalesce(string_agg(k::text, ''), '') from kith.idempotency_keys k")
                .decode(String.self).first ?? ""
            #expect(kept.contains("key-2"))
            #expect(!kept.contains(secret) && !kept.contains(code))
            #expect(try await server.get("/v1/tokens", token: admin).items.count == 2)
        }
    }

    @Test func `The operator creates a network once, however often the request arrives`() async throws {
        try await withNetwork { network in
            let server = network.server
            let body: JSON = ["name": "N", "administrator_name": "A"]
            let first = try await server.post("/v1/networks", body, token: server.operatorToken, headers: [Self.name: "key"])
            #expect(first.status == 201, "\(first.text)")
            let second = try await server.post("/v1/networks", body, token: server.operatorToken, headers: [Self.name: "key"])
            #expect(second.status == 409)
            #expect(try await server.get("/v1/networks", token: server.operatorToken).items.count == 2)
            #expect(try await server.accept(first.json["invitation_code"]?.string ?? "").token != "")
        }
    }

    @Test func `An action without an answer is repeated without an answer`() async throws {
        try await withNetwork { network in
            let person = try await network.person(.observer)
            let grant = try await network.get("/role-grants?person_id=\(person.id)").items[0]["id"]?.string ?? ""
            let (path, token) = (network.path("/role-grants/\(grant)"), network.administrator.token)
            for _ in 0..<2 {
                #expect(try await network.server.send(.delete, path, token: token, headers: [Self.name: "key"]).status == 204)
            }
            let entries = try await network.get("/audit-entries?subject_id=\(grant)").items.filter { $0["action"] == "role.ended" }
            #expect(entries.count == 1)
        }
    }

    @Test(arguments: ["", "a b", "ü", String(repeating: "x", count: 256)])
    func `A key of other characters is refused`(key: String) async throws {
        try await withNetwork { network in
            let answer = try await network.post("/people", ["name": "P"], headers: [Self.name: key])
            #expect(answer.status == 422)
            #expect(answer.pointers == ["Idempotency-Key"])
        }
    }

    @Test func `Somebody who may not do it learns nothing from a key`() async throws {
        try await withNetwork { network in
            _ = try await network.post("/people", ["name": "P"], headers: [Self.name: "key"]).expecting(201)
            let observer = try await network.person(.observer)
            #expect(try await network.post("/people", ["name": "P"], as: observer, headers: [Self.name: "key"]).status == 403)
        }
    }

    @Test func `Keys are forgotten after a day`() async throws {
        try await withNetwork { network in
            _ = try await network.post("/people", ["name": "P"], headers: [Self.name: "old"]).expecting(201)
            _ = try await network.post("/people", ["name": "P"], headers: [Self.name: "new"]).expecting(201)
            _ = try await network.server.superuser.query(
                "update kith.idempotency_keys set created_at = now() - interval '25 hours' where key = 'old'")
            _ = try await network.server.app.query("select kith.expire_idempotency_keys()")
            let kept = try await network.server.superuser.query("select key from kith.idempotency_keys").decode(String.self)
            #expect(kept == ["new"])
        }
    }
}
