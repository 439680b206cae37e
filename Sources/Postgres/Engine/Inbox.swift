import CLibpq
import Glibc
import Synchronization

/// What other threads ask of the engine's thread. One eventfd write a burst: only when the engine is about to sleep, or sleeps.
final class Inbox: Sendable {
    enum Message: Sendable {
        case submit(Pending)
        case cancel(Request)
        /// The reader of a stream has room again.
        case resume(Request)
        /// The reader of a stream has left before its end.
        case leave(Request)
        case connected(Int, Handover)
        case connectFailed(Int, PostgresError)
        /// The helper thread has sent a cancel request, or failed to.
        case cancelEnded(Int)
        /// Finish what is under way and what waits, then stop.
        case shutDown
        /// Close everything now.
        case stop

        /// Whether it is a request that waits its turn for a connection; a transaction's statements have theirs.
        fileprivate var canQueue: Bool {
            if case .submit(let pending) = self { pending.request.lease == nil } else { false }
        }
    }

    private struct State {
        var messages: [Message] = []
        var isAsleep = false
        /// Whether the sleep goes on when a request comes that would only queue.
        var ignoresRequests = false
        var isClosed = false
    }

    private let state = Mutex(State())
    let descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))

    deinit { close(descriptor) }

    /// Returns false if the engine has ended and will not read the message.
    @discardableResult
    func send(_ message: Message) -> Bool {
        let (isOpen, mustWake) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.messages.append(message)
            guard state.isAsleep, !(state.ignoresRequests && message.canQueue) else { return (true, false) }
            state.isAsleep = false
            return (true, true)
        }
        if mustWake { eventfd_write(descriptor, 1) }
        return isOpen
    }

    /// Asks for a request to be cancelled; it need not have arrived yet.
    func cancel(_ request: Request) {
        request.markCancelled()
        send(.cancel(request))
    }

    /// Takes all messages, leaving the caller's empty buffer in their place.
    func take(into messages: inout [Message]) {
        state.withLock { swap(&$0.messages, &messages) }
    }

    /// Whether the engine may sleep: nothing has arrived, and the next message will write to the eventfd.
    ///
    /// - Parameter ignoringRequests: whether requests without a connection shall be left until something else wakes the engine.
    /// - Returns: false if there are messages to be taken first.
    func fallAsleep(ignoringRequests: Bool) -> Bool {
        state.withLock { state in
            state.ignoresRequests = ignoringRequests
            state.isAsleep = state.messages.isEmpty
            return state.isAsleep
        }
    }

    func wakeUp() { state.withLock { $0.isAsleep = false } }

    /// Takes what is left and refuses whatever comes after.
    func shut() -> [Message] {
        state.withLock { state in
            state.isClosed = true
            defer { state.messages = [] }
            return state.messages
        }
    }
}

/// Carries a libpq object from one thread to another.
///
/// Unchecked, because the sender gives the pointer up: at any time one thread alone holds it.
struct Handover: @unchecked Sendable {
    let pointer: OpaquePointer
}
