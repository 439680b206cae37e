import ExpertPanels
import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct DataExportTests {
    @Test func `A person fetches a copy of everything about them, once, and of nobody else`() async throws {
        try await withTestServer(Distribution([ExpertPanels.self])) { server in
            let network = try await server.makeNetwork()
            let person = try await network.person(.participant)
            let other = try await network.person(.participant)
            for (who, name) in [(person, "Ada Quillwort"), (other, "Bert Otherling")] {
                let version = try await network.get("/people/\(who.id)").version
                _ = try await network.patch("/people/\(who.id)", ["name": .string(name), "phone": "=1+1"], version: version).expecting(200)
            }
            let asked = try await network.post("/people/me/exports", as: person).expecting(202)
            #expect(asked.headers[.location] == network.path("/data-requests/\(asked.id)"))
            try await network.done(asked.id, as: person)
            let code = asked.json["code"] ?? .null
            // A wrong code does not use it up.
            let wrong = JSON.string("kith_export_" + String(repeating: "0", count: 64))
            #expect(try await network.post("/data-requests/\(asked.id)/download", ["code": wrong], as: person).status == 422)
            let answer = try await network.post(
                "/data-requests/\(asked.id)/download", ["code": code], as: person, headers: [.repeating: "k1"]
            ).expecting(200)
            #expect(answer.headers[.contentType] == "application/zip")
            let files = try unzipped(answer.body)
            let page = files["index.html"] ?? ""
            #expect(page.contains("Ada Quillwort") && page.contains("Your name and how to reach you"))
            let document = try JSON(reading: Array((files["data.json"] ?? "").utf8))
            let own = document["sections"]?.array?.first { $0["table"] == "kith.people" }
            #expect(own?["rows"]?.array?.count == 1 && own?["rows"]?.array?[0]["name"] == "Ada Quillwort")
            let csv = try #require(files.first { $0.key.hasSuffix("your-name-and-how-to-reach-you.csv") }?.value)
            #expect(csv.contains("Ada Quillwort,") && csv.contains("'=1+1"))
            for (name, text) in files { #expect(!text.contains("Otherling") && !text.contains(other.id), "\(name)") }
            // Once: the copy is gone, from the database too, and from what is kept for repeated requests.
            #expect(try await network.post("/data-requests/\(asked.id)/download", ["code": code], as: person).status == 404)
            #expect(try await server.superuser.query("select count(*) from kith.exports").decode(Int.self) == [0])
            #expect(try await server.superuser.query("select body is null from kith.idempotency_keys").decode(Bool.self) == [true])
        }
    }

    @Test func `A copy in the database is readable by nobody without the code`() async throws {
        try await withTestServer(Distribution([])) { server in
            let network = try await server.makeNetwork()
            let person = try await network.person(.participant)
            let asked = try await network.post("/people/me/exports", as: person, headers: [.repeating: "k2"]).expecting(202)
            try await network.done(asked.id, as: person)
            let code = asked.json["code"]?.string ?? ""
            #expect(code.hasPrefix("kith_export_") && code.count == 76)
            let content = try await server.superuser.query("select content from kith.exports").decode([UInt8].self)[0]
            #expect(!content.starts(with: Array("PK".utf8)))
            #expect(!String(decoding: content, as: UTF8.self).contains("index.html"))
            let kept = try await server.superuser.query("select count(*) from kith.idempotency_keys where body like '%kith_export%'")
                .decode(Int.self)
            #expect(kept == [0])
            // The administrator has no business with it, with the code neither.
            let taken = try await network.post("/data-requests/\(asked.id)/download", ["code": .string(code)])
            #expect(taken.status == 404)
            _ = try await network.post("/data-requests/\(asked.id)/download", ["code": .string(code)], as: person).expecting(200)
        }
    }

    @Test func `Nobody but an administrator asks for a copy of somebody else`() async throws {
        try await withTestServer(Distribution([])) { server in
            let network = try await server.makeNetwork()
            let (person, other, lead) = (
                try await network.person(.participant), try await network.person(.participant), try await network.person(.programmeLead)
            )
            for who in [other, lead] {
                #expect(try await network.post("/people/\(person.id)/exports", ["reason": "I want it"], as: who).status == 403)
                #expect(try await network.post("/people/\(person.id)/erasures", ["reason": "I want it"], as: who).status == 403)
            }
            let asked = try await network.post("/people/me/exports", as: person).expecting(202)
            #expect(try await network.get("/data-requests/\(asked.id)", as: other).status == 404)
            #expect(try await network.post("/data-requests/\(asked.id)/cancel", as: other).status == 404)
        }
    }

    @Test func `What an administrator asks for takes a second one, who was there before, and the person is told`() async throws {
        try await withTestServer(Distribution([])) { server in
            let network = try await server.makeNetwork()
            let second = try await network.secondAdministrator()
            let person = try await network.person(.participant)
            #expect(try await network.post("/people/\(person.id)/exports").status == 422)
            let asked = try await network.post("/people/\(person.id)/exports", ["reason": "A court has ordered it"]).expecting(202)
            #expect(asked.json["state"] == "awaiting_approval")
            #expect(try await network.get("/data-requests/\(asked.id)", as: person).json["reason"] == "A court has ordered it")
            let told = try await server.superuser.query(
                "select count(*) from kith.events where kind = 'data_request.about_you' and person_id = \(person.id)::text::uuid"
            ).decode(Int.self)
            #expect(told == [1])
            // Not by whoever asked, nor by an administrator who was made for it.
            #expect(try await network.post("/data-requests/\(asked.id)/approve").status == 403)
            let puppet = try await network.person(.administrator)
            #expect(try await network.post("/data-requests/\(asked.id)/approve", as: puppet).status == 403)
            #expect(try await network.post("/data-requests/\(asked.id)/approve", as: person).status == 403)
            _ = try await network.post("/data-requests/\(asked.id)/approve", as: second).expecting(200)
            try await network.done(asked.id)
            // Only the one who asked has the code, and may fetch it.
            let code: JSON = ["code": asked.json["code"] ?? .null]
            #expect(try await network.post("/data-requests/\(asked.id)/download", code, as: second).status == 404)
            _ = try await network.post("/data-requests/\(asked.id)/download", code).expecting(200)
        }
    }

    @Test func `A request that nobody approved in time has run out`() async throws {
        try await withTestServer(Distribution([])) { server in
            let network = try await server.makeNetwork()
            let second = try await network.secondAdministrator()
            let person = try await network.person(.participant)
            let asked = try await network.post("/people/\(person.id)/exports", ["reason": "A court has ordered it"]).expecting(202)
            _ = try await server.superuser.query("update kith.data_requests set expires_at = now() - interval '1 second'")
            #expect(try await network.state(ofRequest: asked.id) == "expired")
            #expect(try await network.post("/data-requests/\(asked.id)/approve", as: second).status == 409)
        }
    }

    @Test func `The database itself refuses what one administrator does alone`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let person = try await network.person(.participant)
            let asked = try await network.post("/people/\(person.id)/erasures", ["reason": "Tidying up"]).expecting(202)
            for change in ["approved_by = asked_by", "done_at = now()"] {
                let error = await #expect(throws: PostgresError.self) {
                    _ = try await server.superuser.query(
                        "update kith.data_requests set \(raw: change) where request_id = \(asked.id)::text::uuid")
                }
                #expect(error?.sqlState?.rawValue == "23514", "\(change)")
            }
            let opened = await #expect(throws: PostgresError.self) {
                _ = try await server.app.batch([
                    "select set_config('kith.network', \(network.id), true)",
                    "select kith.begin_data_request(\(asked.id)::text::uuid, 'erasure')",
                ])
            }
            #expect(opened?.sqlState?.rawValue == "KH409")
        }
    }
}
