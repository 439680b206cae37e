public import Logging
public import Postgres
public import ServiceLifecycle
public import struct FoundationEssentials.UUID
import Synchronization

/// Tells the streams of events and the worker of this process that there is something new: by LISTEN when the database says so, and by
/// the clock in case a notification was lost with its connection.
public final class Wakeups: Service {
    private struct State {
        var nextID = 0
        var streams: [UUID: [Int: AsyncStream<Void>.Continuation]] = [:]
        var jobs: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let state = Mutex(State())
    private let notifications: PostgresNotifications
    private let logger: Logger

    /// Makes the hub.
    /// - Parameters:
    ///   - configuration: the database, on which it holds one connection of its own
    ///   - logger: where lost connections are told
    public init(configuration: PostgresConfiguration, logger: Logger) {
        notifications = PostgresNotifications(configuration: configuration, channels: ["kith_events", "kith_jobs"], logger: logger)
        self.logger = logger
    }

    /// Listens until the server stops.
    public func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await self.notifications.run() }
            group.addTask {
                for await event in self.notifications.events() {
                    switch event {
                    case .notification(let news) where news.channel == "kith_events":
                        self.wakeStreams(
                            news.payload.isEmpty ? nil : news.payload.split(separator: ",").compactMap { UUID(uuidString: String($0)) })
                    case .notification: self.wakeJobs()
                    case .reconnected:
                        self.wakeStreams(nil)
                        self.wakeJobs()
                    }
                }
            }
            group.addTask {
                try? await cancelWhenGracefulShutdown {
                    for second in 1... {
                        try await Task.sleep(for: .seconds(1))
                        self.wakeJobs()
                        if second % 30 == 0 { self.wakeStreams(nil) }
                    }
                }
                self.finish()
            }
        }
    }

    /// A signal whenever something may have happened in a network. Never fails; ends with the server.
    public func events(in network: UUID) -> AsyncStream<Void> {
        subscribe {
            $0.streams[network, default: [:]][$1] = $2
        } remove: { state, id in
            state.streams[network]?[id] = nil
            if state.streams[network]?.isEmpty == true { state.streams[network] = nil }
        }
    }

    /// A signal whenever a job may be due.
    func jobs() -> AsyncStream<Void> {
        subscribe {
            $0.jobs[$1] = $2
        } remove: {
            $0.jobs[$1] = nil
        }
    }

    func wakeJobs() {
        for continuation in state.withLock({ Array($0.jobs.values) }) { continuation.yield() }
    }

    // Nil wakes every network.
    private func wakeStreams(_ networks: [UUID]?) {
        let awake = state.withLock { state in
            (networks.map { $0.compactMap { state.streams[$0]?.values } } ?? state.streams.values.map(\.values)).flatMap { $0 }
        }
        for continuation in awake { continuation.yield() }
    }

    private func finish() {
        let all = state.withLock { state in state.streams.values.flatMap(\.values) + state.jobs.values }
        for continuation in all { continuation.finish() }
    }

    private func subscribe(
        add: (inout State, Int, AsyncStream<Void>.Continuation) -> Void, remove: @escaping @Sendable (inout sending State, Int) -> Void
    ) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.nextID += 1
            add(&state, state.nextID, continuation)
            return state.nextID
        }
        continuation.onTermination = { [self] _ in state.withLock { remove(&$0, id) } }
        continuation.yield()
        return stream
    }
}
