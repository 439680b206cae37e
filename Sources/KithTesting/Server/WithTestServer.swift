import Configuration
import EmbeddedPostgres
import Kith
public import KithServer
public import Logging
import Postgres
import ServiceLifecycle

/// Runs a server on a database of its own for the time of a test.
/// - Parameters:
///   - distribution: the plugins
///   - socket: whether it also listens, on a free port of 127.0.0.1
///   - worker: whether it does jobs
///   - logger: where the server logs to; otherwise only what goes wrong in the server itself is told
///   - configure: changes the configuration
///   - body: the test
/// - Returns: what `body` returns
/// - Throws: what `body` throws, or why the server cannot run
public func withTestServer<Value: Sendable>(
    _ distribution: Distribution, socket: Bool = false, worker: Bool = true, logger: Logger? = nil,
    configure: @escaping @Sendable (inout ServerConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (TestServer) async throws -> Value
) async throws -> Value {
    try await TestCluster.shared.withDatabase(distribution) { database in
        try await runTestServer(distribution, on: database, socket: socket, worker: worker, logger: logger, configure, body)
    }
}

/// Runs a server on a database that is there.
func runTestServer<Value: Sendable>(
    _ distribution: Distribution, on database: TestDatabase, socket: Bool = false, worker: Bool = true, logger: Logger? = nil,
    _ configure: (inout ServerConfiguration) -> Void = { _ in }, _ body: @Sendable (TestServer) async throws -> Value
) async throws -> Value {
    var configuration = ServerConfiguration(ConfigReader(provider: InMemoryProvider(values: [:])))
    configuration.port = 0
    configuration.checkpointSeconds = 0
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    configuration.keyringPath = "\(folder.path)/keyring"
    let keyring = KeyringFile(path: configuration.keyringPath)
    try keyring.create()
    configuration.erasures = "\(folder.path)/erasures"
    configure(&configuration)
    let server = Server(
        distribution, database: database.configuration(as: ConnectionDetails.app, connections: 6), configuration,
        logger: logger ?? .quiet)
    func client(_ user: String) -> PostgresClient {
        PostgresClient(configuration: database.configuration(as: user, connections: 3), logger: .quiet)
    }
    let clients = (
        owner: client(ConnectionDetails.owner), superuser: client(ConnectionDetails.superuser), app: client(ConnectionDetails.app)
    )
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    var services: [any Service] = [clients.owner, clients.superuser, clients.app]
    services += server.services.filter { worker || !($0 is JobWorker) }
    if socket { services.append(server.application { listening.yield($0) }) }
    let erasures = configuration.erasures
    return try await withServices(services) {
        let port = socket ? await ports.first { _ in true } : nil
        return try await body(
            TestServer(
                server, database: database, erasures: erasures, port: port, keyring: keyring, logger: logger ?? .quiet, clients: clients))
    }
}
