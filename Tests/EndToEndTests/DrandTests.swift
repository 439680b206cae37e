import Allocation
import ExpertPanels
import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

/// A round of drand as the public value of a draw, read from a network that the test plays.
@Suite struct DrandTests {
    private static let signature = String(repeating: "ab", count: 48)
    // SHA-256 of 48 bytes 0xab.
    private static let randomness = "2b5194b12b01058a369ef70fdb8b9b3e1fbadf6d08b23c1d602d7b567163cffc"

    private static func with(
        allowing allowed: [String] = ["127.0.0.0/8"],
        _ body: @escaping @Sendable (Call, TestDrandServer, _ pool: String) async throws -> Void
    ) async throws {
        try await TestDrandServer.run { drand in
            try await Call.with(seats: 2) {
                $0.webhookPolicy = AddressPolicy(allowing: allowed.compactMap { AddressRange($0) })
            } _: { call in
                _ = try await call.importVolunteers("id,age\nA,old\nB,old\nC,old\nD,old\n").expecting(200)
                _ = try await call.importTargets("feature,value,min,max\nage,old,2,2\n").expecting(200)
                for (key, value) in [("drand_url", drand.url + "/"), ("drand_chain", TestDrandServer.chain)] {
                    _ = try await call.network.send(.put, "/modules/expert_panels/settings/\(key)", ["value": .string(value)])
                }
                try await body(call, drand, call.freeze().expecting(201).id)
            }
        }
    }

    private static func draw(_ call: Call, _ pool: String, _ more: [String: JSON]) async throws -> TestResponse {
        try await call.network.post("\(call.panelPath)/draws", .object(["pool_id": .string(pool)].merging(more) { $1 }))
    }

    private static func round(_ drand: TestDrandServer, _ changes: [String: JSON] = [:]) -> JSON {
        let round: [String: JSON] = [
            "round": .integer(Int64(drand.coming)), "randomness": .string(randomness), "signature": .string(signature),
        ]
        return .object(round.merging(changes) { $1 })
    }

    @Test func `A round to come is committed to, read when it is out, kept in the record, and checked without a server`() async throws {
        try await Self.with { call, drand, pool in
            let number = JSON.integer(Int64(drand.coming))
            for out: JSON in [1, .integer(Int64(drand.coming) - 110)] {
                let refused = try await Self.draw(call, pool, ["drand_round": out])
                #expect(refused.status == 422 && refused.pointers == ["/drand_round"])
            }
            let words = JSON.string(DrandRound.source(drand.coming, of: TestDrandServer.chain))
            #expect(try await Self.draw(call, pool, ["drand_round": number, "public_value_source": "dice"]).status == 422)
            #expect(try await Self.draw(call, pool, ["public_value_source": words]).status == 422)
            let committed = try await call.network.finished(Self.draw(call, pool, ["drand_round": number]))
            #expect(committed["result"]?["public_value_source"] == words)
            let path = try "\(call.panelPath)/draws/\(#require(committed["result"]?["draw_id"]?.string))"
            #expect(try await call.network.get(path).json["drand_due_at"] != .null)

            let early = try await call.network.post("\(path)/reveal")
            #expect(early.status == 409 && early.json["detail"]?.string?.contains("is not out yet") == true)
            #expect(try await call.network.post("\(path)/reveal", ["public_value": "mine"]).status == 422)
            for wrong: [String: JSON] in [
                ["round": 7], ["randomness": .string(String(repeating: "00", count: 32))], ["signature": "ab"], ["signature": "xyz"],
            ] {
                try drand.publish(drand.coming, Self.round(drand, wrong))
                let refused = try await call.network.post("\(path)/reveal")
                #expect(refused.status == 409 && refused.json["detail"]?.string?.contains("is not round") == true, "\(wrong)")
            }
            try drand.publish(drand.coming, Self.round(drand))
            #expect(try await call.network.finished(call.network.post("\(path)/reveal"))["state"] == "succeeded")
            let drawn = try await call.network.get(path).json
            #expect(drawn["public_value"]?.string == Self.randomness && drawn["drand_signature"]?.string == Self.signature)

            let auditor = try await call.network.person(.auditor)
            let text = try await call.network.get("\(path)/record", as: auditor).expecting(200).text
            let record = try DrawFile.record(reading: Array(text.utf8))
            #expect(record.drand?.address == "\(drand.url)/\(TestDrandServer.chain)/public/\(drand.coming)")
            #expect(try record.check().allSatisfy { $0.problem == nil })
            #expect(try record.check().contains { $0.statement.contains("drand's round \(drand.coming)") })
            for (part, other) in [("\"signature\":\"ab", "\"signature\":\"ac"), ("\"round\":\(drand.coming)", "\"round\":7")] {
                let changed = try DrawFile.record(reading: Array(text.replacing(part, with: other).utf8))
                #expect(
                    try changed.check().compactMap(\.problem) == [
                        "The round, its randomness or its signature was changed, or is not there."
                    ])
            }
            for change: Query in ["drand_signature = 'ac'", "drand_address = 'https://example.org'"] {
                let refused = await #expect(throws: PostgresError.self) {
                    _ = try await call.network.server.superuser.query("update expert_panels.draws set \(query: change)")
                }
                #expect(refused?.constraint == "draws_commitment_kept")
            }
        }
    }

    @Test func `Whoever withdraws makes the draw wait for a later round`() async throws {
        try await Self.with { call, drand, pool in
            let committed = try await call.network.finished(Self.draw(call, pool, ["drand_round": .integer(Int64(drand.coming))]))
            let first = try #require(committed["result"]?["draw_id"]?.string)
            let volunteer = try #require(try await call.network.get("\(call.path)/volunteers").items.first?["id"]?.string)
            try await call.withdraw(volunteer)
            try drand.publish(drand.coming, Self.round(drand))
            _ = try await call.network.finished(call.network.post("\(call.panelPath)/draws/\(first)/reveal"))
            let again = try #require(try await call.network.get("\(call.panelPath)/draws").items.last)
            #expect(again["replaces_id"]?.string == first && again["committed_at"] != .null && again["drawn_at"] == .null)
            let source = try #require(again["public_value_source"]?.string.flatMap(DrandRound.read))
            #expect(source.number >= drand.coming)
        }
    }

    @Test func `Whoever withdraws while the draw is made again for somebody else is not in it either`() async throws {
        try await Self.with { call, drand, pool in
            let first = try await call.network.finished(Self.draw(call, pool, ["drand_round": .integer(Int64(drand.coming))]))
            let draw = try #require(first["result"]?["draw_id"]?.string)
            let volunteers = try await call.network.get("\(call.path)/volunteers").items.compactMap { $0["id"]?.string }
            try await call.withdraw(volunteers[0])
            try drand.publish(drand.coming, Self.round(drand))
            var started: TestResponse?
            try await drand.answering {
                started = try await call.network.post("\(call.panelPath)/draws/\(draw)/reveal").expecting(202)
            } after: {
                try await call.withdraw(volunteers[1])
            }
            let ended = try await call.network.finished(#require(started))
            #expect(ended["state"] == "succeeded")
            let draws = try await call.network.get("\(call.panelPath)/draws").items
            #expect(draws.count == 2 && draws[0]["voided_at"] != .null && draws[1]["replaces_id"]?.string == draw)
            let members = try await call.network.server.superuser.query(
                """
                select volunteer_id::text from expert_panels.pool_members
                where pool_id = \(draws[1]["pool_id"]?.string)::text::uuid order by volunteer_id
                """
            ).decode(String.self)
            #expect(members == volunteers[2...].sorted())
        }
    }

    @Test func `A draw that was given up for another goes on with that one after a crash`() async throws {
        try await Self.with { call, drand, pool in
            let committed = try await call.network.finished(Self.draw(call, pool, ["public_value_source": "dice"]))
            let first = try #require(committed["result"]?["draw_id"]?.string)
            let volunteer = try #require(try await call.network.get("\(call.path)/volunteers").items.first?["id"]?.string)
            try await call.withdraw(volunteer)
            let revealed = try await call.network.post("\(call.panelPath)/draws/\(first)/reveal", ["public_value": "6"])
            _ = try await call.network.finished(revealed)
            // As if the server had gone down before the new draw was committed to.
            _ = try await call.network.server.superuser.batch([
                "set local session_replication_role = replica",
                "update expert_panels.draws set commitment = null, committed_at = null where replaces_id is not null",
            ])
            try await call.network.server.runAgain("job_id = \(revealed.id)::text::uuid")
            _ = try await call.network.finished(revealed)
            let again = try #require(try await call.network.get("\(call.panelPath)/draws").items.last)
            #expect(again["replaces_id"]?.string == first && again["committed_at"] != .null)
        }
    }

    @Test func `A draw that could not be committed to before its round is given up`() async throws {
        try await TestDrandServer.run { drand in
            try await Call.with(seats: 2, worker: false) {
                $0.webhookPolicy = AddressPolicy(allowing: ["127.0.0.0/8"].compactMap { AddressRange($0) })
            } _: { call in
                _ = try await call.importVolunteers("id,age\nA,old\nB,old\n").expecting(200)
                _ = try await call.importTargets("feature,value,min,max\nage,old,2,2\n").expecting(200)
                for (key, value) in [("drand_url", drand.url), ("drand_chain", TestDrandServer.chain)] {
                    _ = try await call.network.send(.put, "/modules/expert_panels/settings/\(key)", ["value": .string(value)])
                }
                let pool = try await call.freeze().expecting(201).id
                let started = try await Self.draw(call, pool, ["drand_round": .integer(Int64(drand.coming))])
                _ = try await call.network.server.superuser.query("update expert_panels.draws set drand_due_at = now()")
                try await call.network.server.withWorker(of: ExpertPanels.jobs) {
                    let ended = try await call.network.finished(started)
                    #expect(ended["state"] == "failed")
                }
                let draw = try #require(try await call.network.get("\(call.panelPath)/draws").items.first)
                #expect(draw["voided_at"] != .null && draw["committed_at"] == .null && draw["drawn_at"] == .null)
            }
        }
    }

    @Test func `Nothing is read where no drand is chosen, and nothing at a private address that is not permitted`() async throws {
        try await Self.with(allowing: []) { call, drand, pool in
            let closed = try await Self.draw(call, pool, ["drand_round": .integer(Int64(drand.coming))])
            #expect(closed.status == 409 && closed.json["detail"]?.string?.contains("does not answer") == true)
            _ = try await call.network.send(.put, "/modules/expert_panels/settings/drand_url", ["value": ""])
            let none = try await Self.draw(call, pool, ["drand_round": .integer(Int64(drand.coming))])
            #expect(none.status == 409 && none.json["detail"]?.string?.hasPrefix("No drand network is chosen here.") == true)
            #expect(try await call.network.get("\(call.panelPath)/draws").items.isEmpty)
        }
    }
}
