import Kith
import Logging
import Postgres
import ServiceLifecycle

/// Deletes what has had its time: idempotency keys and counts of tries after a day, copies that nobody fetched after seven, sessions that
/// have ended after a month; and asks for the daily retention job.
struct Housekeeping: Service {
    let client: PostgresClient
    let logger: Logger

    func run() async throws {
        await repeating(every: .seconds(600), logger: logger, failure: "What has had its time could not be deleted") {
            _ = try await client.batch([
                "select kith.expire_idempotency_keys()", "select kith.expire_sign_ins()", "select kith.keep_data_rights()",
            ])
        }
    }
}
