import Testing

@testable import Postgres

@Suite struct RowStreamTests {
    private struct Stop: Error {}

    @Test func `a slow reader gets every row while the server waits`() async throws {
        try await withClient({ $0.maximumConnections = 1 }) { client in
            let sum = try await client.withRows("select n, repeat('x', 1000) from generate_series(1, 20000) as n") { rows in
                var sum = 0
                for try await row in rows {
                    sum += try row[0, as: Int.self]
                    if sum % 64 == 0 { await Task.yield() }
                    #expect(rows.buffer.count < 1024)
                }
                return sum
            }
            #expect(sum == 200_010_000)
        }
    }

    @Test func `the same statement answers in text and in binary`() async throws {
        try await withClient { client in
            let query: Query = "select \(258) as number, null as nothing"
            for _ in 0..<2 {
                #expect(try await client.query(query).first?[0, as: Int.self] == 258)
                let row = try #require(try await client.query(query.inBinary).first)
                #expect(row.withBytes(of: 0) { $0.map(Array.init) } == [0, 0, 0, 0, 0, 0, 1, 2])
                #expect(row.withBytes(of: 1) { $0 == nil })
                #expect(throws: PostgresError.self) { try row[0, as: Int.self] }
            }
        }
    }

    @Test func `leaving a stream early frees the connection at once`() async throws {
        try await withClient({ $0.maximumConnections = 1 }) { client in
            for _ in 0..<20 {
                let first = try await client.withRows("select generate_series(1, 1000000000)") { rows in
                    for try await row in rows { return try row[0, as: Int.self] }
                    return 0
                }
                #expect(first == 1)
                await #expect(throws: Stop.self) {
                    try await client.withRows("select generate_series(1, 1000000000)") { _ in throw Stop() }
                }
                let one = try await client.query("select 1", deadline: .seconds(20)).decode(Int.self)
                #expect(one == [1])
            }
        }
    }

    @Test func `an error in the middle follows the rows before it`() async throws {
        try await withClient({ $0.maximumConnections = 1 }) { client in
            var seen = 0
            do {
                try await client.withRows("select 10 / (500 - n) from generate_series(1, 1000) as n") { rows in
                    for try await _ in rows { seen += 1 }
                }
                Issue.record("the error was lost")
            } catch {
                #expect((error as? PostgresError)?.sqlState == "22012")
            }
            #expect(seen == 499)
            try await client.query("select 1")
        }
    }

    @Test func `a cancelled reader stops, and so does the server`() async throws {
        try await withClient({ $0.maximumConnections = 1 }) { client in
            let task = Task {
                try await client.withRows("select pg_sleep(60)") { rows in for try await _ in rows {} }
            }
            try await client.waitUntilSleeping()
            task.cancel()
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            try await client.query("select 1")
        }
    }

    @Test func `a stream in a transaction sees what it wrote, twice`() async throws {
        try await withClient { client in
            try await client.query("create table t (a int)")
            try await client.withTransaction { tx in
                try await tx.query("insert into t select generate_series(1, 2000)")
                for _ in 0..<2 {
                    var count = 0
                    try await tx.withRows("select a from t") { rows in for try await _ in rows { count += 1 } }
                    #expect(count == 2000)
                }
            }
        }
    }

    @Test func `leaving a stream early does not abort its transaction`() async throws {
        try await withClient { client in
            try await client.query("create table t (a int)")
            try await client.withTransaction { tx in
                let first: Int? = try await tx.withRows("select generate_series(1, 300000)") { rows in
                    for try await row in rows { return try row[0, as: Int.self] }
                    return nil
                }
                #expect(first == 1)
                try await tx.query("insert into t values (1)")
            }
            let count = try await client.query("select count(*) from t").decode(Int.self)
            #expect(count == [1])
        }
    }
}
