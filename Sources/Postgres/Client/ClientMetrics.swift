import Metrics

/// The client's metrics, named after OpenTelemetry's conventions for database clients.
struct ClientMetrics: Sendable {
    private let duration = Timer(label: "db.client.operation.duration")
    private let wait = Timer(label: "db.client.connection.wait_time")
    private let errors = Counter(label: "db.client.operation.errors")
    private let open = Gauge(label: "db.client.connection.count")
    private let used = Gauge(label: "db.client.connection.used")
    private let waiting = Gauge(label: "db.client.connection.pending_requests")

    func record(_ reply: Request.Reply, after elapsed: Duration) {
        duration.recordNanoseconds(elapsed.nanoseconds)
        if case .failure = reply { errors.increment() }
    }

    func recordWait(_ elapsed: Duration) { wait.recordNanoseconds(elapsed.nanoseconds) }

    /// Records what has changed since the last time.
    func record(_ census: PoolCensus, since last: inout PoolCensus) {
        guard census != last else { return }
        last = census
        open.record(census.open)
        used.record(census.used)
        waiting.record(census.waiting)
    }
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
