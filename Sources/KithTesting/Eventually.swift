/// Why a condition that was waited for did not come.
public struct NeverHappened: Error, CustomStringConvertible {
    /// What was waited for.
    public let description: String
}

/// Waits until something that happens elsewhere (in a job, on a stream) is so. Asks again and again; the only place where a test waits by
/// the clock.
/// - Parameters:
///   - what: what is waited for, for the failure
///   - limit: how long to wait
///   - value: what is waited for; nil while it is not so
/// - Returns: the value
/// - Throws: ``NeverHappened`` after the time is over, or what `value` throws
@discardableResult
public func eventually<Value>(
    _ what: String, within limit: Duration = .seconds(60), _ value: () async throws -> Value?
) async throws -> Value {
    let end = ContinuousClock.now + limit
    while true {
        if let value = try await value() { return value }
        if ContinuousClock.now > end { throw NeverHappened(description: "\(what) did not happen within \(limit)") }
        try await Task.sleep(for: .milliseconds(20))
    }
}
