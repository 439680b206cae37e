import Foundation
import Testing

@testable import Postgres

@Suite struct QueryTests {
    @Test func `a value is bound and comes back`() async throws {
        try await withClient { client in
            let rows = try await client.query("select \(42) as number, \("it's") as word, \(Int?.none) as nothing")
            #expect(rows.columns == ["number", "word", "nothing"])
            for (number, word, nothing) in try rows.decode((Int, String, Int?).self) {
                #expect(number == 42)
                #expect(word == "it's")
                #expect(nothing == nil)
            }
            #expect(try rows[0]["number", as: Int.self] == 42)
        }
    }

    @Test func `a batch is one transaction and answers each statement`() async throws {
        try await withClient { client in
            try await client.query("create table t (a int primary key)")
            let results = try await client.batch([
                "select set_config('kith.x', \("y"), true)", "insert into t values (1), (2)", "select current_setting('kith.x')",
            ])
            #expect(results[1].affected == 2)
            #expect(try results[2][0][0, as: String.self] == "y")
            await #expect(throws: PostgresError.self) {
                try await client.batch(["insert into t values (3)", "insert into t values (1)"])
            }
            #expect(try await client.query("select count(*) from t").decode(Int.self) == [2])
        }
    }

    @Test func `transactions commit, roll back and nest`() async throws {
        try await withClient { client in
            try await client.query("create table t (a int primary key)")
            let count = try await client.withTransaction { tx in
                try await tx.query("insert into t values (1)")
                try? await tx.withSavepoint { tx in
                    try await tx.query("insert into t values (2)")
                    try await tx.query("insert into t values (1)")
                }
                try await tx.copy(into: "t", columns: ["a"], rows: (10..<20).map { [$0] as [any PostgresEncodable] })
                return try await tx.query("select count(*) from t").decode(Int.self)[0]
            }
            #expect(count == 11)
            struct Stop: Error {}
            await #expect(throws: Stop.self) {
                try await client.withTransaction { tx in
                    try await tx.query("delete from t")
                    throw Stop()
                }
            }
            #expect(try await client.query("select count(*) from t").decode(Int.self) == [11])
        }
    }

    @Test func `rows become JSON`() async throws {
        try await withClient { client in
            let rows = try await client.query(
                "select 1 as a, 'x\"y' as b, array[1,null,3] as c, '2026-11-21 10:00:00.5Z'::timestamptz as d, '{\"k\":1}'::jsonb as e, 'NaN'::float8 as f, '\\x0102'::bytea as g"
            )
            var buffer: [UInt8] = []
            rows.appendJSON(into: &buffer)
            #expect(
                String(decoding: buffer, as: UTF8.self)
                    == #"[{"a":1,"b":"x\"y","c":[1,null,3],"d":"2026-11-21T10:00:00.5Z","e":{"k": 1},"f":null,"g":"AQI="}]"#)
        }
    }

    @Test func `rows can be streamed and left early`() async throws {
        try await withClient { client in
            var sum = 0
            try await client.withRows("select generate_series(1, 10000)") { rows in
                for try await row in rows { sum += try row[0, as: Int.self] }
            }
            #expect(sum == 50_005_000)
            let first = try await client.withRows("select generate_series(1, 100000000)") { rows in
                for try await row in rows { return try row[0, as: Int.self] }
                return 0
            }
            #expect(first == 1)
        }
    }
}
