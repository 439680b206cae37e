/// What a long draw reports to and asks while it runs.
struct DrawMonitor {
    let progress: (Double) -> Void
    let isCancelled: () -> Bool

    /// - Throws: `CancellationError` once the caller no longer wants the result.
    func checkCancellation() throws {
        if isCancelled() { throw CancellationError() }
    }
}
