import Testing

@testable import Postgres

@Suite struct StatementFailureTests {
    @Test func `a table altered under prepared statements is not noticed outside transactions`() async throws {
        try await withClient({ $0.maximumConnections = 3 }) { client in
            try await client.query("create table t (a int)")
            try await client.query("insert into t values (1)")
            for round in 1...5 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<12 {
                        group.addTask {
                            let results = try await client.batch(["select 1", "select * from t"])
                            #expect(results[1].columns.count == round)
                        }
                    }
                    try await group.waitForAll()
                }
                try await client.query("alter table t add column b\(raw: String(round)) int default 0")
            }
            try await client.query("alter table t alter column a type text")
            let text = try await client.query("select * from t")
            #expect(try text[0]["a", as: String.self] == "1")
        }
    }

    @Test func `a table altered under prepared statements makes a transaction run again`() async throws {
        try await withClient({ $0.maximumConnections = 1 }) { client in
            try await client.query("create table t (a int)")
            let columns = { try await client.withTransaction { tx in try await tx.query("select * from t").columns } }
            #expect(try await columns() == ["a"])
            try await client.query("alter table t add column b int")
            #expect(try await columns() == ["a", "b"])
        }
    }

    @Test func `a deferred constraint's error at the end of a batch is reported`() async throws {
        try await withClient { client in
            try await client.query("create table t (a int, constraint once unique (a) deferrable initially deferred)")
            let error = await #expect(throws: PostgresError.self) {
                try await client.batch(["insert into t values (1)", "insert into t values (1)", "select 1"])
            }
            #expect(error?.sqlState == .uniqueViolation)
            #expect(error?.constraint == "once")
            #expect(error?.table == "t")
            let inTransaction = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { tx in _ = try await tx.batch(["insert into t values (1)", "insert into t values (1)"]) }
            }
            #expect(inTransaction?.sqlState == .uniqueViolation)
            let count = try await client.query("select count(*) from t").decode(Int.self)
            #expect(count == [0])
        }
    }

    @Test func `an error's description holds no value, its reflection does`() async throws {
        try await withClient { client in
            try await client.query("create table people (email text primary key)")
            try await client.query("insert into people values ('ada@example.org')")
            let error = await #expect(throws: PostgresError.self) {
                try await client.query("insert into people values (\("ada@example.org"))")
            }
            #expect(error.map { "\($0)".contains("ada@") } == false)
            #expect(error.map { "\($0)".contains("people_pkey") } == true)
            #expect(error.map { String(reflecting: $0).contains("ada@example.org") } == true)
            let cast = await #expect(throws: PostgresError.self) { try await client.query("select \("secret")::int") }
            #expect(cast.map { "\($0)".contains("secret") } == false)
        }
    }

    @Test func `more statements than the cache holds are evicted on the server too`() async throws {
        try await withClient({
            $0.maximumConnections = 1
            $0.preparedStatementCapacity = 10
        }) { client in
            for number in 0..<300 {
                let rows = try await client.query("select \(number) as n\(raw: String(number))")
                #expect(try rows[0][0, as: Int.self] == number)
            }
            let many = try await client.batch((0..<50).map { "select \($0) as m\(raw: String($0))" })
            #expect(try many.map { try $0[0][0, as: Int.self] } == Array(0..<50))
            try await client.query("select 1")
            let held = try await client.query("select count(*) from pg_prepared_statements").decode(Int.self)
            #expect(held[0] <= 10 + 17)
        }
    }

    @Test func `without prepared statements everything works the same`() async throws {
        try await withClient({ $0.preparedStatementCapacity = 0 }) { client in
            for number in 0..<10 {
                let rows = try await client.query("select \(number)")
                #expect(try rows[0][0, as: Int.self] == number)
            }
            let held = try await client.query("select count(*) from pg_prepared_statements").decode(Int.self)
            #expect(held == [0])
        }
    }

    @Test func `statements lost on the server are prepared again`() async throws {
        try await withClient({ $0.maximumConnections = 1 }) { client in
            for _ in 0..<3 {
                try await client.query("select 1 as one")
                try await client.query("deallocate all")
            }
            let error = await #expect(throws: PostgresError.self) { try await client.query("selec 1") }
            #expect(error?.sqlState == "42601")
            try await client.query("select 1 as one")
        }
    }

    @Test func `COPY where it cannot work says so and does not hang`() async throws {
        try await withClient({ $0.maximumConnections = 1 }) { client in
            try await client.query("create table t (a int)")
            for query: Query in ["copy t from stdin", "copy t to stdout"] {
                let error = await #expect(throws: PostgresError.self) { try await client.query(query) }
                #expect(error?.code == .connectionLost)
            }
            try await client.query("select 1")
        }
    }

    /// Each task asks for its own number. Had a cancel hit the wrong statement, or a result gone to the wrong task, one would show it.
    @Test func `ten thousand statements, cancelled at random, and none gets another's answer`() async throws {
        try await withClient({ $0.maximumConnections = 6 }) { client in
            let outcomes = try await withThrowingTaskGroup(of: (wrong: Int, cancelled: Int, failed: Int).self) { group in
                for worker in 0..<40 {
                    group.addTask {
                        var random = SplitMix64(seed: UInt64(worker))
                        var outcome = (wrong: 0, cancelled: 0, failed: 0)
                        for number in 0..<250 {
                            let expected = worker * 1000 + number
                            let isCancelled = Int.random(in: 0..<3, using: &random) == 0
                            let spins = Int.random(in: 0..<2000, using: &random)
                            let pause = Int.random(in: 0..<4, using: &random) == 0 ? 0.003 : 0
                            let task = Task {
                                try await client.batch(["select pg_sleep(\(pause))", "select \(expected)"])[1].decode(Int.self)
                            }
                            if isCancelled {
                                for _ in 0..<spins / 100 { await Task.yield() }
                                task.cancel()
                            }
                            do {
                                if try await task.value != [expected] { outcome.wrong += 1 }
                            } catch let error as PostgresError where error.code == .cancelled && isCancelled {
                                outcome.cancelled += 1
                            } catch {
                                outcome.failed += 1
                            }
                        }
                        return outcome
                    }
                }
                return try await group.reduce(into: (wrong: 0, cancelled: 0, failed: 0)) { sum, outcome in
                    sum = (sum.wrong + outcome.wrong, sum.cancelled + outcome.cancelled, sum.failed + outcome.failed)
                }
            }
            #expect(outcomes.wrong == 0)
            #expect(outcomes.failed == 0)
            #expect(outcomes.cancelled > 100, "too few cancels took hold to have tested anything")
        }
    }
}
