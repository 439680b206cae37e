public import Kith
public import Postgres

extension TestNetwork {
    /// Waits until a job has ended.
    /// - Parameter started: the answer that started it
    /// - Returns: the job
    /// - Throws: ``TestServer/Unexpected`` where the answer started none, and where the job does not end
    public func finished(_ started: TestResponse) async throws -> JSON {
        let id = try started.expecting(202).id
        return try await eventually("The job's end") {
            let now = try await get("/jobs/\(id)").json
            return now["finished_at"] == .null ? nil : now
        }
    }
}

extension TestServer {
    /// Lets jobs run again that have ended.
    /// - Parameter jobs: a condition on `kith.jobs`
    /// - Throws: what the database says
    public func runAgain(_ jobs: Query) async throws {
        _ = try await superuser.batch([
            "update kith.jobs set state = 'queued', run_at = now(), finished_at = null, attempts = 0 where \(query: jobs)",
            "select pg_notify('kith_jobs', '')",
        ])
    }
}
