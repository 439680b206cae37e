import Allocation
import ExpertPanels
import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct DrawRecordTests {
    private func commit(_ call: Call, _ pool: String) async throws -> JSON {
        let job = try await call.network.finished(
            call.network.post(
                "\(call.panelPath)/draws", ["pool_id": .string(pool), "public_value_source": "The national lottery of tomorrow"]))
        #expect(job["state"] == "succeeded", "\(job)")
        return try #require(try await call.network.get("\(call.panelPath)/draws").items.last)
    }

    private func reveal(_ call: Call, _ draw: JSON, _ value: String) async throws -> TestResponse {
        try await call.network.post("\(call.panelPath)/draws/\(draw["id"]?.string ?? "")/reveal", ["public_value": .string(value)])
    }

    @Test func `A draw is committed to, waits for the public value, and its record passes every check`() async throws {
        try await Call.with { call in
            try await call.fill()
            let pool = try await call.freeze().expecting(201)
            let before = try await commit(call, pool.id)
            #expect(before["commitment"]?.string?.count == 64)
            #expect(before["committed_at"] != .null)
            #expect([before["secret"], before["seed"], before["drawn_at"], before["public_value"]] == [.null, .null, .null, .null])
            let path = "\(call.panelPath)/draws/\(before["id"]?.string ?? "")"
            let auditor = try await call.network.person(.auditor)
            #expect(try await call.network.get("\(path)/record", as: auditor).status == 409)
            let waiting = try await call.network.post("\(call.panelPath)/draws", ["pool_id": .string(pool.id)])
            #expect(waiting.status == 409)
            #expect(waiting.json["detail"]?.string?.contains("public value") == true)

            #expect(try await call.network.finished(reveal(call, before, "3 9 27"))["state"] == "succeeded")
            #expect(try await reveal(call, before, "4 10 28").status == 409)
            let after = try await call.network.get(path).expecting(200).json
            #expect(after["commitment"] == before["commitment"])
            #expect(after["public_value"] == "3 9 27")
            #expect(after["secret"]?.string?.count == 64)

            let answer = try await call.network.get("\(path)/record", as: auditor).expecting(200)
            let record = try DrawFile.record(reading: Array(answer.text.utf8))
            #expect(try record.check().allSatisfy { $0.problem == nil })
            #expect(record.committed == before["commitment"]?.string)
            let seats = try await call.network.get("\(path)/seats?limit=200").items.filter { $0["part"] == "seat" }
            #expect(record.panel == seats.compactMap { $0["reference"]?.string })
            // Not for those who draw.
            #expect(try await call.network.get("\(path)/record").status == 403)
        }
    }

    @Test func `Alternates are drawn with the panel, committed to, and shown beside seats and reserves`() async throws {
        try await Call.with { call in
            try await call.fill()
            let (pool, draws) = (try await call.freeze().expecting(201).id, "\(call.panelPath)/draws")
            #expect(try await call.network.post(draws, ["pool_id": .string(pool), "alternates": 101]).status == 422)
            let job = try await call.network.finished(call.network.post(draws, ["pool_id": .string(pool), "alternates": 3]))
            #expect(job["result"]?["alternates"] == 3)
            let path = try "\(draws)/\(#require(job["result"]?["draw_id"]?.string))"
            #expect(try await call.network.get(path).json["alternates"] == 3)
            let seats = try await call.network.get("\(path)/seats?limit=200").items
            let alternates = seats.filter { $0["is_alternate"] == true }
            #expect(alternates.map { [$0["part"], $0["place"]] } == (1...3).map { ["reserve", .integer($0)] })
            #expect(seats.count { $0["part"] == "reserve" } > 3)

            let auditor = try await call.network.person(.auditor)
            let record = try DrawFile.record(reading: Array(try await call.network.get("\(path)/record", as: auditor).text.utf8))
            #expect(record.alternates == alternates.compactMap { $0["reference"]?.string })
            #expect(try record.check().allSatisfy { $0.problem == nil })
            let person = try await call.network.person(.participant)
            _ = try await call.network.send(
                .put, "\(call.path)/volunteers/\(alternates[0]["volunteer_id"]?.string ?? "")/person", ["person_id": .string(person.id)]
            ).expecting(200)
            let own = try await call.network.get("\(path)/own-chance", as: person).json
            #expect(own["outcome_in_words"]?.string?.hasSuffix("You are an alternate: you come along from the beginning.") == true)
        }
    }

    @Test func `Nothing that was committed to can be changed, by whoever can write to the table`() async throws {
        try await Call.with { call in
            try await call.fill()
            let other = try await call.freeze().expecting(201).id
            let draw = try await commit(call, call.freeze().expecting(201).id)
            func refuse(_ changes: [Query]) async {
                for change in changes {
                    let refused = await #expect(throws: PostgresError.self, "\(change)") {
                        _ = try await call.network.server.superuser.query("update expert_panels.draws set \(query: change)")
                    }
                    #expect(refused?.constraint == "draws_commitment_kept", "\(change)")
                }
            }
            await refuse([
                "pool_id = \(other)::text::uuid", "algorithm = 'uniform'", "version = '0'", "secret = repeat('a', 64)",
                "secret_hash = repeat('a', 64)", "public_value_source = 'my dice'", "lottery = '[]'", "lottery_hash = 'x'",
                "alternates = 5", "commitment = repeat('a', 64)", "committed_at = now() + interval '1 day'",
            ])
            _ = try await call.network.finished(reveal(call, draw, "1"))
            await refuse(["seed = repeat('a', 64)", "public_value = '2'", "drawn_at = null"])
        }
    }

    @Test func `A public value that was given stays, before the draw too, and a draw that is void stays so`() async throws {
        try await Call.with(worker: false) { call in
            try await call.fill()
            let pool = try await call.freeze().expecting(201).id
            _ = try await call.network.post("\(call.panelPath)/draws", ["pool_id": .string(pool)]).expecting(202)
            let database = call.network.server.superuser
            func refuse(_ change: Query) async {
                let refused = await #expect(throws: PostgresError.self, "\(change)") {
                    _ = try await database.query("update expert_panels.draws set \(query: change)")
                }
                #expect(refused?.constraint == "draws_commitment_kept", "\(change)")
            }
            _ = try await database.query("update expert_panels.draws set public_value = '1'")
            await refuse("public_value = '2'")
            await refuse("public_value = null")
            _ = try await database.query("update expert_panels.draws set voided_at = now(), note = 'Somebody withdrew.'")
            await refuse("note = 'Nobody withdrew.'")
            await refuse("voided_at = now() + interval '1 day'")
        }
    }

    @Test func `Whoever withdraws while a draw waits makes it be committed to again, with a new public value`() async throws {
        try await Call.with { call in
            try await call.fill()
            let first = try await commit(call, call.freeze().expecting(201).id)
            let volunteer = try await call.network.get("\(call.path)/volunteers?limit=1").items[0]["id"]?.string ?? ""
            try await call.withdraw(volunteer)
            #expect(try await call.network.finished(reveal(call, first, "3 9 27"))["state"] == "succeeded")
            let draws = try await call.network.get("\(call.panelPath)/draws").items
            #expect(draws.count == 2)
            #expect(draws[0]["note"]?.string?.contains("new public value") == true)
            #expect(draws[1]["commitment"]?.string?.count == 64)
            #expect(draws[1]["commitment"] != draws[0]["commitment"])
            #expect(draws[1]["drawn_at"] == .null && draws[1]["public_value"] == .null)
            #expect(try await call.network.finished(reveal(call, draws[1], "5 6 7"))["state"] == "succeeded")
            #expect(try await call.network.get("\(call.panelPath)/draws").items[1]["drawn_at"] != .null)
        }
    }

    @Test func `Whoever withdraws when nobody can take their place voids the draw, and its note says what would help`() async throws {
        try await Call.with(seats: 2) { call in
            _ = try await call.importVolunteers("id,age\nA,old\nB,old\nC,young\n").expecting(200)
            _ = try await call.importTargets("feature,value,min,max\nage,old,1,1\nage,young,1,1\n").expecting(200)
            let draw = try await commit(call, call.freeze().expecting(201).id)
            let volunteers = try await call.network.get("\(call.path)/volunteers").items
            let young = volunteers.first { $0["reference"] == "C" }?["id"]?.string ?? ""
            try await call.withdraw(young)
            let job = try await call.network.finished(reveal(call, draw, "1"))
            #expect(job["state"] == "failed")
            let after = try await call.network.get("\(call.panelPath)/draws").items
            #expect(after.count == 1)
            #expect(after[0]["voided_at"] != .null)
            #expect(after[0]["note"]?.string?.contains("young") == true)
        }
    }

    @Test func `Each volunteer reads their own chance, why, and what happened, and nobody else's`() async throws {
        try await Call.with(seats: 2) { call in
            _ = try await call.importVolunteers("id,age\nA,old\nB,old\nC,old\nD,old\nE,old\nF,young\n").expecting(200)
            _ = try await call.importTargets("feature,value,min,max\nage,old,1,1\nage,young,1,1\n").expecting(200)
            var people: [(person: TestPerson, reference: String)] = []
            for volunteer in try await call.network.get("\(call.path)/volunteers").items {
                let person = try await call.network.person(.participant)
                _ = try await call.network.server.put(
                    call.network.path("\(call.path)/volunteers/\(volunteer["id"]?.string ?? "")/person"), ["person_id": .string(person.id)],
                    token: call.network.administrator.token
                ).expecting(200)
                people.append((person, volunteer["reference"]?.string ?? ""))
            }
            let draw = try await commit(call, call.freeze().expecting(201).id)
            let path = "\(call.panelPath)/draws/\(draw["id"]?.string ?? "")/own-chance"
            let old = try #require(people.first { $0.reference == "A" })
            let early = try await call.network.get(path, as: old.person).expecting(200).json
            #expect(early["outcome"] == "waiting")
            #expect(abs((early["chance"]?.number ?? 0) - 0.2) < 1e-6)
            #expect(early["in_words"]?.string?.contains("20.0 in 100, about one in 5") == true, "\(early)")
            #expect(early["reasons"]?.array == ["age old: 5 people were in the pool for 1 of the seats. That lowered your chance."])
            _ = try await call.network.finished(reveal(call, draw, "1"))
            var outcomes: [JSON?] = []
            for (person, reference) in people {
                let answer = try await call.network.get(path, as: person).expecting(200)
                outcomes.append(answer.json["outcome"])
                if reference == "F" { #expect(answer.json["in_words"]?.string?.contains("certain") == true) }
                // Nothing of anybody else, nor of small groups.
                #expect(!people.contains { answer.text.contains("\"\($0.reference)\"") || answer.text.contains($0.person.id) })
                #expect(!answer.text.contains("1 people"))
            }
            #expect(outcomes.count { $0 == "seat" } == 2)
            #expect(try await call.network.get(path).status == 404)
            let stranger = try await call.network.person(.participant)
            #expect(try await call.network.get(path, as: stranger).status == 404)
        }
    }
}
