import CSV
import ExpertPanels
import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct PanelDrawTests {
    @Test func `A panel is drawn from the call to the seats, and every target is met`() async throws {
        try await Call.with { call in
            try await call.fill()
            let pool = try await call.freeze().expecting(201)
            #expect(pool.json["volunteers"] == 200)
            #expect(pool.json["seats"] == 20)
            let job = try await call.draw(pool.id)
            #expect(job["state"] == "succeeded", "\(job)")
            let draw = try #require(try await call.network.get("\(call.panelPath)/draws").items.first)
            #expect(draw["pool_hash"] == pool.json["hash"])
            #expect(draw["drawn_at"] != .null)
            let seats = try await call.network.get("\(call.panelPath)/draws/\(draw["id"]?.string ?? "")/seats?limit=200").items
            let drawn = seats.filter { $0["part"] == "seat" }
            let reserves = seats.filter { $0["part"] == "reserve" }
            #expect(drawn.count == 20)
            #expect(!reserves.isEmpty)
            #expect(drawn.compactMap { $0["place"]?.integer } == Array(1...20))
            #expect(reserves.compactMap { $0["place"]?.integer } == Array(1...Int64(reserves.count)))
            #expect(Set(seats.compactMap { $0["reference"]?.string }).count == seats.count)
            try PanelInstance.expectTargets(metBy: drawn.compactMap { $0["reference"]?.string })
        }
    }

    @Test func `The pages of a draw's seats are in the order of the draw`() async throws {
        try await Call.with { call in
            try await call.fill()
            _ = try await call.draw(call.freeze().expecting(201).id)
            let draw = try await call.network.get("\(call.panelPath)/draws").items[0]["id"]?.string ?? ""
            var places: [String] = []
            var after = ""
            repeat {
                let page = try await call.network.get("\(call.panelPath)/draws/\(draw)/seats?limit=7\(after)")
                places += page.items.map { "\($0["part"]?.string ?? "") \($0["place"]?.integer ?? 0)" }
                after = page.json["next"]?.string.map { "&after=\($0)" } ?? ""
            } while !after.isEmpty
            let expected = (1...20).map { "seat \($0)" } + (1...max(1, places.count - 20)).map { "reserve \($0)" }
            #expect(places == expected)
        }
    }

    @Test func `A pool that is frozen twice has the same hash, and another with one volunteer more`() async throws {
        try await Call.with { call in
            try await call.fill()
            let first = try await call.freeze().expecting(201)
            let second = try await call.freeze().expecting(201)
            #expect(first.json["hash"] == second.json["hash"])
            #expect(first.id != second.id)
            let header = "id,gender,age,education,ethnicity,region,address,zip"
            _ = try await call.importVolunteers("\(header)\nlate,man,75+,none,white,r5,a999,z\n").expecting(200)
            let third = try await call.freeze().expecting(201)
            #expect(third.json["hash"] != first.json["hash"])
            #expect(third.json["volunteers"] == 201)
            #expect(try await call.network.get("\(call.panelPath)/pools/\(first.id)").json["volunteers"] == 200)
        }
    }

    @Test func `Targets that no panel can meet are refused with the smallest change that helps`() async throws {
        try await Call.with(seats: 4) { call in
            _ = try await call.importVolunteers("id,age\nA,old\nB,old\nC,young\nD,young\nE,young\n").expecting(200)
            _ = try await call.importTargets("feature,value,min,max\nage,old,3,4\nage,young,0,4\n").expecting(200)
            let refused = try await call.freeze()
            #expect(refused.status == 409)
            let detail = refused.json["detail"]?.string ?? ""
            #expect(detail.contains("old") && detail.contains("2"), "\(detail)")
            #expect(try await call.network.get("\(call.panelPath)/pools").items.isEmpty)
            _ = try await call.importTargets("feature,value,min,max\nage,old,2,4\nage,young,0,4\n").expecting(200)
            #expect(try await call.freeze().status == 201)
        }
    }

    @Test func `Two coordinators who draw at once start one job and one draw`() async throws {
        try await Call.with { call in
            try await call.fill()
            let pool = try await call.freeze().expecting(201).id
            let jobs = try await withThrowingTaskGroup(of: TestResponse.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await call.network.post("\(call.panelPath)/draws", ["pool_id": .string(pool)]) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(jobs.allSatisfy { $0.status == 202 }, "\(jobs.map(\.text))")
            #expect(Set(jobs.map(\.id)).count == 1)
            try await eventually("the draw") {
                try await call.network.get("/jobs/\(jobs[0].id)").json["state"] == "succeeded" ? true : nil
            }
            #expect(try await call.network.get("\(call.panelPath)/draws").items.count == 1)
            let again = try await call.network.post("\(call.panelPath)/draws", ["pool_id": .string(pool)])
            #expect(again.status == 409)
            #expect(again.json["detail"]?.string?.contains("has been drawn") == true)
            #expect(try await call.network.get("\(call.panelPath)/draws").items.count == 1)
        }
    }

    @Test func `The algorithm stands on record before the draw begins, and nobody reads the secret or chooses it`() async throws {
        try await Call.with(worker: false) { call in
            try await call.fill()
            let pool = try await call.freeze().expecting(201).id
            _ = try await call.network.post("\(call.panelPath)/draws", ["pool_id": .string(pool)]).expecting(202)
            let draw = try #require(try await call.network.get("\(call.panelPath)/draws").items.first)
            #expect(draw["drawn_at"] == .null)
            #expect(draw["seed"] == .null)
            #expect(draw["secret"] == .null)
            #expect(draw["algorithm"] == "leximin")
            let seed = try await call.network.post("\(call.panelPath)/draws", ["pool_id": .string(pool), "seed": "mine"])
            #expect(seed.status == 422)
        }
    }

    @Test func `A draw of a pool that was changed behind its back is refused`() async throws {
        try await Call.with(worker: false) { call in
            try await call.fill()
            let pool = try await call.freeze().expecting(201).id
            _ = try await call.network.server.superuser.query(
                "update expert_panels.pool_members set answers = jsonb_set(answers, '{gender}', '\"woman\"') where reference = 'p0'")
            try await call.network.server.withWorker(of: ExpertPanels.jobs) {
                let job = try await call.draw(pool)
                #expect(job["state"] == "failed")
                #expect(job["problem"]?["detail"]?.string?.contains("hash differs") == true)
            }
        }
    }

    @Test func `A volunteer who withdraws is in no new pool, and the frozen one keeps its hash`() async throws {
        try await Call.with { call in
            try await call.fill()
            let before = try await call.freeze().expecting(201)
            let volunteer = try await call.network.get("\(call.path)/volunteers?limit=1").items[0]["id"]?.string ?? ""
            try await call.withdraw(volunteer)
            let after = try await call.freeze().expecting(201)
            #expect(after.json["volunteers"] == 199)
            #expect(after.json["hash"] != before.json["hash"])
            #expect(try await call.network.get("\(call.panelPath)/pools/\(before.id)").json["hash"] == before.json["hash"])
            #expect(try await call.draw(before.id)["state"] == "succeeded")
        }
    }
}
