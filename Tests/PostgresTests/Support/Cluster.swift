import Foundation
import Glibc
import Logging

@testable import Postgres

/// A private PostgreSQL cluster for the tests of one process: a temporary folder, a Unix socket, no fsync.
final class Cluster: Sendable {
    static let shared = Result { try Cluster() }

    let folder: URL
    private let binaries = "/usr/lib/postgresql/15/bin"

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "kith-pg-\(getpid())-\(UInt32.random(in: 0...UInt32.max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if getuid() == 0, let user = getpwnam("postgres") { chown(folder.path, user.pointee.pw_uid, user.pointee.pw_gid) }
        try run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        try start()
    }

    private var data: String { folder.appending(path: "data").path }

    var connectionString: String { "host=\(folder.path) user=postgres dbname=postgres" }

    func start() throws {
        let options =
            "-c listen_addresses='' -c unix_socket_directories='\(folder.path)' -c fsync=off "
            + "-c full_page_writes=off -c max_connections=200 -c shared_buffers=32MB -c autovacuum=off -c max_prepared_transactions=0"
        try run("pg_ctl", "-D", data, "-w", "-l", folder.appending(path: "log").path, "-o", options, "start")
    }

    func stop(mode: String) throws { try run("pg_ctl", "-D", data, "-w", "-m", mode, "stop") }

    func remove() {
        try? stop(mode: "immediate")
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs a tool and waits for it. Not with Foundation's `Process`, which waits until every heir of its descriptors has ended: the server too.
    private func run(_ tool: String, _ arguments: String...) throws {
        // PostgreSQL refuses to run as root.
        let change = getuid() == 0 ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : []
        let words = change + ["\(binaries)/\(tool)"] + arguments
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor: Int32 in 0...2 { posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0) }
        let argv = words.map { strdup($0) } + [nil]
        defer { for word in argv { free(word) } }
        var child = pid_t()
        var status: Int32 = -1
        if posix_spawn(&child, words[0], &actions, nil, argv, environ) == 0 {
            while waitpid(child, &status, 0) == -1 && errno == EINTR {}
        }
        guard status == 0 else { throw ClusterError(tool: tool, status: status) }
    }
}

struct ClusterError: Error {
    let tool: String
    let status: Int32
}

/// Stops the shared cluster at exit.
func removeClusterAtExit() {
    atexit {
        if case .success(let cluster) = Cluster.shared { cluster.remove() }
    }
}
private let registered: Void = removeClusterAtExit()

/// Runs a client against the shared cluster, in a schema of its own.
@discardableResult
func withClient<T>(
    _ configure: (inout PostgresConfiguration) -> Void = { _ in }, cluster: Cluster? = nil,
    _ body: (PostgresClient) async throws -> T
) async throws -> T {
    registered
    let cluster = try cluster ?? Cluster.shared.get()
    let schema = "t\(UInt64.random(in: 0...UInt64.max))"
    var configuration = PostgresConfiguration(connectionString: cluster.connectionString)
    configuration.maximumConnections = 8
    // The tests run all at once, perhaps on two busy cores.
    configuration.acquireTimeout = .seconds(60)
    configuration.applicationName = schema
    configuration.sessionSettings["search_path"] = schema
    configuration.statementDeadline = .seconds(120)
    try await withRunning(configuration) { try await $0.query("create schema \(raw: schema)") }
    configure(&configuration)
    return try await withRunning(configuration, body)
}

@discardableResult
func withRunning<T>(_ configuration: PostgresConfiguration, _ body: (PostgresClient) async throws -> T) async throws -> T {
    let client = PostgresClient(configuration: configuration, logger: .init(label: "test"))
    async let running: Void = client.run()
    defer { client.inbox.send(.shutDown) }
    let value = try await body(client)
    client.inbox.send(.shutDown)
    try await running
    return value
}
