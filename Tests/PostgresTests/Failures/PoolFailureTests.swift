import FoundationEssentials
import Glibc
import Logging
import Testing

@testable import Postgres

@Suite struct PoolFailureTests {
    private let clock = ContinuousClock()

    @Test func `an exhausted pool refuses after the configured time and serves again when a connection is free`() async throws {
        try await withClient({
            $0.maximumConnections = 1
            $0.acquireTimeout = .milliseconds(200)
        }) { client in
            while (try? await client.query("select 1")) == nil {}
            let task = Task { try await client.query("select pg_sleep(60)") }
            try await client.waitUntilSleeping()
            var error: PostgresError?
            let elapsed = await clock.measure { error = await #expect(throws: PostgresError.self) { try await client.query("select 1") } }
            #expect(error?.code == .acquireTimeout)
            #expect(elapsed > .milliseconds(190))
            task.cancel()
            _ = await task.result
            while (try? await client.query("select 1")) == nil {}
        }
    }

    @Test func `a terminated session is replaced, in use or idle`() async throws {
        try await withClient({ $0.maximumConnections = 2 }) { client in
            let task = Task { try await client.query("select pg_sleep(60)") }
            try await client.waitUntilSleeping()
            try await client.query(
                "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and application_name = \(client.configuration.applicationName)"
            )
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .connectionLost)
            #expect(error?.sqlState == .adminShutdown)
            for _ in 0..<10 { try await client.query("select 1") }
        }
    }

    @Test func `idle sessions that the server ends are noticed before they are used`() async throws {
        try await withClient({ $0.maximumConnections = 4 }) { client in
            for round in 0..<20 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 { group.addTask { try await client.query("select pg_sleep(0.001)") } }
                    try await group.waitForAll()
                }
                try await withRunning(PostgresConfiguration(connectionString: client.configuration.connectionString)) { other in
                    let name = client.configuration.applicationName
                    var left = 1
                    while left > 0 {
                        try await other.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = \(name)")
                        left = try await other.query("select count(*) from pg_stat_activity where application_name = \(name)").decode(
                            Int.self)[0]
                    }
                }
                do { try await client.query("select \(round)") } catch { Issue.record("an ended session was used: \(error)") }
            }
        }
    }

    @Test func `an address that never answers times out, and another client is not disturbed`() async throws {
        let listener = try SilentListener()
        var configuration = PostgresConfiguration(
            connectionString: "host=127.0.0.1 port=\(listener.port) user=postgres dbname=postgres sslmode=disable")
        configuration.acquireTimeout = .milliseconds(300)
        configuration.connectTimeout = .seconds(60)
        try await withRunning(configuration) { client in
            for _ in 0..<3 {
                var error: PostgresError?
                let elapsed = await clock.measure {
                    error = await #expect(throws: PostgresError.self) { try await client.query("select 1") }
                }
                #expect(error?.code == .acquireTimeout)
                #expect(elapsed < .seconds(30))
            }
            try await withClient { other in try await other.query("select 1") }
            client.inbox.send(.stop)
        }
    }

    @Test func `the second host is used when the first never answers`() async throws {
        let listener = try SilentListener()
        let cluster = try Cluster.shared.get()
        var configuration = PostgresConfiguration(
            connectionString:
                "host=127.0.0.1,\(cluster.folder.path) port=\(listener.port),5432 user=postgres dbname=postgres sslmode=disable")
        configuration.connectTimeout = .seconds(2)
        configuration.acquireTimeout = .seconds(20)
        try await withRunning(configuration) { client in
            let one = try await client.query("select 1").decode(Int.self)
            #expect(one == [1])
        }
    }

    @Test func `a deadline ends a statement on the server and frees its connection`() async throws {
        try await withClient({ $0.maximumConnections = 1 }) { client in
            var error: PostgresError?
            let elapsed = await clock.measure {
                error = await #expect(throws: PostgresError.self) {
                    try await client.query("select pg_sleep(60)", deadline: .milliseconds(100))
                }
            }
            #expect(error?.code == .deadlineExceeded)
            #expect(elapsed < .seconds(10))
            let pid = try await client.query("select pg_backend_pid()").decode(Int.self)
            let again = try await client.query("select pg_backend_pid()").decode(Int.self)
            #expect(pid == again)
        }
    }

    @Test func `a deadline also counts the time in the queue`() async throws {
        try await withClient({ $0.maximumConnections = 1 }) { client in
            let task = Task { try await client.query("select pg_sleep(60)") }
            try await client.waitUntilSleeping()
            let error = await #expect(throws: PostgresError.self) { try await client.query("select 1", deadline: .milliseconds(50)) }
            #expect(error?.code == .deadlineExceeded)
            task.cancel()
            _ = await task.result
        }
    }

    @Test func `a graceful shutdown lets what is under way end and refuses the rest`() async throws {
        try await withClient({ $0.maximumConnections = 1 }) { client in
            try await client.query("create table t (a int)")
            let (begun, signal) = AsyncStream.makeStream(of: Void.self)
            let running = Task {
                try await client.withTransaction { tx in
                    try await tx.query("select 1")
                    signal.yield()
                    _ = try await tx.batch(["select pg_sleep(0.3)", "insert into t values (1)"])
                    return try await tx.query("select count(*) from t").decode(Int.self)[0]
                }
            }
            for await _ in begun { break }
            let waiting = Task { try await client.query("select count(*) from t").decode(Int.self)[0] }
            client.inbox.send(.shutDown)
            #expect(try await running.value == 1)
            let outcome = await waiting.result
            switch outcome {
            case .success(let count): #expect(count == 1)
            case .failure(let error): #expect((error as? PostgresError)?.code == .shutDown)
            }
            let error = await #expect(throws: PostgresError.self) { try await client.query("select 1") }
            #expect(error?.code == .shutDown)
        }
    }
}

/// A TCP socket that listens and never accepts: the kernel completes the handshake, and nobody ever speaks.
final class SilentListener: Sendable {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let status = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) | listen(descriptor, 16) | getsockname(descriptor, address, &length)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard status == 0 else { throw ClusterError(tool: "listen", status: errno) }
    }

    deinit { close(descriptor) }
}
