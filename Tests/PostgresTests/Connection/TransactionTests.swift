import Logging
import Testing

@testable import Postgres

@Suite struct TransactionTests {
    private struct Stop: Error {}

    @Test func `an error in an inner part undoes that part alone`() async throws {
        try await withClient { client in
            try await client.query("create table t (a int)")
            try await client.withTransaction { tx in
                try await tx.query("insert into t values (1)")
                await #expect(throws: Stop.self) {
                    try await tx.withSavepoint { tx in
                        try await tx.query("insert into t values (2)")
                        try await tx.withSavepoint { tx in _ = try await tx.query("insert into t values (3)") }
                        throw Stop()
                    }
                }
                try await tx.withTransaction { tx in
                    try await tx.query("insert into t values (4)")
                    try? await tx.withTransaction { tx in _ = try await tx.query("insert into nowhere values (5)") }
                }
            }
            let kept = try await client.query("select a from t order by a").decode(Int.self)
            #expect(kept == [1, 4])
        }
    }

    @Test func `a transaction that swallows an error is not taken for committed`() async throws {
        try await withClient { client in
            try await client.query("create table t (a int)")
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { tx in
                    try await tx.query("insert into t values (1)")
                    _ = try? await tx.query("select 1 / 0")
                }
            }
            #expect(error?.code == .rolledBack)
            let count = try await client.query("select count(*) from t").decode(Int.self)
            #expect(count == [0])
        }
    }

    @Test func `transactions that collide are run again until all have counted`() async throws {
        try await withClient { client in
            try await client.query("create table t (n int)")
            try await client.query("insert into t values (0)")
            let runs = Tally()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await client.withTransaction(isolation: .serializable, retries: 50) { tx in
                            runs.add()
                            let n = try await tx.query("select n from t, pg_sleep(0.02)").decode(Int.self)[0]
                            try await tx.query("update t set n = \(n + 1)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let n = try await client.query("select n from t").decode(Int.self)
            #expect(n == [8])
            #expect(runs.count > 8, "nothing collided, so nothing was tested")
        }
    }

    @Test func `a collision is reported when no runs are left`() async throws {
        try await withClient { client in
            let runs = Tally()
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction(retries: 2) { tx in
                    runs.add()
                    try await tx.query("do $$ begin raise exception 'x' using errcode = '40001'; end $$")
                }
            }
            #expect(error?.sqlState == .serializationFailure)
            #expect(runs.count == 3)
        }
    }

    @Test func `isolation and read-only reach the server with the first statement`() async throws {
        try await withClient { client in
            try await client.query("create table t (a int)")
            try await client.withTransaction(isolation: .serializable, readOnly: true) { tx in
                let settings = try await tx.query(
                    "select current_setting('transaction_isolation'), current_setting('transaction_read_only')")
                #expect(try settings[0].decode((String, String).self) == ("serializable", "on"))
            }
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction(readOnly: true) { tx in _ = try await tx.query("insert into t values (1)") }
            }
            #expect(error?.sqlState == .readOnlyTransaction)
        }
    }

    @Test func `a transaction that ran nothing needs no connection`() async throws {
        let configuration = PostgresConfiguration(connectionString: "host=/nowhere")
        let client = PostgresClient(configuration: configuration, logger: .init(label: "test"))
        async let running: Void = client.run()
        let value = try await client.withTransaction { _ in 7 }
        #expect(value == 7)
        client.inbox.send(.stop)
        try await running
    }

    @Test func `a transaction that has ended takes no more statements`() async throws {
        try await withClient { client in
            var escaped: Transaction?
            try await client.withTransaction { tx in
                try await tx.query("select 1")
                escaped = tx
            }
            let error = await #expect(throws: PostgresError.self) { try await escaped?.query("select 1") }
            #expect(error?.code == .transactionEnded)
        }
    }

    @Test func `a cancelled task's transaction is rolled back and its connection serves on`() async throws {
        try await withClient({ $0.maximumConnections = 1 }) { client in
            try await client.query("create table t (a int)")
            let task = Task {
                try await client.withTransaction { tx in
                    try await tx.query("insert into t values (1)")
                    try await tx.query("select pg_sleep(60)")
                }
            }
            try await client.waitUntilSleeping()
            task.cancel()
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            let count = try await client.query("select count(*) from t").decode(Int.self)
            #expect(count == [0])
        }
    }

    @Test func `a BEGIN by hand does not leak into the next request`() async throws {
        try await withClient({ $0.maximumConnections = 1 }) { client in
            try await client.query("create table t (a int)")
            try await client.query("begin")
            try await client.query("insert into t values (1)")
            let count = try await client.query("select count(*) from t").decode(Int.self)
            #expect(count == [1], "the insert is a transaction of its own, on a fresh connection")
        }
    }

    @Test func `COPY takes a hundred thousand rows whatever text they hold`() async throws {
        try await withClient { client in
            try await client.query("create table t (id int, label text, note text)")
            let count = try await client.withTransaction { tx in
                let rows = (0..<100_000).lazy.map { id -> [any PostgresEncodable] in
                    [id, nastyText[id % nastyText.count], id % 3 == 0 ? String?.none : String(repeating: "x", count: id % 50)]
                }
                return try await tx.copy(into: "t", columns: ["id", "label", "note"], rows: rows)
            }
            #expect(count == 100_000)
            let rows = try await client.query("select id, label, note from t order by id")
            #expect(rows.count == 100_000)
            for (id, label, note) in try rows.decode((Int, String, String?).self) {
                guard label == nastyText[id % nastyText.count], note == (id % 3 == 0 ? nil : String(repeating: "x", count: id % 50)) else {
                    Issue.record("row \(id) differs")
                    break
                }
            }
        }
    }

    @Test func `a COPY whose rows fail, or that the server refuses, copies nothing and leaves the connection usable`() async throws {
        try await withClient({ $0.maximumConnections = 1 }) { client in
            try await client.query("create table t (id int primary key)")
            await #expect(throws: Stop.self) {
                try await client.withTransaction { tx in
                    let rows = AsyncThrowingStream<[any PostgresEncodable], any Error> { continuation in
                        for id in 0..<50_000 { continuation.yield([id]) }
                        continuation.finish(throwing: Stop())
                    }
                    try await tx.copy(into: "t", columns: ["id"], rows: rows)
                }
            }
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { tx in
                    _ = try await tx.copy(into: "t", columns: ["id"], rows: [[1], [1]] as [[any PostgresEncodable]])
                }
            }
            #expect(error?.sqlState == .uniqueViolation)
            await #expect(throws: PostgresError.self) {
                try await client.withTransaction { tx in
                    _ = try await tx.copy(into: "nowhere", columns: ["id"], rows: [[1]] as [[any PostgresEncodable]])
                }
            }
            let nested = try await client.withTransaction { tx in
                try? await tx.withSavepoint { tx in
                    _ = try await tx.copy(into: "t", columns: ["id"], rows: [[1], [1]] as [[any PostgresEncodable]])
                }
                return try await tx.copy(into: "t", columns: ["id"], rows: [[2]] as [[any PostgresEncodable]])
            }
            #expect(nested == 1)
            let ids = try await client.query("select id from t").decode(Int.self)
            #expect(ids == [2])
        }
    }
}
