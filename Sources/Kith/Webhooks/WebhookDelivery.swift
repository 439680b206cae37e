public import Logging
public import Postgres
public import ServiceLifecycle
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import struct FoundationEssentials.Date
import struct FoundationEssentials.UUID

/// Tells webhooks what happens. Any number of server processes may run one: each delivery is leased to a single worker.
/// An address is called as ``AddressPolicy/client(to:)`` allows it.
public struct WebhookDelivery: Service {
    // After which time a call is tried again, by the schedule that Standard Webhooks recommends; then it is given up.
    private static let waits: [Double] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]

    private let client: PostgresClient
    private let keyring: KeyringFile
    private let policy: AddressPolicy
    private let timeout: Duration
    private let interval: Duration
    private let logger: Logger
    private let id = UUID.version7()
    private let lease = Duration.seconds(120)

    /// Makes a worker.
    /// - Parameters:
    ///   - client: the database
    ///   - keyring: the server's keys
    ///   - policy: which addresses may be called
    ///   - timeout: how long a call may take
    ///   - interval: how often it looks
    ///   - logger: where failures are told
    public init(
        client: PostgresClient, keyring: KeyringFile, policy: AddressPolicy, timeout: Duration = .seconds(15),
        interval: Duration = .seconds(1), logger: Logger
    ) {
        self.client = client
        self.keyring = keyring
        self.policy = policy
        self.timeout = timeout
        self.interval = interval
        self.logger = logger
    }

    /// Delivers until the server stops.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    if try await deliver() == 0 { try await Task.sleep(for: interval) }
                } catch  where !Task.isCancelled {
                    logger.error("Webhooks could not be told", metadata: ["error": "\(error)"])
                    do { try await Task.sleep(for: interval * 10) } catch { break }
                } catch {
                    // The server is stopping.
                }
            }
        }
    }

    private func deliver() async throws -> Int {
        let claimed = try await client.query(
            "select network_id, delivery_id, attempts from kith.claim_webhook_deliveries(\(id), 8, make_interval(secs => \(lease.seconds)))"
        ).decode((UUID, UUID, Int).self)
        await withDiscardingTaskGroup { group in
            for (network, delivery, attempt) in claimed {
                group.addTask { await deliver(delivery, in: network, attempt: attempt) }
            }
        }
        return claimed.count
    }

    private enum Outcome: Sendable {
        case answered(Int), failed(String), handedBack
    }

    private struct Work: Sendable {
        let target: WebhookTarget?
        let event: String
        let body: [UInt8]
        let secrets: [WebhookSecret]
    }

    private func deliver(_ delivery: UUID, in network: UUID, attempt: Int) async {
        let actor = Actor(
            credential: .webhookDelivery(worker: id, delivery: delivery), access: .member, scope: .write, network: network,
            keyring: keyring,
            client: client)
        let outcome: Outcome
        do {
            outcome = try await call(work(delivery, by: actor))
        } catch is CancellationError {
            outcome = .handedBack
        } catch {
            logger.error("A webhook could not be told", metadata: ["delivery": "\(delivery)", "error": "\(error)"])
            outcome = .failed("not written")
        }
        do {
            // The task may be cancelled by now, and its outcome must be written all the same.
            try await Task { try await finish(delivery, outcome, attempt: attempt, by: actor) }.value
        } catch {
            logger.error("The outcome of a webhook could not be written", metadata: ["delivery": "\(delivery)", "error": "\(error)"])
        }
    }

    private func work(_ delivery: UUID, by actor: Actor) async throws -> Work {
        let rows = try await actor.read(
            """
            select w.webhook_id, w.url, w.secret, case when w.previous_until > now() then w.previous_secret end as previous,
                d.event_id::text as event, d.kind, d.subject_id::text as subject, d.network_id::text as network,
                to_char(d.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
            from kith.webhook_deliveries d join kith.webhooks w using (network_id, webhook_id) where d.delivery_id = \(delivery)
            """)
        guard let row = rows.first else { throw Refusal.notFound("delivery") }
        let webhook = try row["webhook_id", as: UUID.self]
        var secrets = [WebhookSecret(bytes: try await actor.open(row["secret", as: [UInt8].self], at: .webhookSecret(webhook)))]
        if let previous = try row["previous", as: [UInt8]?.self] {
            secrets.append(WebhookSecret(bytes: try await actor.open(previous, at: .previousWebhookSecret(webhook))))
        }
        let body: JSON = try [
            "type": .string(row["kind", as: String.self]), "timestamp": .string(row["at", as: String.self]),
            "data": ["network_id": .string(row["network", as: String.self]), "subject_id": .string(row["subject", as: String.self])],
        ]
        return Work(
            target: WebhookTarget(try row["url", as: String.self]), event: try row["event", as: String.self], body: body.bytes,
            secrets: secrets)
    }

    private func call(_ work: Work) async throws -> Outcome {
        guard let target = work.target else { return .failed("no address") }
        let http: HTTPClient
        do {
            http = try await policy.client(to: target)
        } catch let failure as AddressPolicy.Failure {
            return .failed(failure.rawValue)
        }
        let outcome: Outcome
        do {
            outcome = .answered(Int(try await http.execute(request(work, target), timeout: TimeAmount(timeout)).status.code))
        } catch {
            // What exactly went wrong tells whoever set the address how the network here is laid out.
            outcome = Task.isCancelled ? .handedBack : .failed("no answer")
        }
        try await http.shutdown()
        return outcome
    }

    private func request(_ work: Work, _ target: WebhookTarget) -> HTTPClientRequest {
        let timestamp = Int(Date.now.timeIntervalSince1970)
        var request = HTTPClientRequest(url: target.url)
        request.method = .POST
        request.headers = [
            "Content-Type": "application/json", "User-Agent": "Kith", "webhook-id": work.event, "webhook-timestamp": "\(timestamp)",
            "webhook-signature": work.secrets.map { $0.signature(work.event, timestamp, work.body) }.joined(separator: " "),
        ]
        request.body = .bytes(ByteBuffer(bytes: work.body))
        return request
    }

    private func finish(_ delivery: UUID, _ outcome: Outcome, attempt: Int, by actor: Actor) async throws {
        func set(_ changes: Query) -> Query {
            "update kith.webhook_deliveries set worker_id = null, lease_expires_at = null, \(query: changes) where delivery_id = \(delivery) and worker_id = \(id)"
        }
        switch outcome {
        case .answered(let status) where (200..<300).contains(status):
            _ = try await actor.run(set("state = 'delivered', delivered_at = now(), status = \(status), problem = null"))
        case .answered(410):
            // Gone: the receiver wants no more of it.
            _ = try await actor.run(
                """
                update kith.webhooks set disabled_at = coalesce(disabled_at, now()), version = version + 1
                where webhook_id = (select webhook_id from kith.webhook_deliveries where delivery_id = \(delivery))
                """,
                set("state = 'dead', status = 410"))
        case .answered(let status): try await retry("status = \(status), problem = null")
        case .failed(let problem): try await retry("status = null, problem = \(problem)")
        case .handedBack: _ = try await actor.run(set("state = 'queued', attempts = attempts - 1"))
        }
        func retry(_ changes: Query) async throws {
            guard attempt <= Self.waits.count else {
                _ = try await actor.run(set("state = 'dead', \(query: changes)"))
                return
            }
            // A tenth more or less, so that they do not all come back at once.
            let wait = Self.waits[attempt - 1] * Double.random(in: 0.9...1.1)
            _ = try await actor.run(set("state = 'queued', due_at = now() + make_interval(secs => \(wait)), \(query: changes)"))
        }
    }
}
