import Logging
import Postgres
import ServiceLifecycle

/// Deletes what has had its time: idempotency keys and counts of tries after a day, sessions that have ended after a month.
struct Housekeeping: Service {
    let client: PostgresClient
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                do {
                    _ = try await client.batch(["select kith.expire_idempotency_keys()", "select kith.expire_sign_ins()"])
                } catch  where !Task.isCancelled {
                    logger.error("What has expired could not be deleted", metadata: ["error": "\(error)"])
                } catch {
                    // The server is stopping.
                }
                try await Task.sleep(for: .seconds(600))
            }
        }
    }
}
