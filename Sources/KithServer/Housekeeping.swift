import Logging
import Postgres
import ServiceLifecycle

/// Deletes what has had its time: idempotency keys after a day.
struct Housekeeping: Service {
    let client: PostgresClient
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                do {
                    _ = try await client.query("select kith.expire_idempotency_keys()")
                } catch  where !Task.isCancelled {
                    logger.error("Expired idempotency keys could not be deleted", metadata: ["error": "\(error)"])
                } catch {
                    // The server is stopping.
                }
                try await Task.sleep(for: .seconds(600))
            }
        }
    }
}
