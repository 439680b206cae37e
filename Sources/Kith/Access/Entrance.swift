import Synchronization

/// How far a request has come through its door, for every copy of its actor.
final class Entrance: Sendable {
    private let isTried = Atomic(false)
    private let isOpened = Atomic(false)

    /// Whether the door was knocked at, and may have stayed shut.
    var wasTried: Bool { isTried.load(ordering: .relaxed) }
    var isOpen: Bool { isOpened.load(ordering: .relaxed) }

    func knock() { isTried.store(true, ordering: .relaxed) }
    func open() { isOpened.store(true, ordering: .relaxed) }
}
