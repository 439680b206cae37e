import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct AuditTests {
    /// Does something and tells what was recorded of it, by its action.
    private func recorded(in server: TestServer, _ work: () async throws -> Void) async throws -> [String] {
        let entries: Query = "select entry_id::text, action from kith.audit_entries order by at"
        let before = Set(try await server.superuser.query(entries).decode((String, String).self).map(\.0))
        try await work()
        return try await server.superuser.query(entries).decode((String, String).self).filter { !before.contains($0.0) }.map(\.1)
    }

    @Test func `Every change writes one entry, and a change that is refused writes none`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let person = try await network.post("/people", ["name": "P"]).expecting(201)
            let organisation = try await network.post("/organisations", ["name": "O", "kind": "charity"]).expecting(201)
            let programme = try await network.post("/programmes", ["name": "P"]).expecting(201)
            let admin = network.administrator.token
            func expect(_ actions: [String], _ status: Int, _ send: () async throws -> TestResponse) async throws {
                let actual = try await recorded(in: server) {
                    let answer = try await send()
                    #expect(answer.status == status)
                }
                #expect(actual == actions)
            }
            try await expect(["network.created"], 201) {
                try await server.post("/v1/networks", ["name": "N", "administrator_name": "A"], token: server.operatorToken)
            }
            try await expect([], 403) { try await server.post("/v1/networks", ["name": "N", "administrator_name": "A"], token: admin) }
            try await expect(["network.updated"], 200) { try await network.patch("", ["name": "New"], version: "\"1\"") }
            try await expect([], 412) { try await network.patch("", ["name": "Old"], version: "\"1\"") }
            try await expect(["organisation.created"], 201) { try await network.post("/organisations", ["name": "B", "kind": "council"]) }
            try await expect([], 409) { try await network.post("/organisations", ["name": "B", "kind": "council"]) }
            try await expect([], 422) { try await network.post("/organisations", ["name": "C", "kind": "guild"]) }
            try await expect(["organisation.updated"], 200) {
                try await network.patch("/organisations/\(organisation.id)", ["name": "Other"], version: organisation.version)
            }
            try await expect(["person.created"], 201) { try await network.post("/people", ["name": "Q"]) }
            try await expect(["person.updated"], 200) {
                try await network.patch("/people/\(person.id)", ["phone": "01234"], version: person.version)
            }
            try await expect(["affiliation.created"], 201) {
                try await network.post(
                    "/affiliations", ["person_id": .string(person.id), "organisation_id": .string(organisation.id), "role": "Trustee"])
            }
            try await expect([], 409) {
                try await network.post(
                    "/affiliations", ["person_id": .string(person.id), "organisation_id": .string(person.id), "role": "Trustee"])
            }
            try await expect(["programme.updated"], 200) {
                try await network.patch("/programmes/\(programme.id)", ["name": "R"], version: programme.version)
            }
            try await expect(["programme.organisation_added"], 201) {
                try await network.post(
                    "/programmes/\(programme.id)/organisations", ["organisation_id": .string(organisation.id), "part": "lead"])
            }
            try await expect(["programme.organisation_removed"], 204) {
                try await network.delete("/programmes/\(programme.id)/organisations/\(organisation.id)")
            }
            try await expect([], 404) { try await network.delete("/programmes/\(programme.id)/organisations/\(organisation.id)") }
            let grant = try await network.post("/role-grants", ["person_id": .string(person.id), "role": "observer"])
            try await expect(["role.ended"], 204) { try await network.delete("/role-grants/\(grant.id)") }
            try await expect([], 404) { try await network.delete("/role-grants/\(grant.id)") }
            try await expect(["invitation.created"], 201) { try await network.post("/people/\(person.id)/invitations") }
            try await expect(["token.created"], 201) { try await server.post("/v1/tokens", ["name": "T"], token: admin) }
            let leaver = try await network.person()
            try await expect(["withdrawal.recorded", "person.left"], 204) {
                try await server.post(network.path("/leave"), token: leaver.token)
            }
        }
    }

    @Test(arguments: [
        "update kith.audit_entries set action = 'nothing'", "delete from kith.audit_entries", "truncate kith.audit_entries",
    ])
    func `Nobody can change what was recorded, the owner neither`(statement: String) async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            _ = try await server.makeNetwork()
            for (name, client) in [("app", server.app), ("owner", server.owner), ("superuser", server.superuser)] {
                await #expect(throws: PostgresError.self, "\(name)") { _ = try await client.query(Query(raw: statement)) }
            }
            #expect(try await server.superuser.query("select from kith.audit_entries where action = 'network.created'").count == 1)
        }
    }

    @Test func `An entry names who, what and the request, and holds no word of content`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let answer = try await network.post("/people", ["name": "Quillwort", "email": "quillwort@example.org"]).expecting(201)
            let entries = try await network.get("/audit-entries?subject_id=\(answer.id)")
            let entry = try #require(entries.items.first)
            #expect(entry["account_id"]?.string == network.administrator.account)
            #expect(entry["person_id"]?.string == network.administrator.id)
            #expect(entry["request_id"]?.string == answer.headers[.requestIdentifier])
            let everything = try await server.superuser.query(
                "select coalesce(string_agg(e::text, ''), '') || (select string_agg(v::text, '') from kith.events v) from kith.audit_entries e"
            ).decode(String.self)
            #expect(everything.first?.contains("uillwort") == false)
        }
    }
}

extension HTTPField.Name {
    static let requestIdentifier = HTTPField.Name("X-Request-ID")!
}
