public import Logging
public import ServiceLifecycle
import Synchronization

/// Listens to notification channels on a connection of its own, and reconnects when it breaks.
///
/// ```swift
/// let notifications = PostgresNotifications(configuration: configuration, channels: ["kith_events"], logger: logger)
/// for await event in notifications.events() {
///     switch event {
///     case .notification(let notification): …
///     case .reconnected: …  // read again what the channel announces
///     }
/// }
/// ```
public final class PostgresNotifications: Service {
    /// A `NOTIFY` of any session.
    public struct Notification: Sendable, Hashable {
        /// The channel it was sent to.
        public let channel: String
        /// What it says; empty if nothing. PostgreSQL allows 8000 bytes.
        public let payload: String
        /// The server process of the session that sent it.
        public let processID: Int32
    }

    /// What a subscriber sees.
    public enum Event: Sendable, Hashable {
        /// A notification.
        case notification(Notification)
        /// Listening has begun, for the first time or again, or the subscriber was too slow: notifications may have been missed,
        /// and what they announce should be read.
        case reconnected
    }

    private struct Subscriber {
        let continuation: AsyncStream<Event>.Continuation
        /// Whether events were dropped of which the subscriber has not been told.
        var isBehind = false
    }

    private struct State {
        var subscribers: [Int: Subscriber] = [:]
        var nextID = 0
        var hasEnded = false
    }

    private let configuration: PostgresConfiguration
    private let channels: [String]
    private let logger: Logger
    private let state = Mutex(State())
    private let stopSignal = StopSignal()

    /// Events kept for a subscriber that does not read them. Beyond that they are dropped and ``Event/reconnected`` says so.
    public static let bufferedEvents = 1024

    /// - Parameters:
    ///   - configuration: how to connect; the pool's settings do not matter.
    ///   - channels: the channels to listen to. Case counts.
    ///   - logger: told when the connection breaks.
    public init(configuration: PostgresConfiguration, channels: [String], logger: Logger) {
        self.configuration = configuration
        self.channels = channels
        self.logger = logger
    }

    /// The events from now on, for one reader. Ends when the service does.
    public func events() -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingOldest(Self.bufferedEvents))
        let id: Int? = state.withLock { state in
            guard !state.hasEnded else { return nil }
            state.nextID += 1
            state.subscribers[state.nextID] = Subscriber(continuation: continuation)
            return state.nextID
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.subscribers.removeValue(forKey: id) }
        }
        return stream
    }

    /// Listens until graceful shutdown or cancellation.
    public func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            await withCheckedContinuation { continuation in
                let isStarted = startThread { [self] in
                    let loop = ListeningLoop(
                        configuration: configuration, channels: channels, logger: logger, stopSignal: stopSignal, deliver: deliver)
                    loop.run()
                    continuation.resume()
                }
                if !isStarted { continuation.resume() }
            }
        } onCancelOrGracefulShutdown: { [stopSignal] in
            stopSignal.set()
        }
        finish()
    }

    private func deliver(_ event: Event) {
        state.withLock { state in
            for id in state.subscribers.keys {
                guard var subscriber = state.subscribers[id] else { continue }
                if subscriber.isBehind { subscriber.isBehind = !subscriber.continuation.accepts(.reconnected) }
                if !subscriber.isBehind { subscriber.isBehind = !subscriber.continuation.accepts(event) }
                state.subscribers[id] = subscriber
            }
        }
    }

    private func finish() {
        let subscribers = state.withLock { state in
            state.hasEnded = true
            defer { state.subscribers = [:] }
            return state.subscribers.values.map(\.continuation)
        }
        // Outside the lock, which `onTermination` takes.
        for subscriber in subscribers { subscriber.finish() }
    }
}

extension AsyncStream<PostgresNotifications.Event>.Continuation {
    fileprivate func accepts(_ event: PostgresNotifications.Event) -> Bool {
        if case .dropped = self.yield(event) { false } else { true }
    }
}
