public import Kith

extension KithClient {
    /// Waits until a job has ended, however long it takes.
    /// - Parameters:
    ///   - job: its id
    ///   - report: told how far it is, from 0 to 1, and at what
    /// - Returns: the job as it ended, if it succeeded
    /// - Throws: ``ClientError`` where the job failed, was cancelled, or cannot be read
    public func wait(for job: String, report: (Double, String) -> Void = { _, _ in }) async throws -> JSON {
        var pause = Duration.milliseconds(50)
        while true {
            let answer = try await get("jobs/\(job)").json
            report(answer["progress"]?.number ?? 0, answer["stage"]?.string ?? "Waiting for its turn")
            switch answer["state"]?.string {
            case "succeeded": return answer
            case "failed": throw ClientError.refused(status: 409, problem: answer["problem"] ?? .null, isSignedIn: true)
            case "cancelled": throw CommandFailure("The job \(job) was cancelled. Nothing of it was kept.", .refused)
            default: break
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(1))
        }
    }
}

extension KithClient {
    /// Waits until a job has ended, with a bar that shows how far it is.
    /// - Parameter job: its id
    /// - Returns: the job as it ended, if it succeeded
    /// - Throws: ``ClientError`` where the job failed, was cancelled, or cannot be read
    public func waitShowingProgress(for job: String) async throws -> JSON {
        let bar = ProgressBar()
        defer { bar.clear() }
        return try await wait(for: job, report: bar.show)
    }
}
