/// What a long draw reports to and asks while it runs.
final class DrawMonitor {
    private let progress: (Double) -> Void
    private let isCancelled: () -> Bool
    private var reported = -1.0

    init(progress: @escaping (Double) -> Void = { _ in }, isCancelled: @escaping () -> Bool) {
        self.progress = progress
        self.isCancelled = isCancelled
    }

    /// Tells the share done, from 0 to 1, if it is more than was told before.
    func report(_ share: Double) {
        guard share > reported else { return }
        reported = share
        progress(share)
    }

    /// - Throws: `CancellationError` once the caller no longer wants the result.
    func checkCancellation() throws {
        if isCancelled() { throw CancellationError() }
    }
}
