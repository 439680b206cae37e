import Kith
import KithServer
import KithTesting
import Postgres
import Testing
import struct FoundationEssentials.UUID

/// Messages in the format that a person needs (DAPB1605).
@Suite struct FormatTests {
    @Test(arguments: ["braille", "audio", "bsl_video", "easy_read", "translation"])
    func `A format that the server cannot write is made by those who arrange, and nothing goes out in a wrong one`(format: String)
        async throws
    {
        try await RightsScene.withMail { scene, mailServer in
            let network = scene.network
            let other = try await network.person(.participant)
            for person in [scene.person, other] { try await scene.reach(person, email: "\(person.id)@example.org") }
            try await scene.decide()
            _ = try await scene.need(format)
            let meeting = try await scene.meeting().id
            for person in [scene.person, other] { try await scene.invite(person, to: meeting).expecting(201) }
            _ = try await mailServer.mails(1, to: "\(other.id)@example.org")
            let waiting = try await network.get("/messages-in-formats", as: scene.coordinator).expecting(200).items
            let message = try #require(waiting.first)
            #expect(waiting.count == 1 && message["formats"] == [.string(format)] && message["person_id"]?.string == scene.person.id)
            let printed = try await network.post("/messages-in-formats/print", as: scene.coordinator).expecting(200).text
            #expect(printed.contains("First (Crisis care)") && printed.contains("\(scene.person.id)@example.org"))
            // Who selects sees neither the list nor the message.
            for path in ["/messages-in-formats", "/messages-in-formats/\(UUID())/sent"] {
                #expect(try await network.get(path).status != 200, "\(path)")
            }
            #expect(try await network.post("/messages-in-formats/print").status == 403)
            #expect(try await network.get("/messages?person_id=\(scene.person.id)").items.isEmpty)
            let id = message["id"]?.string ?? ""
            #expect(try await network.post("/messages-in-formats/\(id)/sent").status == 403)
            _ = try await network.post("/messages-in-formats/\(id)/sent", as: scene.coordinator).expecting(200)
            #expect(try await network.get("/messages-in-formats", as: scene.coordinator).items.isEmpty)
            let again = try await network.post("/messages-in-formats/\(id)/sent", as: scene.coordinator).expecting(200)
            #expect(again.json["state"] == "sent")
            // What anybody else was sent is no business of theirs.
            let sent = try await network.server.superuser.query(
                "select message_id::text from kith.messages where person_id = \(other.id)::text::uuid"
            ).decode(String.self)
            #expect(try await network.post("/messages-in-formats/\(sent[0])/sent", as: scene.coordinator).status == 404)
            #expect(try mailServer.mails().count == 1)
        }
    }

    @Test func `A letter in Braille is not among those to post, until it is needed or shared no more`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            try await scene.reach(scene.person, by: "post", address: "1 High St")
            try await scene.decide()
            _ = try await scene.need("braille")
            try await scene.invite(scene.person, to: scene.meeting().id).expecting(201)
            #expect(try await network.get("/letters").items.isEmpty)
            #expect(try await !network.post("/letters/print").expecting(200).text.contains("<section"))
            #expect(try await network.get("/messages-in-formats", as: scene.coordinator).items.count == 1)
            try await scene.decide(RightsScene.share, false)
            #expect(try await network.get("/messages-in-formats", as: scene.coordinator).items.isEmpty)
            #expect(try await network.post("/letters/print").expecting(200).text.contains("<section"))
        }
    }

    @Test func `Whoever arranged formats and has left keeps no message back`() async throws {
        try await RightsScene.with { scene in
            func formats() async throws -> [Int] {
                try await scene.network.server.superuser.query(
                    "select cardinality(kith.formats_to_arrange(\(scene.network.id)::text::uuid, array['braille'], 'en'))"
                ).decode(Int.self)
            }
            #expect(try await formats() == [1])
            // With the role still there, as if both came at the same moment.
            _ = try await scene.network.server.superuser.query(
                "update kith.people set ended_at = now() where person_id = \(scene.coordinator.id)::text::uuid")
            #expect(try await formats() == [0])
        }
    }

    @Test func `A format that is shared with nobody, or that nobody arranges, keeps no message back`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            try await scene.reach(scene.person, by: "post", address: "1 High St")
            try await scene.decide()
            _ = try await network.post(
                "/access-needs", ["kind": "audio", "share_with": "nobody"], as: scene.person
            ).expecting(201)
            try await scene.invite(scene.person, to: scene.meeting().id).expecting(201)
            #expect(try await network.get("/letters").items.count == 1)
            _ = try await scene.need("braille")
            #expect(try await network.get("/letters").items.isEmpty)
            #expect(try await network.post("/leave", as: scene.coordinator).status == 204)
            #expect(try await network.get("/letters").items.count == 1)
        }
    }

    @Test func `Large print, plain text and a translation into Welsh are written by the server`() async throws {
        try await RightsScene.withMail { scene, mailServer in
            let network = scene.network
            let (large, welsh) = (try await network.person(.participant), try await network.person(.participant))
            try await scene.reach(scene.person, email: "plain@example.org")
            try await scene.reach(large, by: "post", address: "1 High St")
            try await scene.reach(welsh, ["locale": "cy"], email: "cy@example.org")
            for (person, format) in [(scene.person, "plain_text"), (large, "large_print"), (welsh, "translation")] {
                try await scene.decide(as: person)
                _ = try await scene.need(format, as: person)
            }
            let meeting = try await scene.meeting().id
            for person in [scene.person, large, welsh] { try await scene.invite(person, to: meeting).expecting(201) }
            let plain = try await mailServer.mails(1, to: "plain@example.org")[0]
            #expect(plain["html"] == .null && plain["text"]?.string?.contains("You are invited") == true)
            #expect(plain.invitation("METHOD") == "REQUEST")
            #expect(try await mailServer.mails(1, to: "cy@example.org")[0]["html"]?.string?.contains("<html lang=\"cy\">") == true)
            #expect(try await network.post("/letters/print").expecting(200).text.contains("font-size: 18pt"))
            // What somebody chose themselves is what an administrator sees; what they need is not.
            #expect(try await network.get("/people/\(large.id)/message-preferences").json["large_print"] == false)
        }
    }
}
