import Synchronization

/// How many more jobs fit.
final class Slots: Sendable {
    private let count: Mutex<Int>

    init(_ count: Int) {
        self.count = Mutex(count)
    }

    var available: Int { count.withLock { $0 } }

    func take() { count.withLock { $0 -= 1 } }

    func give() { count.withLock { $0 += 1 } }
}
