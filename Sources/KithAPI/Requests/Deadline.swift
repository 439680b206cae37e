/// Runs work and gives up on it after a time.
/// - Throws: ``ProblemError`` with status 408
func withDeadline<Result: Sendable>(_ deadline: Duration, _ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
    try await withThrowingTaskGroup { group in
        group.addTask(operation: work)
        group.addTask {
            try await Task.sleep(for: deadline)
            throw ProblemError(problem: .tooSlow)
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() else { throw CancellationError() }
        return result
    }
}
