/// Something in which a plugin falls short of what every plugin promises.
public struct Finding: Sendable, Hashable, CustomStringConvertible {
    /// The promises.
    public enum Promise: String, Sendable, CaseIterable {
        /// A server can be built with it.
        case declaration
        /// Its migrations run on an empty and on a populated database, and only once.
        case migrations
        /// Every table belongs to a network and is shielded by policies.
        case isolation
        /// Every column that can hold words is accounted for, exported and erased.
        case privacy
        /// Where it is disabled nothing of it can be reached.
        case reachability
        /// A server goes on without it.
        case removal
    }

    /// The promise.
    public let promise: Promise
    /// What falls short, and what to do.
    public let detail: String

    init(_ promise: Promise, _ detail: String) {
        self.promise = promise
        self.detail = detail
    }

    /// The promise and the detail.
    public var description: String { "\(promise.rawValue): \(detail)" }
}
