import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Foundation
import Testing

@Suite struct MeetingMessageTests {
    @Test func `An invitation, a change and a cancellation reach the calendar as the same entry`() async throws {
        try await RightsScene.withMail { scene, mailServer in
            let network = scene.network
            try await scene.reach(scene.person, email: "a@example.org")
            let meeting = try await scene.meeting()
            let path = "\(scene.meetings)/\(meeting.id)"
            try await scene.invite(scene.person, to: meeting.id).expecting(201)
            let invited = try await mailServer.mails(1, to: "a@example.org")[0]
            #expect(invited.subject.hasPrefix("You are invited to a meeting on ") && !invited.subject.contains("First"))
            let text = invited["text"]?.string ?? ""
            #expect(text.contains("First (Crisis care)") && text.contains("Town hall") && text.contains("You do not have to come"))
            #expect(invited["calendar_type"]?.string?.contains("method=\"REQUEST\"") == true || invited.invitation("METHOD") == "REQUEST")
            #expect(invited.invitation("UID") == "\(meeting.id)@kith" && invited.invitation("SEQUENCE") == "1")
            #expect(invited.invitation("ORGANIZER") == "mailto:kith@example.org")
            #expect(invited["defects"] == [])
            // Another name alone tells nobody; another time does, and a second change before it went out would not do so twice.
            let renamed = try await network.patch(path, ["title": "Second"], version: meeting.version).expecting(200)
            let moved = try await network.patch(
                path, ["starts_at": RightsScene.time(60), "ends_at": RightsScene.time(62), "place": "Library"], version: renamed.version
            ).expecting(200)
            let changed = try await mailServer.mails(2, to: "a@example.org")[1]
            #expect(changed.subject.hasPrefix("A meeting that you are invited to has changed"))
            #expect(changed["text"]?.string?.contains("Library") == true)
            #expect(changed.invitation("UID") == invited.invitation("UID") && changed.invitation("METHOD") == "REQUEST")
            #expect(changed.invitation("DTSTART") != invited.invitation("DTSTART"))
            #expect(try #require(Int(changed.invitation("SEQUENCE"))) > 1)
            #expect(moved.json["place"] == "Library")
            for _ in 0..<2 { _ = try await network.post("\(path)/cancel").expecting(200) }
            let off = try await mailServer.mails(3, to: "a@example.org")[2]
            #expect(off.subject.hasPrefix("A meeting is called off"))
            #expect(off.invitation("METHOD") == "CANCEL" && off.invitation("STATUS") == "CANCELLED")
            #expect(off.invitation("UID") == invited.invitation("UID"))
            #expect(try #require(Int(off.invitation("SEQUENCE"))) > #require(Int(changed.invitation("SEQUENCE"))))
            #expect(try await scene.messages(of: scene.person).count == 3)
        }
    }

    @Test func `An invitation that is taken back is taken out of the calendar, and comes back with a later one`() async throws {
        try await RightsScene.withMail { scene, mailServer in
            let network = scene.network
            try await scene.reach(scene.person, email: "a@example.org")
            let meeting = try await scene.meeting().id
            try await scene.invite(scene.person, to: meeting).expecting(201)
            _ = try await mailServer.mails(1, to: "a@example.org")
            for _ in 0..<2 { _ = try await network.delete("\(scene.meetings)/\(meeting)/people/\(scene.person.id)").expecting(204) }
            let ended = try await mailServer.mails(2, to: "a@example.org")[1]
            #expect(ended.subject.hasPrefix("You are no longer expected at a meeting"))
            try await scene.invite(scene.person, to: meeting).expecting(201)
            let mails = try await mailServer.mails(3, to: "a@example.org")
            #expect(mails.map { $0.invitation("METHOD") } == ["REQUEST", "CANCEL", "REQUEST"])
            #expect(mails.map { $0.invitation("SEQUENCE") } == ["1", "2", "3"])
        }
    }

    @Test func `Whoever has not heard of a meeting yet does not hear that it is off`() async throws {
        try await RightsScene.with { scene in
            try await scene.reach(scene.person, email: "a@example.org")
            let (first, second) = (try await scene.meeting(), try await scene.meeting())
            for meeting in [first, second] { try await scene.invite(scene.person, to: meeting.id).expecting(201) }
            let moved: JSON = ["starts_at": RightsScene.time(60), "ends_at": RightsScene.time(62)]
            _ = try await scene.network.patch("\(scene.meetings)/\(first.id)", moved, version: first.version).expecting(200)
            _ = try await scene.network.post("\(scene.meetings)/\(first.id)/cancel").expecting(200)
            _ = try await scene.network.delete("\(scene.meetings)/\(second.id)/people/\(scene.person.id)").expecting(204)
            #expect(try await scene.messages(of: scene.person) == Array(repeating: "core.meeting_invitation cancelled", count: 2))
        }
    }

    @Test func `Whoever asked for post or a call is invited by letter or call, in their language`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            let caller = try await network.person(.participant)
            try await scene.reach(scene.person, by: "post", ["locale": "cy"], address: "1 Stryd Fawr")
            try await scene.reach(caller, by: "phone", phone: "01248 000000")
            let meeting: JSON = [
                "title": "Panel", "starts_at": "2099-11-24T14:00:00Z", "ends_at": "2099-11-24T16:00:00Z", "place": "Neuadd y Dref",
                "remote_link": "https://example.org/room",
            ]
            let id = try await network.post(scene.meetings, meeting).expecting(201).id
            for person in [scene.person, caller] { try await scene.invite(person, to: id).expecting(201) }
            let letter = try await network.post("/letters/print").expecting(200).text
            #expect(letter.contains("dydd Mawrth 24 Tachwedd 2099, 14:00 tan 16:00"))
            #expect(
                letter.contains("Neuadd y Dref\nAr-lein: https:&#x2F;&#x2F;example.org")
                    || letter.contains("Ar-lein: https://example.org/room"))
            let calls = try await network.post("/calls/print").expecting(200).text
            #expect(calls.contains("Tuesday 24 November 2099, 14:00 to 16:00") && calls.contains("01248 000000"))
            // A letter that was printed says how it stood then: the change goes out as another.
            _ = try await network.post("\(scene.meetings)/\(id)/cancel").expecting(200)
            #expect(try await network.post("/letters/print").expecting(200).text.contains("Ni fydd cyfarfod"))
        }
    }

    @Test func `Meetings stand in the calendar that a person subscribes to, without what lets anybody in`() async throws {
        try await RightsScene.with(configure: { $0.site = "https://kith.example.org" }) { scene in
            let network = scene.network
            let made = try await network.post("/calendars", ["name": "Phone"], as: scene.person).expecting(201).json["url"]?.string ?? ""
            let address = String(made.dropFirst("https://kith.example.org".count))
            let body: JSON = [
                "title": "Panel", "starts_at": RightsScene.time(48), "ends_at": RightsScene.time(50),
                "remote_link": "https://example.org/room?code=Quillwort",
            ]
            let meeting = try await network.post(scene.meetings, body).expecting(201).id
            func feed() async throws -> String { try await network.server.get(address, token: nil).expecting(200).text }
            #expect(try await !feed().contains(meeting))
            try await scene.invite(scene.person, to: meeting).expecting(201)
            let invited = try await feed()
            #expect(invited.contains("UID:\(meeting)@kith\r\nSEQUENCE:1\r\n") && invited.contains("LOCATION:Online"))
            #expect(!invited.contains("Quillwort"))
            _ = try await network.post("\(scene.meetings)/\(meeting)/cancel").expecting(200)
            let off = try await feed()
            #expect(off.contains("SEQUENCE:2") && off.contains("STATUS:CANCELLED"))
            _ = try await network.post("/withdrawals", ["activity_id": .string(scene.panel)], as: scene.person).expecting(201)
            #expect(try await !feed().contains(meeting))
        }
    }

    @Test func `A digest brings the entries of all its meetings`() async throws {
        try await RightsScene.withMail { scene, mailServer in
            try await scene.reach(scene.person, ["digest": "daily"], email: "a@example.org")
            for _ in 0..<2 { try await scene.invite(scene.person, to: scene.meeting().id).expecting(201) }
            _ = try await scene.network.server.superuser.query("update kith.messages set due_at = now()")
            let digest = try await mailServer.mails(1, to: "a@example.org")[0]
            #expect(digest["text"]?.string?.components(separatedBy: "– You are invited to a meeting on").count == 3)
            #expect(digest.invitation("METHOD") == "REQUEST" && digest["defects"] == [])
        }
    }
}
