import Kith
import KithServer
import KithTesting
import SMTP
import Testing

@Suite struct SendingTests {
    private func email(to recipient: String = "someone@example.org") throws -> Email {
        try Email(
            from: Mailbox(#require(EmailAddress("kith@example.org")), name: "Rhwydwaith Llais"),
            to: Mailbox(#require(EmailAddress(recipient))),
            subject: "Croeso – welcome", text: "Mae'r tŷ ar agor.\n.\n.. dots\nEnd ", html: "<p>Mae'r tŷ ar agor.</p>")
    }

    private func configuration(_ server: TestMailServer, _ security: SMTPConfiguration.Security = .required) -> SMTPConfiguration {
        var configuration = SMTPConfiguration(host: "localhost", port: server.port, security: security)
        configuration.trustedCertificates = server.certificate
        return configuration
    }

    @Test(arguments: [
        (TestMailServer.Security.starttls, SMTPConfiguration.Security.required), (.starttls, .optional), (.implicit, .implicit),
    ])
    func `A mail arrives, encrypted, as it was written`(server: TestMailServer.Security, client: SMTPConfiguration.Security) async throws {
        try await TestMailServer.run(server) { server in
            var email = try email()
            email.returnPath = EmailAddress("bounce+1@example.org")
            email.headers = [try #require(HeaderField("Auto-Submitted", "auto-generated"))]
            let calendar = Array("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".utf8)
            email.attachments = [
                try #require(
                    .init(name: "i.ics", mediaType: "text/calendar; method=REQUEST; charset=utf-8", content: calendar, isAlternative: true))
            ]
            try await SMTPClient(configuration(server, client)).send(email)
            let mail = try #require(server.mails().first)
            #expect(mail["encrypted"] == true)
            #expect(mail["sender"] == "bounce+1@example.org")
            #expect(mail["recipient"] == "someone@example.org")
            #expect(mail["headers"]?["subject"] == "Croeso – welcome")
            #expect(mail["headers"]?["from"] == "Rhwydwaith Llais <kith@example.org>")
            #expect(mail["headers"]?["auto-submitted"] == "auto-generated")
            #expect(mail["headers"]?["message-id"]?.string == "<\("\(email.id)".lowercased())@example.org>")
            #expect(mail["text"] == "Mae'r tŷ ar agor.\n.\n.. dots\nEnd \n")
            #expect(mail["html"] == "<p>Mae'r tŷ ar agor.</p>\n")
            #expect(mail["calendar"]?.string?.hasPrefix("BEGIN:VCALENDAR") == true)
            #expect(mail["calendar_type"]?.string?.contains("method=\"REQUEST\"") == true)
            #expect(mail["is_ascii"] == true && mail["bare_breaks"] == 0 && mail["defects"] == [])
            #expect((mail["longest_line"]?.integer ?? 1000) <= 78)
        }
    }

    @Test(arguments: ["PLAIN", "LOGIN"])
    func `Whoever has the password may send, and nobody else`(mechanism: String) async throws {
        try await TestMailServer.run(login: "kith:påss", mechanism: mechanism) { server in
            var configuration = configuration(server)
            configuration.credentials = ("kith", "påss")
            try await SMTPClient(configuration).send(email())
            #expect(try server.mails().first?["user"] == "kith")
            configuration.credentials = ("kith", "wrong")
            await expect(SMTPError(stage: .authentication, reason: .refused(code: 535, status: "5.7.8")), configuration)
            configuration.credentials = nil
            await #expect(throws: SMTPError.self) { try await SMTPClient(configuration).send(email()) }
            #expect(try server.mails().count == 1)
        }
    }

    @Test func `A password is not sent without encryption`() async throws {
        try await TestMailServer.run(.none, login: "kith:p") { server in
            var configuration = configuration(server, .optional)
            configuration.credentials = ("kith", "p")
            await expect(SMTPError(stage: .authentication, reason: .noMechanism), configuration)
        }
    }

    @Test func `Without the encryption that is required nothing is sent`() async throws {
        try await TestMailServer.run(.none) { server in
            await expect(SMTPError(stage: .securing, reason: .notSecure), configuration(server))
            let mails = try server.mails()
            #expect(mails.isEmpty)
            try await SMTPClient(configuration(server, .optional)).send(email())
            #expect(try server.mails().first?["encrypted"] == false)
        }
    }

    @Test(arguments: [TestMailServer.Security.starttls, .implicit])
    func `A certificate that nobody vouches for, or of another host, is refused`(security: TestMailServer.Security) async throws {
        try await TestMailServer.run(security) { server in
            var stranger = configuration(server, security == .implicit ? .implicit : .required)
            stranger.host = "127.0.0.1"
            await expect(SMTPError(stage: .securing, reason: .notSecure), stranger)
            var untrusted = stranger
            untrusted.host = "localhost"
            untrusted.trustedCertificates = nil
            await expect(SMTPError(stage: .securing, reason: .notSecure), untrusted)
            let mails = try server.mails()
            #expect(mails.isEmpty)
        }
    }

    @Test func `A reply smuggled in before the encryption ends the conversation`() async throws {
        try await TestMailServer.run(.injecting) { server in
            await expect(SMTPError(stage: .securing, reason: .protocolViolation), configuration(server))
            let mails = try server.mails()
            #expect(mails.isEmpty)
        }
    }

    @Test func `A refusal for now and one for good are told apart, and the next mail goes on`() async throws {
        try await TestMailServer.run { server in
            let toSend = try ["busy", "unknown", "full", "someone"].map { try email(to: "\($0)@example.org") }
            let outcomes = try await SMTPClient(configuration(server)).withSession { session throws(SMTPError) in
                var outcomes: [SMTPError?] = []
                for mail in toSend {
                    do throws(SMTPError) {
                        try await session.send(mail)
                        outcomes.append(nil)
                    } catch {
                        outcomes.append(error)
                    }
                }
                return outcomes
            }
            #expect(
                outcomes == [
                    SMTPError(stage: .recipient, reason: .refused(code: 451, status: "4.7.1")),
                    SMTPError(stage: .recipient, reason: .refused(code: 550, status: "5.1.1")),
                    SMTPError(stage: .message, reason: .refused(code: 552, status: "5.2.2")), nil,
                ])
            #expect(outcomes.map { $0?.isPermanent } == [false, true, true, nil])
            #expect(outcomes.map { $0?.rejectsRecipient } == [false, true, true, nil])
            #expect(!outcomes.compactMap(\.?.description).contains { $0.contains("@") })
            #expect(try server.mails().count == 1)
        }
    }

    @Test func `A server that is late, away, or no mail server is given up`() async throws {
        try await TestMailServer.run { server in
            var configuration = configuration(server)
            configuration.replyTimeout = .milliseconds(500)
            let email = try email(to: "slow@example.org")
            await #expect(throws: SMTPError(stage: .recipient, reason: .timedOut)) { try await SMTPClient(configuration).send(email) }
            configuration.port = 1
            await expect(SMTPError(stage: .connecting, reason: .unreachable), configuration)
        }
        try await withTestServer(.init([]), socket: true, worker: false) { server in
            var configuration = SMTPConfiguration(host: "127.0.0.1", port: try #require(server.port))
            configuration.replyTimeout = .milliseconds(500)
            await expect(SMTPError(stage: .greeting, reason: .timedOut), configuration)
        }
    }

    @Test func `A task that is cancelled sends no more`() async throws {
        try await TestMailServer.run { server in
            let (client, email) = (SMTPClient(configuration(server)), try email(to: "slow@example.org"))
            let sending = Task { try await client.send(email) }
            try await Task.sleep(for: .milliseconds(300))
            sending.cancel()
            let begun = ContinuousClock.now
            await #expect(throws: SMTPError.self) { try await sending.value }
            #expect(ContinuousClock.now - begun < .seconds(3))
            let mails = try server.mails()
            #expect(mails.isEmpty)
        }
    }

    private func expect(_ error: SMTPError, _ configuration: SMTPConfiguration, _ location: SourceLocation = #_sourceLocation) async {
        await #expect(throws: error, sourceLocation: location) { try await SMTPClient(configuration).send(email()) }
    }
}
