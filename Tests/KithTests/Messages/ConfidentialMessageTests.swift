import Kith
import KithServer
import KithTesting
import Postgres
import SMTP
import Testing
import struct FoundationEssentials.UUID

/// What is told of concerns, of spaces that are opened and of complaints.
@Suite struct ConfidentialMessageTests {
    @Test func `Leads hear that something waits and the raiser that it was received, and no subject says what`() async throws {
        try await RightsScene.withMail { scene, mailServer in
            let network = scene.network
            let (lead, leftOut) = (try await network.person(.safeguardingLead), try await network.person(.safeguardingLead))
            try await scene.reach(lead, email: "lead@example.org")
            try await scene.reach(leftOut, email: "out@example.org")
            try await scene.reach(scene.person, email: "raiser@example.org")
            let body: JSON = ["text": "Quillwort", "leave_out_ids": [.string(leftOut.id)]]
            let concern = try await network.post("/concerns", body, as: scene.person).expecting(201).id
            let (toLead, toRaiser) = (
                try await mailServer.mails(1, to: "lead@example.org")[0], try await mailServer.mails(1, to: "raiser@example.org")[0]
            )
            #expect(toLead["text"]?.string?.contains("A concern has been raised") == true)
            #expect(toRaiser["text"]?.string?.contains("has been received") == true)
            #expect(toRaiser["text"]?.string?.lowercased().contains("concern") == false)
            _ = try await network.post("/concerns/\(concern)/acknowledge", as: lead).expecting(200)
            let answered = try await mailServer.mails(2, to: "raiser@example.org")[1]
            #expect(answered["text"]?.string?.contains("Something is waiting for you") == true)
            _ = try await network.post("/concerns/\(concern)/entries", ["text": "Quillwort"], as: scene.person).expecting(201)
            _ = try await mailServer.mails(2, to: "lead@example.org")
            for mail in try mailServer.mails() {
                #expect(!mail.subject.lowercased().contains("concern"))
                #expect(!"\(mail)".contains("Quillwort") && mail["recipient"]?.string != "out@example.org")
            }
            #expect(try await network.get("/messages").items.isEmpty)
        }
    }

    @Test func `Whoever posts letters does not learn of a concern, also where a mail comes back`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            let (byPost, byMail) = (try await network.person(.safeguardingLead), try await network.person(.safeguardingLead))
            try await scene.reach(byPost, by: "post", email: "p@example.org", address: "1 High St")
            try await scene.reach(byMail, email: "m@example.org", address: "2 High St")
            try await scene.reach(scene.person, by: "phone", phone: "01248 000000")
            _ = try await network.post("/concerns", ["text": "Q"], as: scene.person).expecting(201)
            for path in ["/letters", "/calls", "/messages"] { #expect(try await network.get(path).items.isEmpty, "\(path)") }
            #expect(try await scene.messages(of: byMail) == ["core.concern_received queued"])
            let server = network.server
            _ = try await server.superuser.query(
                "update kith.messages set state = 'sent', address_hash = sha256(convert_to('m@example.org', 'UTF8'))")
            let message = try await server.superuser.query("select message_id::text from kith.messages").decode(String.self)
            let path = try #require(try scene.returnPath(of: message[0]))
            #expect(try await server.post("/v1/bounces", ["address": .string(path)], token: server.operatorToken).status == 204)
            #expect(try await scene.messages(of: byMail) == ["core.concern_received bounced"])
            #expect(try await network.get("/letters").items.isEmpty)
        }
    }

    @Test func `The members of a space get a message when somebody asks to open it, and when it is opened`() async throws {
        try await Circle.with { circle in
            let network = circle.network
            let (first, second) = (try await network.person(.safeguardingLead), try await network.person(.safeguardingLead))
            for person in [circle.convenor, circle.member, first] {
                _ = try await network.server.superuser.query(
                    "update kith.people set email = 'm@example.org' where person_id = \(person.id)::text::uuid")
            }
            let request: JSON = ["reason": "Somebody may be in danger", "hours": 2]
            let id = try await network.post("\(circle.path)/break-glass", request, as: first).expecting(201).id
            func told(_ person: TestPerson) async throws -> [String?] {
                try await network.get("/people/me/messages", as: person).items.map { $0["template"]?.string }
            }
            for person in [circle.convenor, circle.member] { #expect(try await told(person) == ["core.space_opening_requested"]) }
            for _ in 0..<2 { _ = try await network.post("\(circle.path)/break-glass/\(id)/approve", as: second) }
            for person in [circle.convenor, circle.member] {
                #expect(try await told(person) == ["core.space_opening_requested", "core.space_opened"])
            }
            #expect(try await told(first).isEmpty)
            #expect(try await network.get("/messages").items.isEmpty)
        }
    }

    @Test func `A complainant who has left reads how it goes, hears of each step, and opens nothing else`() async throws {
        try await RightsScene.withMail { scene, mailServer in
            let network = scene.network
            let handler = try await network.person(.complaintsHandler)
            try await scene.reach(scene.person, email: "c@example.org")
            try await scene.reach(handler, email: "h@example.org")
            let complaint = try await network.post("/complaints", ["summary": "Quillwort"], as: scene.person).expecting(201).id
            let path = "/complaints/\(complaint)"
            let waiting = try await mailServer.mails(1, to: "h@example.org")[0]
            #expect(waiting.subject.hasPrefix("Something is waiting for you"))
            #expect(try await network.post("/leave", as: scene.person).status == 204)
            _ = try await mailServer.mails(1, to: "c@example.org")
            _ = try await network.post("\(path)/take-on", as: handler).expecting(200)
            let news = try await mailServer.mails(2, to: "c@example.org")[1]
            #expect(news.subject.hasPrefix("There is news for you") && news["text"]?.string?.contains("Quillwort") == false)
            #expect(try await network.get(path, as: scene.person).expecting(200).json["state"] == "investigating")
            #expect(try await network.get("/complaints", as: scene.person).items.count == 1)
            _ = try await network.post("\(path)/entries", ["words": "Thank you"], as: scene.person).expecting(200)
            _ = try await network.post("\(path)/close", ["outcome": "upheld", "words": "We are sorry"], as: handler).expecting(200)
            #expect(try await network.get("\(path)/entries", as: scene.person).expecting(200).text.contains("We are sorry"))
            _ = try await mailServer.mails(3, to: "c@example.org")
            // Nothing else is open to them, and they raise nothing new.
            for closed in ["/people/me", "/people/me/messages", "/organisations", "/people/me/meetings", "/events"] {
                #expect(try await network.get(closed, as: scene.person).status == 404, "\(closed)")
            }
            #expect(try await network.post("/complaints", ["summary": "Another"], as: scene.person).status == 404)
            let other = try await network.post("/complaints", ["summary": "Quillwort"], as: handler).expecting(201).id
            #expect(try await network.get("/complaints/\(other)", as: scene.person).status == 404)
            let stranger = try await network.server.makeNetwork().administrator
            for address in [path, "/complaints"] { #expect(try await network.get(address, as: stranger).status == 404) }
            #expect(try await network.server.get(network.path(path), token: nil).status == 401)
            // Whoever was erased is nobody here any more.
            _ = try await network.server.superuser.query(
                "update kith.people set erased_at = now() where person_id = \(scene.person.id)::text::uuid")
            #expect(try await network.get(path, as: scene.person).status == 404)
        }
    }

    @Test func `Who handles a complaint sees whether the complainant can read it online, or has to be written to`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            let handler = try await network.person(.complaintsHandler)
            let online = try await network.post("/complaints", ["summary": "S"], as: scene.person).expecting(201)
            #expect(online.json["is_read_online"] == true)
            let offline = try await network.post("/people", ["name": "By post", "postal_address": "1 High St"]).expecting(201).id
            let recorded = try await network.post(
                "/complaint-records", ["summary": "S", "raised_by": .string(offline), "channel": "paper"], as: handler
            ).expecting(200)
            #expect(recorded.json["is_read_online"] == false)
            _ = try await network.post("/complaints/\(recorded.id)/acknowledge", as: handler).expecting(200)
            #expect(try await network.get("/letters").items.isEmpty)
        }
    }
}

extension RightsScene {
    /// The address to which a mail with a message comes back.
    func returnPath(of message: String) throws -> String? {
        let id = try #require(UUID(uuidString: message))
        let network = try #require(UUID(uuidString: self.network.id))
        return EmailAddress("bounces@example.org").flatMap { ReturnPath(network: network, message: id).address(at: $0)?.description }
    }
}
