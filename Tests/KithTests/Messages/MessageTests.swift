import Kith
import KithServer
import KithTesting
import Postgres
import SMTP
import Testing
import struct FoundationEssentials.UUID

@Suite struct MessageTests {
    /// A server that sends mail, with a person who is reached by mail at any hour.
    private func withMail(
        _ body: @escaping @Sendable (TestNetwork, TestMailServer) async throws -> Void
    ) async throws {
        try await TestMailServer.run { mailServer in
            let mail = try mailServer.mail
            try await withTestServer(Distribution([]), worker: false) {
                $0.mail = mail
            } _: { server in
                try await body(server.makeNetwork(named: "Llais"), mailServer)
            }
        }
    }

    private func person(_ network: TestNetwork, _ email: String?, _ others: [String: JSON] = [:]) async throws -> String {
        var body: [String: JSON] = ["name": "Siân Ŵyn"].merging(others) { $1 }
        body["email"] = email.map(JSON.string)
        let id = try await network.post("/people", .object(body)).expecting(201).id
        try await choose(network, id, [:])
        return id
    }

    // Without quiet hours unless the test is about them.
    private func choose(_ network: TestNetwork, _ person: String, _ choices: [String: JSON]) async throws {
        let body = ["contact_by": "email", "quiet_from": "00:00", "quiet_until": "00:00"].merging(choices) { $1 }
        _ = try await network.server.put(
            network.path("/people/\(person)/message-preferences"), .object(body), token: network.administrator.token
        ).expecting(200)
    }

    private func mail(_ server: TestMailServer, to recipient: String) async throws -> JSON {
        try await eventually("A mail to \(recipient)") { try server.mails().first { $0["recipient"]?.string == recipient } }
    }

    private func message(_ network: TestNetwork, to person: String, in states: Set<String>) async throws -> JSON {
        try await eventually("A message that is \(states)") {
            try await network.get("/messages?person_id=\(person)").items.first { states.contains($0["state"]?.string ?? "") }
        }
    }

    @Test func `An invitation arrives in the person's language, and its code works`() async throws {
        try await withMail { network, mailServer in
            let person = try await person(network, "sian@example.org")
            try await choose(network, person, ["locale": "cy"])
            let queued = try await network.post("/people/\(person)/invitations/send").expecting(200)
            #expect(queued.json["state"] == "queued" && queued.json["channel"] == "email")
            let mail = try await mail(mailServer, to: "sian@example.org")
            #expect(mail["headers"]?["subject"] == "Gwahoddiad i ymuno â Llais")
            #expect(mail["headers"]?["auto-submitted"] == "auto-generated")
            let text = mail["text"]?.string ?? ""
            #expect(text.contains("Helo Siân Ŵyn") && text.contains("https://kith.example.org"))
            #expect(mail["html"]?.string?.contains("<html lang=\"cy\">") == true)
            let code = try #require(text.firstMatch(of: /([0-9A-Z]{5}-){3}[0-9A-Z]{5}/)).output.0
            let accepted = try await network.server.accept(String(code))
            #expect(accepted.id == person)
            let sent = try await message(network, to: person, in: ["sent"])
            #expect(sent["attempts"] == 1 && sent["problem"] == .null)
            // Neither the code nor what the mail said is kept.
            let kept = try await network.server.superuser.query("select string_agg(m::text, '') from kith.messages m").decode(String?.self)
            #expect(kept.first??.contains(code) == false && kept.first??.contains("Llais") == false)
        }
    }

    @Test func `A text cannot become markup`() async throws {
        try await withMail { network, mailServer in
            let person = try await person(network, "a@example.org", ["name": "<b onclick=x>&amp; {{code}}"])
            _ = try await network.post("/people/\(person)/invitations/send").expecting(200)
            let mail = try await mail(mailServer, to: "a@example.org")
            #expect(mail["html"]?.string?.contains("<b ") == false)
            #expect(mail["html"]?.string?.contains("&lt;b onclick=x&gt;&amp;amp; {{code}}") == true)
            #expect(mail["text"]?.string?.contains("<b onclick=x>&amp; {{code}}") == true)
        }
    }

    @Test func `What is refused for the time being is tried again, later and later`() async throws {
        try await withMail { network, _ in
            let person = try await person(network, "busy@example.org")
            _ = try await network.post("/people/\(person)/invitations/send").expecting(200)
            let waiting = try await eventually("The first try") {
                try await network.get("/messages").items.first { $0["problem"]?.string == "451 4.7.1" && $0["state"] == "queued" }
            }
            #expect(waiting["attempts"] == 1)
            let wait = try await network.server.superuser.query(
                "select extract(epoch from due_at - now())::float8 from kith.messages"
            ).decode(Double.self)
            #expect((30.0...76).contains(wait[0]))
            _ = try await network.server.superuser.query("update kith.messages set attempts = 15, due_at = now()")
            let failed = try await message(network, to: person, in: ["failed"])
            #expect(failed["attempts"] == 16)
        }
    }

    @Test func `A mail that is refused for good becomes a letter, and no further mail goes there`() async throws {
        try await withMail { network, _ in
            let person = try await person(network, "unknown@example.org", ["postal_address": "1 Stryd Fawr\nBangor"])
            _ = try await network.post("/people/\(person)/invitations/send").expecting(200)
            let letter = try await eventually("The letter") { try await network.get("/letters").items.first }
            #expect(letter["name"] == "Siân Ŵyn" && letter["state"] == "queued")
            let next = try await network.post("/people/\(person)/invitations/send").expecting(200)
            #expect(next.json["channel"] == "post")
            // A new address is tried.
            let version = try await network.get("/people/\(person)").version
            _ = try await network.patch("/people/\(person)", ["email": "new@example.org"], version: version).expecting(200)
            #expect(try await network.post("/people/\(person)/invitations/send").expecting(200).json["channel"] == "email")
        }
    }

    @Test func `A mail that comes back is known by the address that it comes back to`() async throws {
        try await withMail { network, mailServer in
            let person = try await person(network, "a@example.org", ["phone": "01248 000000"])
            _ = try await network.post("/people/\(person)/invitations/send").expecting(200)
            let path = try await mail(mailServer, to: "a@example.org")["sender"]?.string ?? ""
            _ = try await message(network, to: person, in: ["sent"])
            #expect(path.hasPrefix("bounces+") && path.utf8.count <= 64 + 1 + "example.org".utf8.count)
            let server = network.server
            let body: JSON = ["address": .string(path.uppercased())]
            #expect(try await server.post("/v1/bounces", body, token: network.administrator.token).status == 403)
            #expect(try await server.post("/v1/bounces", body, token: nil).status == 401)
            #expect(try await server.post("/v1/bounces", ["address": "bounces@example.org"], token: server.operatorToken).status == 422)
            let unknown = try #require(EmailAddress("bounces@example.org"))
            let stranger = ReturnPath(network: UUID(uuidString: network.id)!, message: UUID()).address(at: unknown)!
            #expect(try await server.post("/v1/bounces", ["address": .string("\(stranger)")], token: server.operatorToken).status == 404)
            #expect(try await server.post("/v1/bounces", body, token: server.operatorToken).status == 204)
            let call = try await network.get("/calls").items.first
            #expect(call?["person_id"]?.string == person)
            #expect(try await network.post("/people/\(person)/invitations/send").expecting(200).json["channel"] == "phone")
        }
    }

    @Test func `Whoever has left gets nothing more, and whoever cannot be reached is named`() async throws {
        try await withMail { network, mailServer in
            let person = try await network.person(.participant)
            _ = try await network.server.superuser.query(
                "update kith.people set email = 'left@example.org' where person_id = \(person.id)::text::uuid")
            try await choose(network, person.id, ["quiet_from": "00:01", "quiet_until": "00:00"])
            _ = try await network.post("/people/\(person.id)/invitations/send").expecting(200)
            #expect(try await network.post("/leave", as: person).status == 204)
            _ = try await network.server.superuser.query("update kith.messages set due_at = now()")
            _ = try await message(network, to: person.id, in: ["cancelled"])
            #expect(try mailServer.mails().isEmpty)
            let nowhere = try await self.person(network, nil)
            #expect(try await network.post("/people/\(nowhere)/invitations/send").status == 409)
        }
    }

    @Test func `Several messages go out together for whoever asked for that, and what is urgent does not wait`() async throws {
        try await withMail { network, mailServer in
            let person = try await person(network, "daily@example.org")
            try await choose(network, person, ["digest": "daily"])
            _ = try await network.post("/people/\(person)/invitations/send").expecting(200)
            try await queue(.somethingWaits, network, person)
            let due = try await network.server.superuser.query("select min(due_at) > now() from kith.messages").decode(Bool.self)
            #expect(due == [true])
            try await queue(.concernReceived, network, person)
            let urgent = try await mail(mailServer, to: "daily@example.org")
            #expect(urgent["headers"]?["subject"] == "Something is waiting for you in Llais")
            _ = try await network.server.superuser.query("update kith.messages set due_at = now() where state = 'queued'")
            let digest = try await eventually("The digest") { try mailServer.mails().dropFirst().first }
            #expect(digest["headers"]?["subject"] == "What is new in Llais")
            #expect(digest["text"]?.string?.contains("– You are invited to join Llais\n– Something is waiting for you in Llais") == true)
            let state = try await network.server.superuser.query(
                "select state from kith.messages where template in ('core.invitation', 'core.something_waits')"
            ).decode(String.self)
            #expect(state == ["gathered", "gathered"])
            #expect(try mailServer.mails().count == 2)
        }
    }

    @Test func `Confidential messages are in the person's own list and in no other`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let lead = try await network.person(.safeguardingLead)
            _ = try await server.superuser.query("update kith.people set email = 'l@example.org' where person_id = \(lead.id)::text::uuid")
            try await queue(.concernReceived, network, lead.id)
            #expect(try await network.get("/messages").items.isEmpty)
            #expect(try await network.get("/people/me/messages").items.isEmpty)
            let own = try await network.get("/people/me/messages", as: lead).items
            #expect(own.map { $0["template"]?.string } == ["core.concern_received"])
            #expect(try await network.get("/messages", as: lead).status == 403)
        }
    }

    @Test func `A message that another worker holds, or that nobody holds, opens no door`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let person = try await person(network, "a@example.org")
            _ = try await network.post("/people/\(person)/invitations/send").expecting(200)
            let (mine, other) = (UUID(), UUID())
            let claim: @Sendable (UUID) async throws -> [UUID] = { worker in
                try await server.app.query("select message_id from kith.claim_messages(\(worker), 10, interval '1 minute')").decode(
                    UUID.self)
            }
            let claimed = try await claim(mine)
            #expect(claimed.count == 1)
            #expect(try await claim(other).isEmpty)
            let door: @Sendable (UUID) async throws -> Void = { worker in
                _ = try await server.app.query("select kith.enter_message(\(worker), \(network.id)::text::uuid, \(claimed[0]))")
            }
            try await door(mine)
            await #expect(throws: PostgresError.self) { try await door(other) }
            _ = try await server.superuser.query("update kith.messages set lease_expires_at = now() - interval '1 second'")
            await #expect(throws: PostgresError.self) { try await door(mine) }
            #expect(try await claim(other) == claimed)
            // The worker sees the person's own rows with the person's own rights.
            let seen = try await server.app.batch([
                "select kith.enter_message(\(other), \(network.id)::text::uuid, \(claimed[0]))", "select kith.current_person()",
            ])[1].decode(UUID.self)
            #expect(seen == [UUID(uuidString: person)])
        }
    }

    @Test func `Nothing waits for somebody who is gone, except what outlives their leaving`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let person = try await person(network, "a@example.org")
            try await queue(.somethingWaits, network, person)
            try await queue(.concernReceived, network, person)
            _ = try await server.superuser.batch([
                "update kith.messages set outlives_leaving = (template = 'core.concern_received')",
                // As an administrator removes somebody, without a withdrawal of their own.
                "update kith.people set ended_at = now() where person_id = \(person)::text::uuid",
                "delete from kith.withdrawals",
            ])
            _ = try await server.app.query("select kith.claim_messages(\(UUID()), 10, interval '1 minute')")
            let states = try await server.superuser.query("select template || ' ' || state from kith.messages order by 1").decode(
                String.self)
            #expect(states == ["core.concern_received sending", "core.something_waits cancelled"])
        }
    }

    @Test(arguments: [
        // When it is in London, what is chosen, when it goes out.
        ("2026-06-01 12:00", "at_once", "21:00", "08:00", false, "2026-06-01 12:00"),
        ("2026-06-01 22:30", "at_once", "21:00", "08:00", false, "2026-06-02 08:00"),
        ("2026-06-01 07:59", "at_once", "21:00", "08:00", false, "2026-06-01 08:00"),
        ("2026-06-01 22:30", "at_once", "21:00", "08:00", true, "2026-06-01 22:30"),
        ("2026-06-01 13:00", "at_once", "12:00", "14:00", false, "2026-06-01 14:00"),
        ("2026-06-01 13:00", "at_once", "00:00", "00:00", false, "2026-06-01 13:00"),
        ("2026-06-01 08:00", "daily", "21:00", "08:00", false, "2026-06-01 09:00"),
        ("2026-06-01 09:00", "daily", "21:00", "08:00", false, "2026-06-02 09:00"),
        ("2026-06-03 10:00", "weekly", "21:00", "08:00", false, "2026-06-08 09:00"),
        ("2026-06-01 08:00", "weekly", "21:00", "08:00", false, "2026-06-01 09:00"),
        ("2026-06-01 10:00", "daily", "21:00", "10:30", false, "2026-06-02 10:30"),
        // Over the end of summer time: eight in the morning is eight by the clock.
        ("2026-10-24 22:30", "at_once", "21:00", "08:00", false, "2026-10-25 08:00"),
    ])
    func `A message goes out in the person's own time`(
        now: String, digest: String, from: String, until: String, isUrgent: Bool, due: String
    ) async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let answer = try await server.superuser.query(
                """
                select to_char(kith.message_due(\(now)::text::timestamp at time zone 'Europe/London', \(isUrgent), \(digest),
                    \(from)::text::time, \(until)::text::time, 'Europe/London') at time zone 'Europe/London', 'YYYY-MM-DD HH24:MI')
                """
            ).decode(String.self)
            #expect(answer == [due])
        }
    }

    @Test func `Each chooses for themselves, and those without an account are asked by who looks after people`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let person = try await network.person(.participant)
            let path = network.path("/people/me/message-preferences")
            #expect(try await server.get(path, token: person.token).json["quiet_from"] == "21:00")
            let choice: JSON = ["contact_by": "phone", "locale": "cy", "quiet_from": "22:00", "digest": "weekly"]
            let chosen = try await server.put(path, choice, token: person.token).expecting(200)
            #expect(chosen.json["contact_by"] == "phone" && chosen.json["locale"] == "cy" && chosen.json["quiet_from"] == "22:00")
            #expect(try await network.get("/people/\(person.id)").json["contact_by"] == "phone")
            for wrong: JSON in [
                ["contact_by": "email", "time_zone": "Europe/Atlantis"], ["contact_by": "email", "quiet_from": "25:00"],
                ["contact_by": "email", "locale": "Welsh"], ["contact_by": "fax"],
            ] {
                #expect(try await server.put(path, wrong, token: person.token).status == 422)
            }
            let other = try await network.person(.participant)
            let theirs = network.path("/people/\(person.id)/message-preferences")
            #expect(try await server.put(theirs, choice, token: other.token).status == 403)
            #expect(try await server.get(theirs, token: other.token).status == 403)
            #expect(try await server.get(network.path("/people/me/message-preferences"), token: other.token).json["contact_by"] == "email")
        }
    }

    private func queue(_ template: MessageTemplate, _ network: TestNetwork, _ person: String) async throws {
        _ = try await network.server.app.batch([
            "select set_config('kith.network', \(network.id), true)",
            template.queue(for: UUID(uuidString: person)!),
        ])
    }
}
