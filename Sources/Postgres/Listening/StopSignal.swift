import CLibpq
import Glibc

/// A flag that a thread can wait for together with a socket.
final class StopSignal: Sendable {
    private let descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))

    deinit { close(descriptor) }

    func set() { eventfd_write(descriptor, 1) }

    /// Waits until the flag is set, the socket can be read, or time is up. Returns whether the flag is set.
    func wait(reading socket: Int32? = nil, milliseconds: Int32) -> Bool {
        // A negative descriptor is passed over by poll.
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: socket ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        poll(&descriptors, 2, milliseconds)
        return descriptors[0].revents != 0
    }
}
