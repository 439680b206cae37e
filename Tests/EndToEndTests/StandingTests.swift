import Allocation
import ExpertPanels
import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

/// What is settled about somebody before a draw, and what other targets would do.
@Suite struct StandingTests {
    private static func volunteers(_ call: Call) async throws -> [JSON] {
        try await call.network.get("\(call.path)/volunteers?limit=200").items
    }

    private static func freeze(_ call: Call, _ others: [String: JSON]) async throws -> TestResponse {
        try await call.network.post(
            "\(call.panelPath)/pools", .object(["opportunity_id": .string(call.id)].merging(others) { $1 }))
    }

    /// Draws a pool and answers the draw, with its seats.
    private static func drawn(_ call: Call, _ pool: String) async throws -> (draw: String, seats: [JSON]) {
        let job = try await call.draw(pool)
        let draw = try #require(job["result"]?["draw_id"]?.string, "\(job)")
        return (draw, try await call.network.get("\(call.panelPath)/draws/\(draw)/seats?limit=200").items.filter { $0["part"] == "seat" })
    }

    @Test func `Who is seated is drawn, who is excluded is not and is told why, and the record can be checked`() async throws {
        try await Call.with { call in
            try await call.fill()
            let people = try await Self.volunteers(call)
            let (seated, excluded) = (people[0], people[1])
            let person = try await call.network.person(.participant)
            _ = try await call.network.server.put(
                call.network.path("\(call.path)/volunteers/\(excluded["id"]?.string ?? "")/person"),
                ["person_id": .string(person.id)], token: call.network.administrator.token
            ).expecting(200)
            let pool = try await Self.freeze(
                call,
                [
                    "seated_ids": [seated["id"] ?? .null],
                    "excluded": [["volunteer_id": excluded["id"] ?? .null, "reason": "You work for the trust."]],
                ]
            ).expecting(201)
            #expect(pool.json["seated"] == 1 && pool.json["excluded"] == 1 && pool.json["volunteers"] == 200)
            let (draw, seats) = try await Self.drawn(call, pool.id)
            let references = seats.compactMap { $0["reference"] }
            #expect(seats.count == 20)
            #expect(references.contains(seated["reference"] ?? .null) && !references.contains(excluded["reference"] ?? .null))
            let own = try await call.network.get("\(call.panelPath)/draws/\(draw)/own-chance", as: person).expecting(200).json
            #expect(own["chance"] == 0 && own["outcome"] == "excluded" && own["reasons"] == ["You work for the trust."])
            let auditor = try await call.network.person(.auditor)
            let answer = try await call.network.get("\(call.panelPath)/draws/\(draw)/record", as: auditor).expecting(200)
            let record = try DrawFile.record(reading: Array(answer.text.utf8))
            #expect(try record.check().allSatisfy { $0.problem == nil })
            let picture = try await call.network.get("\(call.panelPath)/draws/\(draw)/plot", as: person).expecting(200)
            #expect(picture.headers[.contentType] == "image/svg+xml" && picture.text.contains("200 people, 20 drawn"))
        }
    }

    @Test func `After a draw only the seats that are free again are drawn, and the targets hold for all together`() async throws {
        try await Call.with { call in
            try await call.fill()
            let (draw, seats) = try await Self.drawn(call, call.freeze().expecting(201).id)
            // Under tight targets not everybody can be replaced.
            var (gone, pool): (JSON?, TestResponse?) = (nil, nil)
            for seat in seats where pool == nil {
                func end(_ moment: Query) async throws {
                    _ = try await call.network.server.superuser.query(
                        "update expert_panels.seats set ended_at = \(query: moment) where seat_id::text = \(seat["id"]?.string)")
                }
                try await end("now()")
                let answer = try await Self.freeze(call, ["after_draw_id": .string(draw)])
                if answer.status == 201 { (gone, pool) = (seat["reference"], answer) } else { try await end("null") }
            }
            let refrozen = try #require(pool)
            #expect(refrozen.json["seated"] == 19 && refrozen.json["excluded"] == 1)
            let again = try await Self.drawn(call, refrozen.id).seats
            let (before, after) = (Set(seats.compactMap { $0["reference"]?.string }), Set(again.compactMap { $0["reference"]?.string }))
            #expect(
                after.count == 20
                    && after.intersection(before) == before.subtracting([gone?.string ?? ""]))
            try PanelInstance.expectTargets(metBy: Array(after))
        }
    }

    @Test func `Nothing is settled about somebody unknown, twice, without a reason or of another call`() async throws {
        try await Call.with { call in
            try await call.fill()
            let someone = try #require(try await Self.volunteers(call).first?["id"])
            let unknown: JSON = "0190c7a4-0000-7000-8000-000000000000"
            let refusals: [(String, JSON, String)] = [
                ("seated_ids", [unknown], "/seated_ids/0"),
                ("excluded", [["volunteer_id": unknown, "reason": "No"]], "/excluded/0/volunteer_id"),
                ("excluded", [["volunteer_id": someone]], "/excluded/0/reason"),
                ("excluded", [["volunteer_id": someone, "reason": "No"], ["volunteer_id": someone, "reason": "No"]], "/excluded"),
            ]
            for (field, value, pointer) in refusals {
                let answer = try await Self.freeze(call, [field: value])
                #expect(answer.status == 422 && answer.text.contains(pointer), "\(answer.text)")
            }
            #expect(try await Self.freeze(call, ["after_draw_id": unknown]).status == 404)
            #expect(try await call.network.get("\(call.panelPath)/pools").items.isEmpty)
        }
    }

    @Test func `Other targets can be tried before anything is frozen, by those who set them`() async throws {
        try await Call.with { call in
            try await call.fill()
            let targets = try await call.network.get("\(call.path)/targets").items
            // In the order of the file.
            #expect(targets.prefix(4).map { $0["value"] } == ["woman", "man", "other", "16-29"])
            let target = targets[0]
            let path = "\(call.path)/targets/what-if"
            func moved(_ minimum: Int64, _ maximum: Int64) -> JSON {
                [
                    "targets": [
                        [
                            "feature": target["feature"] ?? .null, "value": target["value"] ?? .null, "minimum": .integer(minimum),
                            "maximum": .integer(maximum),
                        ]
                    ]
                ]
            }
            let same = try await call.network.post(path, moved(target["minimum"]?.integer ?? 0, target["maximum"]?.integer ?? 0))
                .expecting(200).json
            #expect(same["now"] == same["then"] && same["people"]?.array?.count == 200)
            #expect(same["people"]?.array?.allSatisfy { $0["now"] == $0["then"] } == true)
            let tighter = try await call.network.post(path, moved(20, 20)).expecting(200).json
            #expect(tighter["now"] == same["now"] && tighter["then"]?["problem"]?.string?.isEmpty == false)
            #expect(
                try await call.network.post(path, ["targets": [["feature": "shoe", "value": "9", "minimum": 1, "maximum": 2]]]).status
                    == 422)
            let participant = try await call.network.person(.participant)
            #expect(try await call.network.post(path, moved(1, 2), as: participant).status == 403)
            #expect(try await call.network.get("\(call.panelPath)/pools").items.isEmpty)
        }
    }
}
