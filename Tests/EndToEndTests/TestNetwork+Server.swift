import Kith
import KithTesting
import Postgres

extension TestNetwork {
    /// Runs statements as the server does, behind a door that somebody came through.
    func asServer(_ person: TestPerson, _ statements: Query...) async throws(PostgresError) -> [Rows] {
        try await asServer(person, statements)
    }

    func asServer(_ person: TestPerson, _ statements: [Query]) async throws(PostgresError) -> [Rows] {
        let door: Query = "select set_config('kith.network', \(id), true), set_config('kith.person', \(person.id), true)"
        return Array(try await server.app.batch([door] + statements).dropFirst())
    }

    /// Sends a request while a transaction holds somebody, as a withdrawal does, and waits until it is seen to wait for that.
    /// - Returns: the answer, which comes when they are free
    func whileHeld(_ person: TestPerson, _ request: @Sendable () async throws -> TestResponse) async throws -> TestResponse {
        try await whileHeld("kith.people where person_id = \(person.id)::text::uuid", request)
    }

    /// The same for a row.
    func whileHeld(_ row: Query, _ request: @Sendable () async throws -> TestResponse) async throws -> TestResponse {
        async let held = server.superuser.batch([
            "select from \(query: row) for no key update", "select pg_sleep(3)",
        ])
        try await eventually("the lock") {
            let free = try await server.superuser.query(
                "select from \(query: row) for no key update skip locked")
            return free.isEmpty ? true : nil
        }
        async let answer = request()
        try await eventually("somebody who waits") {
            let waiting = try await server.superuser.query(
                "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
            return waiting.isEmpty ? nil : true
        }
        _ = try await held
        return try await answer
    }
}
