public import Logging
public import Postgres
public import ServiceLifecycle
import struct FoundationEssentials.UUID

/// Takes due jobs and does them, a few at a time. Any number of server processes may run one: each job is leased to a single worker,
/// and goes to another when its worker falls silent.
public struct JobWorker: Service {
    private let client: PostgresClient
    private let keyring: KeyringFile?
    private let outbound: AddressPolicy
    private let kinds: [String: JobKind]
    private let wakeups: Wakeups
    private let most: Int
    private let lease: Duration
    private let logger: Logger
    private let id = UUID.version7()

    /// Makes a worker.
    /// - Parameters:
    ///   - client: the database
    ///   - keyring: the server's keys
    ///   - outbound: which addresses its jobs may call
    ///   - kinds: the jobs it knows
    ///   - wakeups: tells when to look
    ///   - most: how many it does at the same time
    ///   - lease: for how long a job is its own without a heartbeat
    ///   - logger: where failures are told
    public init(
        client: PostgresClient, keyring: KeyringFile? = nil, outbound: AddressPolicy = AddressPolicy(), kinds: [JobKind], wakeups: Wakeups,
        most: Int = 2,
        lease: Duration = .seconds(15), logger: Logger
    ) {
        self.client = client
        self.keyring = keyring
        self.outbound = outbound
        self.kinds = Dictionary(kinds.map { ($0.id, $0) }) { $1 }
        self.wakeups = wakeups
        self.most = most
        self.lease = lease
        self.logger = logger
    }

    /// Works until the server stops. Unfinished jobs are handed back.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                let free = Slots(most)
                for await _ in wakeups.jobs() {
                    do {
                        try await claim(into: &group, free)
                    } catch  where !Task.isCancelled {
                        logger.error("The worker could not look for jobs", metadata: ["error": "\(error)"])
                    } catch {
                        // The server is stopping.
                    }
                }
                group.cancelAll()
            }
        }
    }

    private func claim(into group: inout DiscardingTaskGroup, _ free: Slots) async throws {
        let room = free.available
        guard room > 0 else { return }
        let claimed = try await client.query(
            "select network_id, job_id, kind, arguments::text, attempts from kith.claim_jobs(\(id), \(kinds.keys.sorted()), \(room)::integer, make_interval(secs => \(lease.seconds)))"
        )
        for (network, job, kind, arguments, attempt) in try claimed.decode((UUID, UUID, String, String, Int).self) {
            guard let kind = kinds[kind] else { continue }
            free.take()
            group.addTask {
                await perform(kind, job, in: network, arguments, attempt: attempt)
                free.give()
                wakeups.wakeJobs()
            }
        }
    }

    private func perform(_ kind: JobKind, _ job: UUID, in network: UUID, _ arguments: String, attempt: Int) async {
        let actor = Actor(
            credential: .lease(worker: id, job: job), access: .member, scope: .write, network: network, plugin: nil,
            keyring: keyring, outbound: outbound, client: client)
        let outcome: Outcome
        do {
            let run = JobRun(id: job, actor: actor, arguments: try JSON(reading: Array(arguments.utf8)))
            outcome = try await withHeartbeat(actor, job) { .succeeded(try await kind.work(run)) }
        } catch let refusal as Refusal {
            outcome = .failed([
                "title": "This could not be done.", "detail": .string(refusal.detail), "kind": .string(refusal.kind.rawValue),
            ])
        } catch let stop as Stop {
            outcome = stop == .cancelled ? .cancelled : .lost
        } catch is CancellationError {
            outcome = .handedBack
        } catch {
            logger.error("A job failed", metadata: ["job": "\(job)", "kind": "\(kind.id)", "attempt": "\(attempt)", "error": "\(error)"])
            outcome = .retry
        }
        do {
            // The task may be cancelled by now, and its outcome must be written all the same.
            try await Task { try await finish(actor, job, outcome, attempt: attempt) }.value
        } catch {
            logger.error("The outcome of a job could not be written", metadata: ["job": "\(job)", "error": "\(error)"])
        }
    }

    private enum Outcome {
        case succeeded(JSON), failed(JSON), cancelled, retry, handedBack, lost
    }

    private enum Stop: Error {
        case cancelled, lost
    }

    // Does the work beside a task that keeps the lease, and stops it where somebody asked for that or the lease is gone.
    private func withHeartbeat(_ actor: Actor, _ job: UUID, _ work: @escaping @Sendable () async throws -> Outcome) async throws -> Outcome
    {
        try await withThrowingTaskGroup { group in
            group.addTask(operation: work)
            group.addTask {
                while true {
                    try await Task.sleep(for: lease / 5)
                    let beat = try await actor.run(
                        """
                        update kith.jobs set lease_expires_at = clock_timestamp() + make_interval(secs => \(lease.seconds))
                        where job_id = \(job) and worker_id = \(id) and state = 'running' returning cancel_requested_at is not null as stop
                        """)[0]
                    guard let stop = try beat.first?["stop", as: Bool.self] else { throw Stop.lost }
                    if stop { throw Stop.cancelled }
                }
            }
            defer { group.cancelAll() }
            guard let outcome = try await group.next() else { throw CancellationError() }
            return outcome
        }
    }

    private func finish(_ actor: Actor, _ job: UUID, _ outcome: Outcome, attempt: Int) async throws {
        switch outcome {
        case .succeeded(let result): try await end(actor, job, "succeeded", result: result)
        case .failed(let problem): try await end(actor, job, "failed", problem: problem)
        case .cancelled: try await end(actor, job, "cancelled")
        case .lost: break
        case .retry where attempt >= 3:
            try await end(
                actor, job, "failed",
                problem: ["title": "This could not be done.", "detail": "Something went wrong in Kith. It is in the server's log."])
        case .retry:
            _ = try await actor.run(
                """
                update kith.jobs set state = 'queued', worker_id = null, run_at = now() + make_interval(secs => \(Double(attempt * attempt)))
                where job_id = \(job)
                """)
        case .handedBack:
            _ = try await actor.run(
                "update kith.jobs set state = 'queued', worker_id = null, attempts = attempts - 1 where job_id = \(job)",
                "select pg_notify('kith_jobs', '')")
        }
    }

    private func end(_ actor: Actor, _ job: UUID, _ state: String, result: JSON? = nil, problem: JSON? = nil) async throws {
        _ = try await actor.write(
            """
            update kith.jobs set state = \(state), result = \(result.map { JSONText($0.description) }),
                problem = \(problem.map { JSONText($0.description) }), finished_at = now(), version = version + 1,
                progress = case when \(state) = 'succeeded' then 1 else progress end
            where job_id = \(job) and worker_id = \(id) returning job_id as id
            """, recording: "job.\(state)")
    }
}

extension Duration {
    /// The length in seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
