import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct RecordAccessTests {
    private static let reason = HTTPField.Name("Kith-Access-Reason")!

    private func withNetwork(_ body: @escaping @Sendable (TestNetwork) async throws -> Void) async throws {
        try await withTestServer(Distribution([]), worker: false) { server in try await body(server.makeNetwork()) }
    }

    @Test func `A reason that was stated is deleted by the right of a person only`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let person = try await network.person(.participant)
            _ = try await network.get("/people/\(person.id)", headers: [Self.reason: "She rang"]).expecting(200)
            func delete(_ settings: Query) async throws -> Int {
                try await server.app.batch([
                    "select set_config('kith.network', \(network.id), true), \(query: settings)", "delete from kith.access_reasons",
                ])[1].affected
            }
            #expect(try await delete("1") == 0)
            #expect(try await delete("set_config('kith.rights', \(person.id), true)") == 1)
        }
    }

    @Test func `A person sees who has looked at their record, when, as what, and why`() async throws {
        try await withNetwork { network in
            let (server, person) = (network.server, try await network.person())
            let facilitator = try await network.person(.facilitator)
            #expect(try await network.get("/people/me/accesses", as: person).items == [])
            _ = try await server.get(
                network.path("/people/\(person.id)"), token: facilitator.token, headers: [Self.reason: "She asked me to ring her"]
            ).expecting(200)
            _ = try await network.get("/people/\(person.id)").expecting(200)
            let seen = try await network.get("/people/me/accesses", as: person).expecting(200).items
            #expect(seen.count == 2)
            #expect(seen.map { $0["person_id"]?.string } == [facilitator.id, network.administrator.id])
            #expect(seen.map { $0["role"]?.string } == ["facilitator", "administrator"])
            #expect(seen.map { $0["reason"] } == ["She asked me to ring her", .null])
            #expect(seen.allSatisfy { $0["operation"] == "get_person" && $0["is_list"] == false && $0["person_name"] != .null })
            // It is theirs to see, and nobody else's; the log has a digest and no word.
            #expect(try await network.get("/people/me/accesses", as: facilitator).items.isEmpty)
            let entries = try await network.get("/audit-entries?subject_id=\(person.id)")
            #expect(entries.items.filter { $0["action"] == "read.get_person" }.count == 2)
            #expect(!entries.text.contains("ring her"))
            let digest = try await server.superuser.query(
                """
                select e.digest = sha256(r.salt || convert_to(r.reason, 'UTF8')) from kith.access_reasons r
                    join kith.audit_entries e using (network_id, entry_id)
                """
            ).decode(Bool.self)
            #expect(digest == [true])
        }
    }

    @Test func `A page of the list is one entry, and whoever stands on it sees that it was read`() async throws {
        try await withNetwork { network in
            var people: [TestPerson] = []
            for _ in 0..<3 { people.append(try await network.person()) }
            let page = try await network.get("/people?limit=2&after=\(people[0].id)").expecting(200)
            #expect(page.items.map { $0["id"]?.string } == [people[1].id, people[2].id])
            #expect(try await network.get("/audit-entries").items.filter { $0["action"] == "read.list_people" }.count == 1)
            #expect(try await network.get("/people/me/accesses", as: people[0]).items.isEmpty)
            for person in people[1...] {
                let seen = try await network.get("/people/me/accesses", as: person).items
                #expect(seen.count == 1)
                #expect(seen.first?["is_list"] == true)
                #expect(seen.first?["operation"] == "list_people")
            }
        }
    }

    @Test func `One's own reads, refused ones and those of nobody are not recorded`() async throws {
        try await withNetwork { network in
            let (server, person, other) = (network.server, try await network.person(), try await network.person(.facilitator))
            func reads() async throws -> Int {
                try await server.superuser.query("select from kith.audit_entries where action like 'read.%'").count
            }
            _ = try await network.get("/people/me", as: person).expecting(200)
            _ = try await network.get("/people/\(other.id)", as: other).expecting(200)
            #expect(try await network.get("/people/\(other.id)", as: person).status == 403)
            #expect(try await network.get("/people/\(network.id)", as: other).status == 404)
            let elsewhere = try await server.makeNetwork()
            #expect(try await elsewhere.get("/people/\(person.id)").status == 404)
            #expect(try await server.get(network.path("/people/\(person.id)"), token: elsewhere.administrator.token).status == 404)
            #expect(try await reads() == 0)
            // Asking for the heading only, or for what changed, is looking too.
            let answer = try await network.get("/people/\(person.id)", as: other).expecting(200)
            _ = try await server.send(.head, network.path("/people/\(person.id)"), token: other.token)
            let again = try await server.get(
                network.path("/people/\(person.id)"), token: other.token, headers: [.ifNoneMatch: answer.version ?? ""])
            #expect(again.status == 304)
            #expect(try await reads() == 3)
        }
    }

    @Test func `A reason that is too long is refused, and nothing is read`() async throws {
        try await withNetwork { network in
            let person = try await network.person()
            let answer = try await network.server.get(
                network.path("/people/\(person.id)"), token: network.administrator.token,
                headers: [Self.reason: String(repeating: "x", count: 501)])
            #expect(answer.status == 422)
            #expect(try await network.get("/people/me/accesses", as: person).items.isEmpty)
        }
    }

    @Test func `Where the read cannot be recorded, nothing is answered`() async throws {
        try await withNetwork { network in
            let person = try await network.person()
            _ = try await network.server.superuser.query("revoke insert on kith.access_reasons from kith_app")
            let answer = try await network.get("/people/\(person.id)")
            #expect(answer.status >= 500)
            #expect(!answer.text.contains("A Person"))
        }
    }
}
