public import Logging
public import Postgres
public import ServiceLifecycle
import Crypto
import SMTP
import struct FoundationEssentials.UUID

/// Takes mails that are due and hands them to the mail server. Any number of server processes may run one: each message is leased to a
/// single worker, and goes to another when its worker falls silent.
///
/// What the mail server refuses for the time being is tried again for about two days, ever more rarely; what it refuses for good is
/// not. A person whose address is refused gets a letter or a call where there is a way.
public struct MessageDelivery: Service {
    private let client: PostgresClient
    private let keyring: KeyringFile?
    private let catalogue: MessageCatalogue
    private let mail: Mail
    private let interval: Duration
    private let logger: Logger
    private let id = UUID.version7()
    private let lease = Duration.seconds(900)
    private let mostAttempts = 16

    /// Makes a worker.
    /// - Parameters:
    ///   - client: the database
    ///   - keyring: the server's keys
    ///   - catalogue: the templates
    ///   - mail: the mail server
    ///   - interval: how often it looks
    ///   - logger: where failures are told
    public init(
        client: PostgresClient, keyring: KeyringFile? = nil, catalogue: MessageCatalogue, mail: Mail, interval: Duration = .seconds(2),
        logger: Logger
    ) {
        self.client = client
        self.keyring = keyring
        self.catalogue = catalogue
        self.mail = mail
        self.interval = interval
        self.logger = logger
    }

    /// Delivers until the server stops.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    if try await deliver() == 0 { try await Task.sleep(for: interval) }
                } catch is CancellationError {
                    // The server is stopping.
                } catch  where !Task.isCancelled {
                    logger.error("Messages could not be delivered", metadata: ["error": "\(error)"])
                    do { try await Task.sleep(for: interval * 5) } catch { break }
                } catch {
                    // The server is stopping.
                }
            }
        }
    }

    // Four at a time, each on a connection of its own.
    private func deliver() async throws -> Int {
        let claimed = try await client.query(
            "select network_id, message_id, attempts from kith.claim_messages(\(id), 4, make_interval(secs => \(lease.seconds)))"
        ).decode((UUID, UUID, Int).self)
        await withDiscardingTaskGroup { group in
            for (network, message, attempt) in claimed {
                group.addTask { await deliver(message, in: network, attempt: attempt) }
            }
        }
        return claimed.count
    }

    private func deliver(_ message: UUID, in network: UUID, attempt: Int) async {
        let actor = Actor(
            credential: .message(worker: id, message: message), access: .member, scope: .write, network: network,
            keyring: keyring, client: client)
        let outcome: Outcome
        do {
            outcome = try await send(message, in: network, by: actor)
        } catch let error as SMTPError where error.isPermanent && (error.stage == .recipient || error.stage == .message) {
            outcome = .refused(error.summary, isAddress: error.rejectsRecipient)
        } catch let error as SMTPError {
            outcome = error.reason == .cancelled ? .handedBack : .retry(error.summary)
        } catch is CancellationError {
            outcome = .handedBack
        } catch {
            logger.error("A message could not be written", metadata: ["message": "\(message)", "error": "\(error)"])
            outcome = .retry("not written")
        }
        do {
            // The task may be cancelled by now, and its outcome must be written all the same.
            try await Task { try await finish(message, in: network, outcome, attempt: attempt, by: actor) }.value
        } catch {
            logger.error("The outcome of a message could not be written", metadata: ["message": "\(message)", "error": "\(error)"])
        }
    }

    private enum Outcome {
        case sent, retry(String), refused(String, isAddress: Bool), unreachable, handedBack, obsolete
    }

    private func send(_ message: UUID, in network: UUID, by actor: Actor) async throws -> Outcome {
        guard let rendering = try await MessageRendering.find(message, by: actor) else { return .obsolete }
        guard let text = rendering.email, let address = EmailAddress(text) else { return .unreachable }
        guard let (rendered, calendars) = try await rendering.rendered(catalogue, site: mail.site, isForOthers: false, by: actor) else {
            return .obsolete
        }
        _ = try await actor.run(
            "update kith.messages set address_hash = \(Array(SHA256.hash(data: Array(text.lowercased().utf8)))) where message_id = \(message)"
        )
        var email = Email(
            from: mail.from, to: Mailbox(address, name: rendering.name), subject: rendered.subject, text: rendered.text,
            html: rendering.isPlain ? nil : rendered.html)
        email.id = message
        email.returnPath = mail.bounces.flatMap { ReturnPath(network: network, message: message).address(at: $0) }
        // RFC 3834: no machine need answer a machine.
        email.headers = [HeaderField("Auto-Submitted", "auto-generated")].compactMap(\.self)
        email.attachments = calendars.map { $0.sent(from: mail.from.address, to: address) }.compactMap { calendar in
            Email.Attachment(
                name: "invitation.ics", mediaType: "text/calendar; method=\(calendar.method.rawValue); charset=utf-8",
                content: Array(calendar.text.utf8), isAlternative: calendars.count == 1)
        }
        try await SMTPClient(mail.smtp).send(email)
        return .sent
    }

    private func finish(_ message: UUID, in network: UUID, _ outcome: Outcome, attempt: Int, by actor: Actor) async throws {
        func set(_ changes: Query) -> Query {
            "update kith.messages set worker_id = null, lease_expires_at = null, \(query: changes) where message_id = \(message) and worker_id = \(id)"
        }
        // By letter or phone where there is a way and it may, otherwise it has failed.
        let otherwise: Query = """
            state = case when by_mail_only or coalesce(kith.reachable_by(network_id, person_id), 'email') = 'email' then 'failed'
                else 'queued' end,
            channel = case when by_mail_only then channel else coalesce(kith.reachable_by(network_id, person_id), channel) end
            """
        switch outcome {
        case .sent: _ = try await actor.run(set("state = 'sent', sent_at = now(), problem = null"))
        case .obsolete: _ = try await actor.run(set("state = 'cancelled'"))
        case .handedBack: _ = try await actor.run(set("state = 'queued', attempts = attempts - 1"))
        case .unreachable: _ = try await actor.run(set("problem = 'no address', \(query: otherwise)"))
        case .refused(let problem, true):
            _ = try await actor.run(
                "select kith.record_refusal(\(id), \(network), \(message))", set("problem = \(problem), \(query: otherwise)"))
        case .refused(let problem, false): _ = try await actor.run(set("problem = \(problem), state = 'failed'"))
        case .retry(let problem) where attempt >= mostAttempts:
            _ = try await actor.run(set("problem = \(problem), state = 'failed'"))
        case .retry(let problem):
            // One minute, two, four, … up to six hours, each a quarter more or less, so that they do not all come back at once.
            let wait = min(60 * Double(1 << min(attempt - 1, 16)), 21_600) * Double.random(in: 0.75...1.25)
            _ = try await actor.run(
                set(
                    """
                    problem = \(problem), state = 'queued', due_at = (
                        select kith.message_due(now() + make_interval(secs => \(wait)), messages.is_urgent, 'at_once', c.quiet_from,
                            c.quiet_until, c.time_zone)
                        from kith.message_choices c where c.person_id = messages.person_id)
                    """))
        }
    }
}

extension SMTPError {
    // What is kept of it: the code and the status, or a word.
    fileprivate var summary: String {
        switch reason {
        case .refused(let code, let status): status.map { "\(code) \($0)" } ?? "\(code)"
        case .unreachable, .closed, .timedOut, .cancelled: "no answer"
        case .notSecure, .noMechanism: "not secure"
        case .protocolViolation: "no mail server"
        }
    }
}
