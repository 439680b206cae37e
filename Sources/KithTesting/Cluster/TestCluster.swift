import Configuration
import EmbeddedPostgres
import Dispatch
import Glibc
import Kith
public import KithServer
import Logging
import Postgres
import Synchronization
import struct FoundationEssentials.Data
import struct FoundationEssentials.URL
import struct FoundationEssentials.UUID

/// The PostgreSQL cluster of a test process: disposable, started by the first test that needs it, stopped when the process ends.
///
/// Each distribution of plugins is migrated once, into a template; each test gets a clone of it, which takes 30 to 50 ms.
public actor TestCluster {
    /// The cluster of this process.
    public static let shared = TestCluster()

    /// How many databases are in use at the same time; further tests wait, so that the machine is not asked for more than it has.
    private static let mostDatabases = 6

    private var starting: Task<(ConnectionDetails, PostgresClient), any Error>?
    private var templates: [String: Task<String, any Error>] = [:]
    private var free = TestCluster.mostDatabases
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Hands over a database of its own, with the schema of a distribution, and drops it afterwards.
    /// - Parameters:
    ///   - distribution: whose schema it has; nil for an empty database
    ///   - body: what to do with it
    /// - Returns: what `body` returns
    /// - Throws: what `body` throws, or why there is no database
    public func withDatabase<Value: Sendable>(
        _ distribution: Distribution?, _ body: @Sendable (TestDatabase) async throws -> Value
    ) async throws -> Value {
        await takeTurn()
        defer { giveTurn() }
        let (details, administrator) = try await start()
        let template = if let distribution { try await self.template(of: distribution) } else { "template1" }
        let database = try await Self.create(from: template, details, administrator)
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(database))
        } catch {
            result = .failure(error)
        }
        try await Self.drop(database, administrator)
        return try result.get()
    }

    private func takeTurn() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func giveTurn() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }

    private func start() async throws -> (ConnectionDetails, PostgresClient) {
        if let starting { return try await starting.value }
        // A task of its own: the test that happens to come first may be cancelled.
        let task = Task {
            let folder = try TemporaryFolder()
            let cluster = EmbeddedCluster(
                configuration: .init(folder: "\(folder.path)/data", durability: .disposable, maximumConnections: 200), logger: .quiet)
            let details = try await cluster.start()
            AtExit.stop(cluster, in: folder)
            var configuration = PostgresConfiguration(
                connectionString: details.connectionString(user: ConnectionDetails.superuser, database: "postgres"))
            configuration.maximumConnections = 4
            let client = PostgresClient(configuration: configuration, logger: .quiet)
            // Runs for as long as the process.
            Task { try await client.run() }
            return (details, client)
        }
        starting = task
        return try await task.value
    }

    private func template(of distribution: Distribution) async throws -> String {
        let (details, administrator) = try await start()
        let key = distribution.migrations.map { "\($0.title)\n\($0.sql)" }.joined()
        if let known = templates[key] { return try await known.value }
        let task = Task {
            let database = try await Self.create(from: "template1", details, administrator)
            try await database.withClient(as: ConnectionDetails.owner) { owner in
                _ = try await Migrator(distribution.migrations, client: owner, logger: .quiet).migrate()
            }
            try await Self.mutate(database)
            return database.name
        }
        templates[key] = task
        return try await task.value
    }

    // Deploy/mutations takes a guard out of the schema, to see whether the tests notice. `KITH_TEST_MUTATION` names the statement's file.
    private static func mutate(_ database: TestDatabase) async throws {
        let configuration = ConfigReader(provider: EnvironmentVariablesProvider())
        guard let file = configuration.string(forKey: "kith.test.mutation") else { return }
        let statement = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
        try await database.withClient(as: ConnectionDetails.superuser) { superuser in
            _ = try await superuser.query(Query(raw: statement))
        }
    }

    private static func create(
        from template: String, _ details: ConnectionDetails, _ administrator: PostgresClient
    ) async throws -> TestDatabase {
        let name = "test_\(UUID.version7().uuidString.lowercased().replacing("-", with: ""))"
        _ = try await administrator.query(
            Query(raw: "create database \(name) template \(template) owner \(ConnectionDetails.owner)"), deadline: .seconds(120))
        return TestDatabase(name: name, details: details)
    }

    private static func drop(_ database: TestDatabase, _ administrator: PostgresClient) async throws {
        // The test may have been cancelled, and its database shall go all the same.
        try await Task {
            _ = try await administrator.query(Query(raw: "drop database \(database.name) with (force)"), deadline: .seconds(120))
        }.value
    }
}

/// Stops the cluster when the process ends, or is told to.
private enum AtExit {
    private static let cluster = Mutex<(EmbeddedCluster, TemporaryFolder)?>(nil)
    private static let termination = Mutex<(any DispatchSourceSignal)?>(nil)

    static func stop(_ running: EmbeddedCluster, in folder: TemporaryFolder) {
        cluster.withLock { $0 = (running, folder) }
        // Otherwise a run that is cut short would leave PostgreSQL running.
        signal(SIGTERM, SIG_IGN)
        termination.withLock {
            let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
            // Without the ends of the program, which its other threads would not survive.
            source.setEventHandler {
                stop()
                _exit(128 + SIGTERM)
            }
            source.resume()
            $0 = source
        }
        atexit { AtExit.stop() }
    }

    private static func stop() {
        guard let (running, folder) = cluster.withLock({ $0 }) else { return }
        let stopped = DispatchSemaphore(value: 0)
        // The end of a process has no task to wait in, so this thread waits for one.
        Task.detached {
            await running.stop()
            stopped.signal()
        }
        _ = stopped.wait(timeout: .now() + 20)
        folder.remove()
    }
}
