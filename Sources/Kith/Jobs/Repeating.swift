package import Logging
import ServiceLifecycle

/// Does something at once and then again and again until the server stops. What fails is logged and tried again after the same pause.
///
/// - Parameters:
///   - interval: the pause between the end of one time and the beginning of the next
///   - logger: where failures are told
///   - failure: what could not be done, as the log says it
///   - work: what is done
package func repeating(
    every interval: Duration, logger: Logger, failure: Logger.Message, _ work: @escaping @Sendable () async throws -> Void
) async {
    // Ended by the cancellation of the pause.
    try? await cancelWhenGracefulShutdown {
        while true {
            do {
                try await work()
            } catch  where !Task.isCancelled {
                logger.error(failure, metadata: ["error": "\(error)"])
            } catch {
                // The server is stopping.
            }
            try await Task.sleep(for: interval)
        }
    }
}
