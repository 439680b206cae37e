import ExpertPanels
import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Subprocess
import SystemPackage
import Testing
import struct FoundationEssentials.Date

@Suite struct CalendarTests {
    /// What Python's icalendar reads from a text.
    private func read(_ text: String) async throws -> JSON {
        let program = """
            import json, sys, icalendar
            calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
            utc = lambda value: value.dt.strftime("%Y-%m-%dT%H:%M:%S%z") if value else None
            print(json.dumps({"method": str(calendar.get("method")), "name": str(calendar.get("x-wr-calname")), "events": [
                {"uid": str(e["uid"]), "sequence": e["sequence"], "summary": str(e["summary"]), "location": str(e.get("location", "")),
                 "start": utc(e["dtstart"]), "end": utc(e.get("dtend")), "stamp": utc(e["dtstamp"]), "status": str(e["status"]),
                 "organizer": str(e.get("organizer", "")), "attendee": str(e.get("attendee", "")), "errors": len(e.errors)}
                for e in calendar.walk("VEVENT")]}))
            """
        let result = try await Subprocess.run(
            .path(FilePath(TestTools.python)), arguments: ["-c", program], input: .string(text), output: .string(limit: 1 << 20))
        return try JSON(reading: Array(result.standardOutput.utf8))
    }

    private let moment = Date(timeIntervalSince1970: 1_795_272_008)

    @Test(arguments: [
        "Plain", "Commas, semicolons; back\\slashes and \"quotes\"", "Two\nlines\r\nor three",
        "Cyfarfod y panel yn Nhŷ'r Ŵyl – croeso i bawb o bob man, hen ac ifanc, dewch yn llu",
        "👩🏽‍🦽👨‍👩‍👧‍👦👩🏽‍🦽👨‍👩‍👧‍👦👩🏽‍🦽👨‍👩‍👧‍👦👩🏽‍🦽👨‍👩‍👧‍👦", "END:VEVENT\r\nBEGIN:VALARM", "",
    ])
    func `Any words come back from another reader as they were`(words: String) async throws {
        let entry = CalendarDocument.Entry(
            uid: "meeting-1", sequence: 3, changedAt: moment, startsAt: moment, endsAt: moment.addingTimeInterval(3600), summary: words,
            location: words)
        let text = CalendarDocument(name: words, entries: [entry]).text
        #expect(text.utf8.split(separator: 0x0a).allSatisfy { $0.count <= 76 && $0.last == 0x0d })
        let json = try await read(text)
        let event = try #require(json["events"]?.array?.first)
        let expected = JSON.string(words.replacing("\r\n", with: "\n"))
        #expect(event["summary"] == expected && event["location"] == expected)
        #expect(event["start"] == "2026-11-21T14:40:08+0000" && event["end"] == "2026-11-21T15:40:08+0000")
        #expect(event["sequence"] == 3 && event["status"] == "CONFIRMED" && event["errors"] == 0)
        #expect(json["events"]?.array?.count == 1)
    }

    @Test(arguments: [(CalendarDocument.Method.request, "CONFIRMED"), (.cancel, "CANCELLED")])
    func `An invitation and its cancellation name who invites and who is invited`(method: CalendarDocument.Method, status: String)
        async throws
    {
        let entry = CalendarDocument.Entry(uid: "meeting-1", sequence: 1, changedAt: moment, startsAt: moment, summary: "Panel")
        let json = try await read(
            CalendarDocument(name: "Llais", method: method, organiser: "kith@example.org", attendee: "a@example.org", entries: [entry]).text
        )
        let event = json["events"]?.array?.first
        #expect(json["method"]?.string == method.rawValue && event?["status"]?.string == status)
        #expect(event?["organizer"] == "mailto:kith@example.org" && event?["attendee"] == "mailto:a@example.org")
    }

    @Test func `A calendar is read by its secret address until it is withdrawn, or its person has left`() async throws {
        try await withTestServer(Distribution([ExpertPanels.self]), worker: false) {
            $0.site = "https://kith.example.org"
        } _: { server in
            let network = try await server.makeNetwork(named: "Llais")
            try await network.enable("expert_panels")
            let programme = try await network.programme()
            let panel = try await network.post("/panels", ["programme_id": .string(programme), "name": "P", "purpose": "Q"]).expecting(201)
                .id
            let call: JSON = ["title": "Carers, all", "description": "Hidden", "seats": 2, "closes_at": "2026-12-24T12:00:00Z"]
            _ = try await network.post("/panels/\(panel)/opportunities", call).expecting(201)
            let person = try await network.person(.participant)
            let made = try await network.post("/calendars", ["name": "Phone"], as: person).expecting(201)
            let url = made.json["url"]?.string ?? ""
            #expect(url.hasPrefix("https://kith.example.org/v1/calendars/kith_calendar_") && url.hasSuffix(".ics"))
            let path = String(url.dropFirst("https://kith.example.org".count))
            let read = try await server.get(path, token: nil).expecting(200)
            #expect(read.headers[.contentType] == "text/calendar; charset=utf-8" && !read.text.contains("Hidden"))
            let json = try await self.read(read.text)
            #expect(json["name"] == "Llais")
            #expect(json["events"]?.array?.map { $0["summary"] } == ["Closes: Carers, all"])
            #expect(json["events"]?.array?.first?["start"] == "2026-12-24T12:00:00+0000")
            // Disabled means not there.
            _ = try await network.delete("/modules/expert_panels")
            #expect(try await server.get(path, token: nil).expecting(200).text.contains("Carers") == false)
            // Only the hash is kept, and nobody else sees that there is one.
            let kept = try await server.superuser.query("select string_agg(f::text, '') from kith.calendar_feeds f").decode(String?.self)
            #expect(kept.first??.contains("kith_calendar_") == false)
            #expect(try await network.get("/calendars").items.isEmpty)
            #expect(try await network.delete("/calendars/\(made.id)").status == 404)
            #expect(try await server.get("/v1/calendars/kith_calendar_00.ics", token: nil).status == 404)
            #expect(try await network.delete("/calendars/\(made.id)", as: person).status == 204)
            #expect(try await server.get(path, token: nil).status == 404)
            let second = try await network.post("/calendars", ["name": "Desk"], as: person).expecting(201).json["url"]?.string ?? ""
            let other = String(second.dropFirst("https://kith.example.org".count))
            #expect(try await server.get(other, token: nil).status == 200)
            func able(_ disabled: Query) async throws {
                _ = try await server.superuser.query(
                    "update kith.accounts set disabled_at = \(query: disabled) where account_id = \(person.account)::text::uuid")
            }
            try await able("now()")
            #expect(try await server.get(other, token: nil).status == 404)
            try await able("null")
            #expect(try await server.get(other, token: nil).status == 200)
            #expect(try await network.post("/leave", as: person).status == 204)
            #expect(try await server.get(other, token: nil).status == 404)
        }
    }
}
