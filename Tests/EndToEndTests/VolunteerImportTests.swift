import HTTPTypes
import Kith
import KithTesting
import Testing

@Suite struct VolunteerImportTests {
    @Test func `A file is checked without being taken, and then taken`() async throws {
        try await Call.with { call in
            let file = try PanelInstance.candidates()
            let checked = try await call.importVolunteers(file, "?dry_run=true").expecting(200)
            #expect(checked.json == ["rows": 200, "imported": 0, "dry_run": true, "problems": [], "question_count": 0, "questions": []])
            #expect(try await call.volunteers() == 0)
            let taken = try await call.importVolunteers(file).expecting(200)
            #expect(taken.json == ["rows": 200, "imported": 200, "dry_run": false, "problems": [], "question_count": 0, "questions": []])
            #expect(try await call.volunteers() == 200)
        }
    }

    @Test func `Every bad row is named with its number, its field and the reason, and nothing is taken`() async throws {
        try await Call.with { call in
            let file = "id,age\nA,old\n,young\nB,\nA,old\n\(String(repeating: "x", count: 101)),old\n"
            let refused = try await call.importVolunteers(file)
            #expect(refused.status == 422)
            #expect(refused.pointers == ["/rows/3/id", "/rows/4/age", "/rows/5/id", "/rows/6/id"])
            #expect(refused.json["errors"]?.array?[2]["detail"] == "This id stands in row 2 already.")
            #expect(try await call.volunteers() == 0)
            let checked = try await call.importVolunteers(file, "?dry_run=true").expecting(200)
            #expect(checked.json["problems"]?.array?.compactMap { $0["row"]?.integer } == [3, 4, 5, 6])
            #expect(checked.json["problems"]?.array?[1]["field"] == "age")
            let taken = try await call.importVolunteers(file, "?skip_bad_rows=true").expecting(200)
            #expect(taken.json["imported"] == 1)
            #expect(taken.json["rows"] == 5)
            #expect(taken.json["problems"]?.array?.count == 4)
            #expect(try await call.volunteers() == 1)
        }
    }

    @Test func `Volunteers who are here already are not taken twice`() async throws {
        try await Call.with { call in
            _ = try await call.importVolunteers("id,age\nA,old\nB,old\n").expecting(200)
            let again = try await call.importVolunteers("id,age\nB,old\nC,old\n")
            #expect(again.status == 422)
            #expect(again.pointers == ["/rows/2/id"])
            #expect(try await call.volunteers() == 2)
            let rest = try await call.importVolunteers("id,age\nB,old\nC,old\n", "?skip_bad_rows=true").expecting(200)
            #expect(rest.json["imported"] == 1)
            #expect(try await call.volunteers() == 3)
        }
    }

    @Test(arguments: [
        "\u{feff}id,age\r\nA,old\r\nB,\"old, or\nyoung\"\r\n", "id,age\nA,\"\"\"quoted\"\"\"\nB,old", "age,id\nold,A\nyoung,B\n",
        "id,age\n\"A\",old\n\"B\",\"old\"\n",
    ])
    func `A file may come from any spreadsheet`(file: String) async throws {
        try await Call.with { call in
            let taken = try await call.importVolunteers(file).expecting(200)
            #expect(taken.json["imported"] == 2)
            let references = try await call.network.get("\(call.path)/volunteers").items.compactMap { $0["reference"]?.string }
            #expect(references.sorted() == ["A", "B"])
        }
    }

    @Test(arguments: ["", "name,age\nA,old\n", "id,age,age\nA,1,2\n", "id,age\nA,\"old\n", "id,age\nA,old,extra\n", "id,age\nA\n"])
    func `A file that is no table, or lacks what is needed, is refused with the place`(file: String) async throws {
        try await Call.with { call in
            let refused = try await call.importVolunteers(file)
            #expect(refused.status == 422, "\(refused.text)")
            #expect(refused.pointers.allSatisfy { $0.hasPrefix("/rows/") } && !refused.pointers.isEmpty)
            #expect(try await call.volunteers() == 0)
        }
    }

    @Test func `A file in another encoding, or with the character NUL, is refused`() async throws {
        try await Call.with { call in
            for bytes: [UInt8] in [[0xe9], [0x00], [0xff, 0xfe]] {
                let file = Array("id,age\nA,caf".utf8) + bytes + Array("\n".utf8)
                let refused = try await call.importVolunteers(file)
                #expect(refused.status == 422, "\(bytes)")
            }
            #expect(try await call.volunteers() == 0)
        }
    }

    @Test func `A hundred thousand volunteers are taken at once, or none of them`() async throws {
        try await Call.with { call in
            let rows = (1...100_000).map { "P\($0),\($0 % 3 == 0 ? "old" : "young"),r\($0 % 12)\n" }.joined()
            let bad = try await call.importVolunteers("id,age,region\n\(rows)P1,old,r1\n")
            #expect(bad.status == 422)
            #expect(bad.pointers == ["/rows/100002/id"])
            #expect(try await call.volunteers() == 0)
            let start = ContinuousClock.now
            let taken = try await call.importVolunteers("id,age,region\n\(rows)").expecting(200)
            print("100,000 volunteers were imported in \(start.duration(to: .now))")
            #expect(taken.json["imported"] == 100_000)
            #expect(try await call.volunteers() == 100_000)
        }
    }

    /// Takes a file and answers the events of it: their kinds, and what they hold.
    private static func events(_ call: Call, _ file: String, _ options: String = "", _ headers: HTTPFields = [:]) async throws
        -> (answer: TestResponse, kinds: [String], data: [JSON])
    {
        var headers = headers
        headers[.contentType] = "text/csv"
        headers[.accept] = "text/event-stream"
        let answer = try await call.network.server.send(
            .post, call.network.path("\(call.path)/volunteers/import\(options)"), bytes: Array(file.utf8),
            token: call.network.administrator.token, headers: headers)
        let lines = answer.text.split(separator: "\n")
        return try (
            answer, lines.filter { $0.hasPrefix("event: ") }.map { String($0.dropFirst(7)) },
            lines.filter { $0.hasPrefix("data: ") }.map { try JSON(reading: Array($0.utf8.dropFirst(6))) }
        )
    }

    @Test func `Whoever asks for it is told how far the import is, and at the end what came of it`() async throws {
        try await Call.with { call in
            let rows = "id,age\n" + (1...20_000).map { "P\($0),old\n" }.joined()
            let (answer, kinds, data) = try await Self.events(call, rows)
            #expect(answer.status == 200 && answer.headers[.contentType] == "text/event-stream")
            #expect(kinds.count > 2 && kinds.last == "result" && kinds.dropLast().allSatisfy { $0 == "progress" })
            let shares = data.compactMap { $0["progress"]?.number }
            #expect(shares == shares.sorted() && shares.allSatisfy { (0...1).contains($0) } && Set(shares).count > 2)
            #expect(data.last?["imported"] == 20_000)
            #expect(try await call.volunteers() == 20_000)

            let refused = try await Self.events(call, "id,age\nP1,old\nQ1,old\nQ2,\n")
            #expect(refused.kinds.last == "problem" && refused.data.last?["status"] == 422)
            #expect(refused.data.last?["errors"]?.array?.map { $0["pointer"] } == ["/rows/4/age", "/rows/2/id"])
            #expect(try await call.volunteers() == 20_000)
            #expect(try await Self.events(call, "id,age\nQ1,old\n", "?dry_run=true").data.last?["dry_run"] == true)
            #expect(try await call.volunteers() == 20_000)
        }
    }

    @Test func `Who may not import is refused before anything is told, and a request that may be repeated is answered whole`() async throws
    {
        try await Call.with { call in
            let member = try await call.network.person(.participant)
            let refused = try await call.network.server.send(
                .post, call.network.path("\(call.path)/volunteers/import"), bytes: Array("id,age\nA,old\n".utf8), token: member.token,
                headers: [.contentType: "text/csv", .accept: "text/event-stream"])
            #expect(refused.status == 403)
            let key = try #require(HTTPField.Name("Idempotency-Key"))
            for _ in 1...2 {
                let whole = try await Self.events(call, "id,age\nA,old\n", "", [key: "again"]).answer.expecting(200)
                #expect(whole.json["imported"] == 1)
            }
        }
    }

    @Test func `Two who send the same file at once take it once`() async throws {
        try await Call.with { call in
            let file = try PanelInstance.candidates()
            async let one = call.importVolunteers(file)
            async let two = call.importVolunteers(file)
            let statuses = [try await one.status, try await two.status].sorted()
            #expect(statuses[0] == 200)
            #expect([409, 422].contains(statuses[1]))
            #expect(try await call.volunteers() == 200)
        }
    }
}
