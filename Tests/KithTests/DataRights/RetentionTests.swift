import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct RetentionTests {
    @Test func `What has had its time is shown first, goes when the job runs, and nothing else does`() async throws {
        try await withTestServer(Distribution([])) { server in
            let network = try await server.makeNetwork()
            let person = try await network.person(.participant)
            let asked = try await network.post("/people/me/rectifications", ["request": "Quillwort"], as: person).expecting(201)
            _ = try await network.post("/rectifications/\(asked.id)/decide", ["outcome": "refused", "answer": "Quillwort"]).expecting(200)
            let fresh = try await network.post("/people/me/rectifications", ["request": "Fresh"], as: person).expecting(201)
            func rows() async throws -> JSON? {
                try await network.get("/retention-rules").expecting(200).items.first { $0["name"] == "rectifications" }?["rows"]
            }
            #expect(try await rows() == 0)
            _ = try await server.superuser.query(
                "update kith.rectifications set decided_at = now() - interval '200 days' where decided_at is not null")
            #expect(try await rows() == 0)
            // A network keeps things for less time, or more, within limits.
            #expect(try await network.send(.put, "/retention-rules/rectifications", ["days": 5]).status == 422)
            #expect(try await network.send(.put, "/retention-rules/unknown", ["days": 5]).status == 404)
            _ = try await network.send(.put, "/retention-rules/rectifications", ["days": 100]).expecting(204)
            #expect(try await rows() == 1)
            let job = try await network.post("/retention-rules/run").expecting(202)
            let done = try await network.finished(job)
            #expect(done["result"]?["erased"]?["rectifications"] == 1)
            #expect(try await rows() == 0)
            #expect(try await network.get("/rectifications/\(asked.id)").json["request"] == "Erased")
            #expect(try await network.get("/rectifications/\(fresh.id)").json["request"] == "Fresh")
        }
    }

    @Test func `What is restricted is kept however old it is`() async throws {
        try await withTestServer(Distribution([])) { server in
            let network = try await server.makeNetwork()
            let person = try await network.person(.participant)
            _ = try await network.send(.put, "/people/me/restriction", [:], as: person).expecting(200)
            _ = try await server.superuser.query("update kith.invitations set expires_at = now() - interval '400 days'")
            let done = try await network.finished(network.post("/retention-rules/run").expecting(202))
            #expect(done["state"] == "succeeded")
            let kept = try await server.superuser.query("select person_id::text from kith.invitations").decode(String.self)
            #expect(kept == [person.id])
        }
    }

    @Test func `The job is asked for once a day in each network`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            _ = try await server.makeNetwork()
            _ = try await server.superuser.query("update kith.networks set created_at = now() - interval '2 days'")
            for _ in 0..<2 { _ = try await server.app.query("select kith.keep_data_rights()") }
            #expect(try await server.superuser.query("select count(*) from kith.jobs where kind = 'core.retain'").decode(Int.self) == [1])
        }
    }
}
