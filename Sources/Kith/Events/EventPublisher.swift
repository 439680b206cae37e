public import Logging
public import Postgres
public import ServiceLifecycle

/// Numbers the outbox in the order of commit and wakes whoever follows it. One process at a time does it, whichever comes first.
///
/// Writers do not notify: NOTIFY takes a lock that is shared by every commit of the cluster.
public struct EventPublisher: Service {
    private let client: PostgresClient
    private let interval: Duration
    private let logger: Logger

    /// Makes a publisher.
    /// - Parameters:
    ///   - client: the database
    ///   - interval: how long an event may wait
    ///   - logger: where failures are told
    public init(client: PostgresClient, interval: Duration = .milliseconds(200), logger: Logger) {
        self.client = client
        self.interval = interval
        self.logger = logger
    }

    /// Publishes until the server stops.
    public func run() async throws {
        await repeating(every: interval, logger: logger, failure: "Events could not be published") {
            while try await client.query("select kith.publish_events(500)").decode(Int.self).first ?? 0 == 500 {}
        }
    }
}
