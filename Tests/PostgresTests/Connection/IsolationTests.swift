import Testing

@testable import Postgres

@Suite struct IsolationTests {
    /// Its state may be used in the closures that run on its behalf.
    private actor Counter {
        var count = 0

        func run(_ client: PostgresClient) async throws -> Int {
            try await client.withTransaction { tx in
                count += try await tx.query("select 1").count
                try await tx.withSavepoint { tx in count += try await tx.query("select 1").count }
                try await tx.withRows("select generate_series(1, 3)") { rows in
                    for try await _ in rows { count += 1 }
                }
            }
            return count
        }
    }

    @Test func `closures run where their caller is`() async throws {
        try await withClient { client in
            let count = try await Counter().run(client)
            #expect(count == 5)
        }
    }
}
