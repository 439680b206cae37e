import DequeModule

/// Waiters in the order in which they came. A waiter that leaves early stays in the line as a gap until its turn.
struct WaiterQueue<Waiter: Hashable & Sendable> {
    private var line: Deque<Waiter> = []
    private var deadlines: [Waiter: ContinuousClock.Instant] = [:]
    /// Not later than the earliest deadline; exact only after `removeOverdue`, which is often enough and costs nothing a waiter.
    private(set) var earliestDeadline: ContinuousClock.Instant?

    var count: Int { deadlines.count }
    var isEmpty: Bool { deadlines.isEmpty }

    mutating func append(_ waiter: Waiter, deadline: ContinuousClock.Instant) {
        line.append(waiter)
        deadlines[waiter] = deadline
        earliestDeadline = min(earliestDeadline ?? deadline, deadline)
    }

    mutating func popFirst() -> Waiter? {
        while let waiter = line.popFirst() {
            if deadlines.removeValue(forKey: waiter) != nil { return waiter }
        }
        return nil
    }

    mutating func remove(_ waiter: Waiter) -> Bool {
        guard deadlines.removeValue(forKey: waiter) != nil else { return false }
        if line.count > 2 * deadlines.count + 16 { compact() }
        return true
    }

    mutating func removeOverdue(now: ContinuousClock.Instant) -> [Waiter] {
        guard let earliestDeadline, earliestDeadline <= now else { return [] }
        let overdue = line.filter { waiter in deadlines[waiter].map { $0 <= now } ?? false }
        for waiter in overdue { deadlines[waiter] = nil }
        self.earliestDeadline = deadlines.values.min()
        guard !overdue.isEmpty else { return [] }
        compact()
        return Array(overdue)
    }

    mutating func removeAll() -> [Waiter] {
        guard !isEmpty else { return [] }
        compact()
        defer { self = WaiterQueue() }
        return Array(line)
    }

    private mutating func compact() { line.removeAll { deadlines[$0] == nil } }
}
