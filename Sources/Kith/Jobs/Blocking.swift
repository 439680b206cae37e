import Dispatch
import Synchronization

/// Runs long calculations on threads of their own, so that the threads which serve requests stay free.
public enum Blocking {
    private static let queue = DispatchQueue(label: "kith.blocking", attributes: .concurrent)

    /// Runs a calculation.
    /// - Parameter work: is told by its argument whether the task was cancelled, and asks now and then
    /// - Returns: what the work returns
    /// - Throws: what the work throws
    public static func run<Result: Sendable>(_ work: @escaping @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) throws -> Result)
        async throws -> Result
    {
        let flag = CancellationFlag()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Swift.Result { try work { flag.isSet } }) }
            }
        } onCancel: {
            flag.set()
        }
    }
}

private final class CancellationFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
