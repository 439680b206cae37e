import Kith
import KithTesting
import Postgres
import Testing

/// When a draw takes a public value, and when not.
@Suite struct RevealTests {
    private static let lottery: JSON = "The national lottery of tomorrow"

    private func fill(_ call: Call) async throws -> String {
        _ = try await call.importVolunteers("id,kind\nA,any\nB,any\nC,any\n").expecting(200)
        _ = try await call.importTargets("feature,value,min,max\nkind,any,0,2\n").expecting(200)
        return try await call.freeze().expecting(201).id
    }

    private func draw(_ call: Call) async throws -> String {
        try await call.network.get("\(call.panelPath)/draws").items[0]["id"]?.string ?? ""
    }

    private func reveal(_ call: Call, _ draw: String) async throws -> TestResponse {
        try await call.network.post("\(call.panelPath)/draws/\(draw)/reveal", ["public_value": "3 9 27"])
    }

    @Test func `No public value is taken before the draw is committed to`() async throws {
        try await Call.with(seats: 2, worker: false) { call in
            let pool = try await fill(call)
            _ = try await call.network.post(
                "\(call.panelPath)/draws", ["pool_id": .string(pool), "public_value_source": Self.lottery]
            ).expecting(202)
            let early = try await reveal(call, try await draw(call))
            #expect(early.status == 409 && early.text.contains("not committed to yet"))
            let kept = try await call.network.server.superuser.query("select public_value from expert_panels.draws").decode(String?.self)
            #expect(kept == [nil])
        }
    }

    @Test func `A draw that waits for none takes no public value, and neither does one that is void`() async throws {
        try await Call.with(seats: 2) { call in
            _ = try await call.draw(try await fill(call))
            let done = try await reveal(call, try await draw(call))
            #expect(done.status == 409 && done.text.contains("takes no public value"))
        }
        try await Call.with(seats: 2) { call in
            let job = try await call.network.post(
                "\(call.panelPath)/draws", ["pool_id": .string(fill(call)), "public_value_source": Self.lottery]
            ).expecting(202).id
            try await eventually("the commitment") {
                try await call.network.get("/jobs/\(job)").json["state"] == "succeeded" ? true : nil
            }
            _ = try await call.network.server.superuser.query(
                "update expert_panels.draws set voided_at = now(), note = 'Somebody withdrew.'")
            #expect(try await reveal(call, try await draw(call)).status == 409)
            #expect(try await call.network.get("\(call.panelPath)/draws").items[0]["public_value"] == .null)
        }
    }

    @Test func `A draw is found under its own panel`() async throws {
        try await Call.with(seats: 2) { call in
            let pool = try await fill(call)
            let other = try await call.network.post(
                "/panels", ["programme_id": .string(call.network.programme("Another")), "name": "Another", "purpose": "To advise"]
            ).expecting(201).id
            #expect(try await call.network.post("/panels/\(other)/draws", ["pool_id": .string(pool)]).status == 404)
            _ = try await call.draw(pool)
            let draw = try await draw(call)
            #expect(try await call.network.post("/panels/\(other)/draws/\(draw)/reveal", ["public_value": "1"]).status == 404)
        }
    }
}
