import Kith
import KithServer
import KithTesting
import Postgres
import SMTP
import Testing

extension TestMailServer {
    /// How a server under test sends its mail here.
    var mail: Mail {
        get throws {
            var smtp = SMTPConfiguration(host: "localhost", port: port)
            smtp.trustedCertificates = certificate
            return Mail(
                smtp: smtp, from: Mailbox(try #require(EmailAddress("kith@example.org")), name: "Kith"),
                bounces: EmailAddress("bounces@example.org"), site: "https://kith.example.org")
        }
    }

    /// The mails to an address, once there are so many.
    func mails(_ count: Int, to recipient: String) async throws -> [JSON] {
        try await eventually("\(count) mails to \(recipient)") {
            let found = try mails().filter { $0["recipient"]?.string == recipient }
            return found.count >= count ? found : nil
        }
    }
}

extension JSON {
    /// A property of the invitation to a meeting that came with a mail.
    func invitation(_ name: String) -> String {
        let lines = self["calendar"]?.string?.split(whereSeparator: \.isNewline) ?? []
        return lines.first { $0.hasPrefix(name + ":") }.map { String($0.dropFirst(name.count + 1)) } ?? ""
    }

    var subject: String { self["headers"]?["subject"]?.string ?? "" }
}

extension RightsScene {
    /// A scene whose server sends mail.
    static func withMail(_ body: @escaping @Sendable (RightsScene, TestMailServer) async throws -> Void) async throws {
        try await TestMailServer.run { mailServer in
            let mail = try mailServer.mail
            try await with(configure: { $0.mail = mail }) { try await body($0, mailServer) }
        }
    }

    /// Says how a person is reached: at any hour.
    func reach(
        _ person: TestPerson, by way: String = "email", _ choices: [String: JSON] = [:], email: String? = nil, address: String? = nil,
        phone: String? = nil
    ) async throws {
        _ = try await network.server.superuser.query(
            """
            update kith.people set email = \(email), postal_address = \(address), phone = \(phone)
            where person_id = \(person.id)::text::uuid
            """)
        let body = ["contact_by": .string(way), "quiet_from": "00:00", "quiet_until": "00:00"].merging(choices) { $1 }
        _ = try await network.server.put(
            network.path("/people/me/message-preferences"), .object(body), token: person.token
        ).expecting(200)
    }

    /// What is kept of a person's messages: the kind and how far each is.
    func messages(of person: TestPerson) async throws -> [String] {
        try await network.server.superuser.query(
            "select template || ' ' || state from kith.messages where person_id = \(person.id)::text::uuid order by message_id"
        ).decode(String.self)
    }
}
