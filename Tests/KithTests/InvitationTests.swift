import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct InvitationTests {
    private func withNetwork(_ body: @escaping @Sendable (TestNetwork) async throws -> Void) async throws {
        try await withTestServer(Distribution([]), worker: false) { server in try await body(server.makeNetwork()) }
    }

    @Test func `An invitation works once`() async throws {
        try await withNetwork { network in
            let person = try await network.post("/people", ["name": "P"]).expecting(201)
            let code = try await network.post("/people/\(person.id)/invitations").expecting(201).json["code"] ?? .null
            #expect(try await network.server.post("/v1/invitations/accept", ["code": code], token: nil).status == 200)
            let again = try await network.server.post("/v1/invitations/accept", ["code": code], token: nil)
            #expect(again.status == 404)
            #expect(again.text.contains("ask whoever invited you for a new one"))
        }
    }

    @Test func `Of several who accept an invitation at once, one gets in`() async throws {
        try await withNetwork { network in
            let person = try await network.post("/people", ["name": "P"]).expecting(201)
            let code = try await network.post("/people/\(person.id)/invitations").expecting(201).json["code"] ?? .null
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<5 {
                    group.addTask { try await network.server.post("/v1/invitations/accept", ["code": code], token: nil).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 404, 404, 404, 404])
        }
    }

    @Test func `A second invitation makes the first one stop working, and time does too`() async throws {
        try await withNetwork { network in
            let server = network.server
            let person = try await network.post("/people", ["name": "P"]).expecting(201)
            let first = try await network.post("/people/\(person.id)/invitations").expecting(201).json["code"] ?? .null
            let second = try await network.post("/people/\(person.id)/invitations").expecting(201).json["code"] ?? .null
            #expect(try await server.post("/v1/invitations/accept", ["code": first], token: nil).status == 404)
            _ = try await server.superuser.query("update kith.invitations set expires_at = now() where accepted_at is null")
            #expect(try await server.post("/v1/invitations/accept", ["code": second], token: nil).status == 404)
        }
    }

    @Test func `An invitation cannot take over an account that exists`() async throws {
        try await withNetwork { network in
            let server = network.server
            let first = try await network.post("/people", ["name": "P", "email": "p@example.org"]).expecting(201)
            let code = try await network.post("/people/\(first.id)/invitations").expecting(201).json["code"]?.string ?? ""
            let account = try await server.accept(code).account
            // Somebody else's network invites the same address.
            let other = try await server.makeNetwork()
            let again = try await other.post("/people", ["name": "Q", "email": "P@example.org"]).expecting(201)
            let trap = try await other.post("/people/\(again.id)/invitations").expecting(201).json["code"] ?? .null
            let refused = try await server.post("/v1/invitations/accept", ["code": trap], token: nil)
            #expect(refused.status == 409 && refused.json["detail"]?.string?.hasPrefix("You already have an account.") == true)
            let tokens = try await server.superuser.query(
                "select count(*) from kith.api_tokens where account_id = \(account)::text::uuid"
            ).decode(Int.self)
            #expect(tokens == [1])
            // A person who can sign in already cannot be handed to somebody else.
            let second = try await network.post("/people/\(first.id)/invitations").json["code"] ?? .null
            #expect(try await server.post("/v1/invitations/accept", ["code": second], token: nil).status == 409)
            let thief = try await other.person().token
            #expect(try await server.post("/v1/invitations/accept", ["code": second], token: thief).status == 409)
            let holder = try await server.superuser.query(
                "select account_id::text from kith.people where person_id = \(first.id)::text::uuid"
            ).decode(String.self)
            #expect(holder == [account])
        }
    }

    @Test func `Whoever has left cannot be invited again by an old code or a new one`() async throws {
        try await withNetwork { network in
            let person = try await network.person()
            _ = try await network.server.send(.post, network.path("/leave"), token: person.token)
            #expect(try await network.post("/people/\(person.id)/invitations").status == 404)
            // An invitation that was under way when the person went.
            let invited = try await network.post("/people", ["name": "P"]).expecting(201).id
            let code = try await network.post("/people/\(invited)/invitations").expecting(201).json["code"] ?? .null
            _ = try await network.server.superuser.query(
                "update kith.people set ended_at = now() where person_id = \(invited)::text::uuid")
            #expect(try await network.server.post("/v1/invitations/accept", ["code": code], token: nil).status == 404)
        }
    }
}
