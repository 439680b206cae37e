import Testing

@testable import Postgres

/// Each test stops a cluster of its own in the middle of something, starts it again and goes on with the same client.
@Suite(.serialized) struct ServerDeathTests {
    private func withDyingServer(_ body: (Cluster, PostgresClient) async throws -> Void) async throws {
        let cluster = try Cluster()
        defer { cluster.remove() }
        try await withClient(
            {
                $0.maximumConnections = 4
                $0.acquireTimeout = .seconds(20)
            }, cluster: cluster
        ) { client in
            try await client.query("create table t (a int)")
            try await body(cluster, client)
        }
    }

    /// Runs `work`, kills the server while it sleeps there, and returns the error that comes of it.
    private func errorOf(
        _ client: PostgresClient, killing cluster: Cluster, _ work: @escaping @Sendable () async throws -> Void
    ) async throws -> PostgresError? {
        let task = Task { try await work() }
        try await client.waitUntilSleeping()
        try cluster.stop(mode: "immediate")
        let error = await #expect(throws: PostgresError.self) { try await task.value }
        try cluster.start()
        return error
    }

    private func expectRecovery(_ client: PostgresClient, rows: Int) async throws {
        var count: [Int]?
        // The circuit may be open for up to a second.
        while count == nil { count = try? await client.query("select count(*) from t").decode(Int.self) }
        #expect(count == [rows])
    }

    @Test func `a server killed in a query is reported, and the pool recovers`() async throws {
        try await withDyingServer { cluster, client in
            let error = try await errorOf(client, killing: cluster) { try await client.query("select pg_sleep(60)") }
            #expect(error?.code == .connectionLost)
            #expect(error?.isOutcomeUnknown == true)
            try await expectRecovery(client, rows: 0)
        }
    }

    @Test func `a server killed in a batch leaves nothing of it`() async throws {
        try await withDyingServer { cluster, client in
            let error = try await errorOf(client, killing: cluster) {
                _ = try await client.batch(["insert into t values (1)", "select pg_sleep(60)", "insert into t values (2)"])
            }
            #expect(error?.code == .connectionLost)
            try await expectRecovery(client, rows: 0)
        }
    }

    @Test(arguments: [false, true])
    func `a server killed in a commit is never taken for a commit`(inTransaction: Bool) async throws {
        try await withDyingServer { cluster, client in
            _ = try await client.batch([
                "create function wait() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return null; end $$",
                "create constraint trigger wait after insert on t deferrable initially deferred for each row execute function wait()",
            ])
            let error = try await errorOf(client, killing: cluster) {
                if inTransaction {
                    try await client.withTransaction { tx in _ = try await tx.query("insert into t values (1)") }
                } else {
                    _ = try await client.batch(["insert into t values (1)", "select 1"])
                }
            }
            #expect(error?.code == .connectionLost)
            #expect(error?.isOutcomeUnknown == true)
            try await expectRecovery(client, rows: 0)
        }
    }

    @Test func `a server killed in a transaction fails it, even if its closure goes on`() async throws {
        try await withDyingServer { cluster, client in
            let error = try await errorOf(client, killing: cluster) {
                try await client.withTransaction { tx in
                    try await tx.query("insert into t values (1)")
                    _ = try? await tx.query("select pg_sleep(60)")
                    _ = try? await tx.query("insert into t values (2)")
                }
            }
            #expect(error?.code == .connectionLost)
            try await expectRecovery(client, rows: 0)
        }
    }

    @Test func `a fast shutdown with its goodbye message is a lost connection too`() async throws {
        try await withDyingServer { cluster, client in
            let task = Task { try await client.query("select pg_sleep(60)") }
            try await client.waitUntilSleeping()
            try cluster.stop(mode: "fast")
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .connectionLost)
            #expect(error?.sqlState == .adminShutdown)
            try cluster.start()
            try await expectRecovery(client, rows: 0)
        }
    }

    @Test func `while no server answers, requests fail fast, and succeed when it is back`() async throws {
        try await withDyingServer { cluster, client in
            try cluster.stop(mode: "immediate")
            var failure: PostgresError?
            while failure?.code != .connectionFailed {
                do { try await client.query("select 1") } catch { failure = error as? PostgresError }
            }
            let clock = ContinuousClock()
            let elapsed = await clock.measure { _ = await #expect(throws: PostgresError.self) { try await client.query("select 1") } }
            #expect(elapsed < .seconds(5), "the circuit is open")
            try cluster.start()
            var isBack = false
            while !isBack { isBack = (try? await client.query("select 1")) != nil }
        }
    }

    @Test func `a server that became read-only is left for another`() async throws {
        try await withDyingServer { cluster, client in
            func processes() async throws -> [Int] { try await client.query("select pg_backend_pid()").decode(Int.self) }
            let before = try await processes()
            try await client.query("alter system set default_transaction_read_only = on")
            try await client.query("select pg_reload_conf()")
            var refusal: PostgresError?
            while refusal == nil {
                do { try await client.query("insert into t values (1)") } catch { refusal = error as? PostgresError }
            }
            #expect(refusal?.sqlState == .readOnlyTransaction)
            let after = try await processes()
            #expect(before != after)
        }
    }
}
