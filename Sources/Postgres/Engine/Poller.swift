import CLibpq
import Glibc

/// An epoll instance: tells which sockets can be read or written.
struct Poller: ~Copyable {
    struct Event {
        let id: Int
        let isReadable: Bool
    }

    static let wakeUpID = -1

    private let descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    private var buffer = [epoll_event](repeating: epoll_event(), count: 64)

    deinit { close(descriptor) }

    func add(_ socket: Int32, id: Int) { control(EPOLL_CTL_ADD, socket, id: id, events: EPOLLIN.rawValue) }

    func update(_ socket: Int32, id: Int, reads: Bool, writes: Bool) {
        control(EPOLL_CTL_MOD, socket, id: id, events: (reads ? EPOLLIN.rawValue : 0) | (writes ? EPOLLOUT.rawValue : 0))
    }

    func remove(_ socket: Int32) { epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, nil) }

    /// Waits for events, at most for `timeout`; for ever if it is nil. Returns how many there are.
    mutating func wait(_ timeout: Duration?) -> Int {
        max(0, Int(epoll_wait(descriptor, &buffer, Int32(buffer.count), timeout.map(Poller.milliseconds) ?? -1)))
    }

    /// An event of the last wait.
    subscript(index: Int) -> Event {
        let event = buffer[index]
        // A broken socket is reported as readable: reading it tells what is wrong.
        return Event(id: Int(truncatingIfNeeded: event.data.u64), isReadable: event.events & ~EPOLLOUT.rawValue != 0)
    }

    /// Rounded up, or a timer would be found not yet due again and again.
    private static func milliseconds(_ duration: Duration) -> Int32 {
        let (seconds, attoseconds) = duration.components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return max(0, Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }

    private func control(_ operation: Int32, _ socket: Int32, id: Int, events: UInt32) {
        var event = epoll_event(events: events, data: epoll_data_t(u64: UInt64(bitPattern: Int64(id))))
        epoll_ctl(descriptor, operation, socket, &event)
    }
}
