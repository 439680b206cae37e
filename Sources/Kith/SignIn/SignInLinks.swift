public import Logging
public import Postgres
import SMTP
public import ServiceLifecycle
import Synchronization
import struct FoundationEssentials.UUID

/// Writes links to sign in and mails them, beside the requests that ask for them. A link is nowhere but in the mail; its hash is in the
/// database. What waits here is lost when the server stops: whoever misses a mail asks again.
public struct SignInLinks: Service {
    private struct Wanted: Sendable {
        let email: String
        let browser: [UInt8]
    }

    private let client: PostgresClient
    private let mail: Mail
    private let logger: Logger
    private let wanted: AsyncStream<Wanted>
    private let queue: AsyncStream<Wanted>.Continuation

    /// Makes the service.
    public init(client: PostgresClient, mail: Mail, logger: Logger) {
        self.client = client
        self.mail = mail
        self.logger = logger
        (wanted, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1000))
    }

    func send(to email: String, for browser: [UInt8]) {
        queue.yield(Wanted(email: email, browser: browser))
    }

    public func run() async throws {
        await withDiscardingTaskGroup { group in
            // A slow mail server holds up one of four, not all; which one takes the next makes no difference.
            for _ in 0..<4 {
                group.addTask { for await next in wanted.cancelOnGracefulShutdown() { await deliver(next) } }
            }
        }
    }

    private func deliver(_ wanted: Wanted) async {
        let secret = Secret.generate(.link)
        do {
            let issued = try await client.query(
                "select kith.issue_link(\(wanted.email), \(UUID.version7()), \(secret.hash), \(wanted.browser))"
            ).decode(Bool.self)
            guard issued == [true], let address = EmailAddress(wanted.email) else { return }
            try await hand(email(secret, to: address))
        } catch {
            logger.error("A link to sign in could not be sent", metadata: ["error": "\(error)"])
        }
    }

    // A server that is busy is asked again while the link still works.
    private func hand(_ email: Email) async throws {
        for pause in [5, 30, 120] {
            guard let error = await failure(of: email) else { return }
            if error.isPermanent { throw error }
            try await Task.sleep(for: .seconds(pause))
        }
        if let error = await failure(of: email) { throw error }
    }

    private func failure(of email: Email) async -> SMTPError? {
        do {
            try await SMTPClient(mail.smtp).send(email)
            return nil
        } catch {
            return error
        }
    }

    private func email(_ secret: Secret, to address: EmailAddress) -> Email {
        var email = Email(
            from: mail.from, to: Mailbox(address), subject: "Your link to sign in to Kith",
            text: """
                Hello,

                this link signs you in:

                \(mail.site)/sign-in#\(secret.text)

                It works once, for 15 minutes, and only in the browser in which you asked for it.

                You did not ask for it? Then somebody typed your address, perhaps by mistake. They cannot sign in with it. You need do nothing.
                """)
        if let header = HeaderField("Auto-Submitted", "auto-generated") { email.headers.append(header) }
        return email
    }
}
