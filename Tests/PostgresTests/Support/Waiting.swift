import Testing

@testable import Postgres

extension PostgresClient {
    /// Waits until a statement of this client sleeps in the server, so that what follows hits it there.
    func waitUntilSleeping() async throws {
        var configuration = configuration
        let application = configuration.applicationName ?? ""
        configuration.applicationName = "observer"
        configuration.acquireTimeout = .seconds(60)
        try await withRunning(configuration) { observer in
            var sleeping = 0
            while sleeping == 0 {
                sleeping = try await observer.query(
                    "select count(*) from pg_stat_activity where application_name = \(application) and wait_event = 'PgSleep'"
                ).decode(Int.self)[0]
            }
        }
    }
}
