import Synchronization
import struct FoundationEssentials.UUID

/// What becomes known of a request on its way in, for the line that is logged where it is refused.
final class RequestTrace: Sendable {
    /// What is known so far.
    struct Known: Sendable {
        /// The operation that it asks for.
        var operation: String?
        /// The network of its path.
        var network: UUID?
        /// The hash of what it presents.
        var token: [UInt8]?
        /// Whether its door has opened.
        var isInside = false
    }

    private let state = Mutex(Known())

    var known: Known { state.withLock { $0 } }

    func note(_ change: (inout Known) -> Void) {
        state.withLock { change(&$0) }
    }
}
