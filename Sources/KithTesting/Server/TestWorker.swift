import EmbeddedPostgres
public import Kith
import Logging
import Postgres
import ServiceLifecycle

extension TestServer {
    /// Runs a worker beside the server, as another process would, and stops it gracefully.
    /// - Parameters:
    ///   - jobs: the jobs that it knows
    ///   - lease: for how long a job is its own without a heartbeat
    ///   - body: what to do meanwhile
    /// - Throws: what `body` throws, or why the worker cannot run
    public func withWorker(
        of jobs: [JobKind], lease: Duration = .seconds(15), _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        // Jobs that fail on purpose would fill the log.
        let logger = Logger(label: "kith.test.worker") { _ in SwiftLogNoOpLogHandler() }
        let configuration = database.configuration(as: ConnectionDetails.app)
        let client = PostgresClient(configuration: configuration, logger: logger)
        let wakeups = Wakeups(configuration: configuration, logger: logger)
        let worker = JobWorker(client: client, kinds: jobs, wakeups: wakeups, lease: lease, logger: logger)
        try await withServices([client, wakeups, worker], body)
    }
}

/// Runs services for the time of `body`, and stops them gracefully.
func withServices<Value: Sendable>(_ services: [any Service], _ body: @Sendable () async throws -> Value) async throws -> Value {
    let group = ServiceGroup(configuration: .init(services: services.map { .init(service: $0) }, logger: .quiet))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return try result.get()
    }
}
