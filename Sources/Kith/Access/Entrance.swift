import Synchronization

/// Whether the door of a request was opened, for every copy of its actor.
final class Entrance: Sendable {
    private let state = Atomic(false)

    var isOpen: Bool { state.load(ordering: .relaxed) }

    func open() { state.store(true, ordering: .relaxed) }
}
