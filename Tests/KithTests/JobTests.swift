import Kith
import KithServer
import KithTesting
import PluginKit
import Postgres
import Testing
import struct FoundationEssentials.UUID

@Suite struct JobTests {
    @Test func `A job runs to its end, and its progress is on the stream`() async throws {
        try await withKiln { network in
            let job = try await network.fire(.succeed)
            let done = try await network.finished(job)
            #expect(done["state"] == "succeeded")
            #expect(done["progress"]?.number == 1)
            #expect(done["result"] == ["glaze": "blue"])
            #expect(done["attempts"] == 1)
            let kinds = try await network.events(about: job.id)
            #expect(kinds == ["job.queued", "job.progressed", "job.succeeded"])
        }
    }

    @Test func `A job that is refused fails with a problem and is not tried again`() async throws {
        try await withKiln { network in
            let done = try await network.finished(network.fire(.refuse))
            #expect(done["state"] == "failed")
            #expect(done["attempts"] == 1)
            #expect(done["problem"]?["detail"] == "The kiln is cold.")
        }
    }

    @Test func `A job that breaks is tried again`() async throws {
        try await withKiln { network in
            let done = try await network.finished(network.fire(.crashOnce))
            #expect(done["state"] == "succeeded")
            #expect(done["attempts"] == 2)
        }
    }

    @Test func `A queued job is cancelled at once`() async throws {
        try await withKiln(worker: false) { network in
            let job = try await network.fire(.succeed)
            let cancelled = try await network.post("/jobs/\(job.id)/cancel")
            #expect(cancelled.json["state"] == "cancelled")
            #expect(try await network.post("/jobs/\(job.id)/cancel").status == 409)
        }
    }

    @Test func `A running job stops when somebody asks`() async throws {
        try await withKiln(worker: false) { network in
            try await network.withWorker(lease: .seconds(2)) {
                let job = try await network.fire(.wait)
                try await network.state(job, is: "running")
                #expect(try await network.post("/jobs/\(job.id)/cancel").json["state"] == "running")
                #expect(try await network.finished(job)["state"] == "cancelled")
            }
        }
    }

    @Test func `Two people who ask for the same work get one job`() async throws {
        try await withKiln(worker: false) { network in
            let subject = UUID.version7()
            let ids = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 { group.addTask { try await network.fire(.succeed, subject).id } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
            #expect(try await network.get("/jobs").items.count == 1)
        }
    }

    @Test func `Another worker takes over where one falls silent, and the first has lost its lease`() async throws {
        try await withKiln(worker: false) { network in
            let job = try await network.fire(.succeed)
            let silent = UUID.version7()
            let claimed = try await network.claim(silent, lease: "0.2 s")
            #expect(claimed == [job.id])
            try await network.withWorker {
                let done = try await network.finished(job)
                #expect(done["state"] == "succeeded")
            }
            #expect(try await network.get("/jobs/\(job.id)").json["attempts"] == 2)
            await #expect(throws: PostgresError.self) {
                _ = try await network.server.app.query(
                    "select kith.enter_job(\(silent), \(network.id)::text::uuid, \(job.id)::text::uuid)")
            }
        }
    }

    @Test func `A job whose workers die again and again is failed in the end`() async throws {
        try await withKiln(worker: false) { network in
            let job = try await network.fire(.succeed)
            for _ in 0..<3 {
                try await eventually("the claim") { try await network.claim(.version7(), lease: "0.05 s").isEmpty ? nil : true }
            }
            try await eventually("the end") {
                _ = try await network.claim(.version7(), lease: "1 s")
                return try await network.get("/jobs/\(job.id)").json["state"] == "failed" ? true : nil
            }
        }
    }

    @Test func `The jobs of a disabled plugin wait until it is enabled again`() async throws {
        try await withKiln(worker: false) { network in
            let other = try await network.server.makeNetwork()
            try await other.enable("kiln")
            let waiting = try await network.fire(.succeed)
            _ = try await network.delete("/modules/kiln").expecting(204)
            try await network.withWorker {
                // The worker has looked: a younger job of a network that uses the plugin is done.
                #expect(try await other.finished(other.fire(.succeed))["state"] == "succeeded")
                #expect(try await network.get("/jobs/\(waiting.id)").json["state"] == "queued")
                try await network.enable("kiln")
                #expect(try await network.finished(waiting)["state"] == "succeeded")
            }
        }
    }

    @Test func `A worker that is stopped hands its job back, and the job is not counted as tried`() async throws {
        try await withKiln(worker: false) { network in
            let subject = UUID.version7()
            let job = try await network.fire(.wait, subject)
            try await network.withWorker { try await network.state(job, is: "running") }
            let handedBack = try await network.get("/jobs/\(job.id)").json
            #expect(handedBack["state"] == "queued")
            #expect(handedBack["attempts"] == 0)
            Gates.shared.open(subject)
            try await network.withWorker {
                let done = try await network.finished(job)
                #expect(done["state"] == "succeeded")
            }
        }
    }

    @Test func `The audit names who asked for a job at its beginning and at its end`() async throws {
        try await withKiln { network in
            let job = try await network.fire(.succeed)
            _ = try await network.finished(job)
            let entries = try await network.get("/audit-entries?subject_id=\(job.id)").items
            #expect(entries.compactMap { $0["action"]?.string } == ["job.queued", "job.succeeded"])
            #expect(Set(entries.compactMap { $0["person_id"]?.string }) == [network.administrator.id])
        }
    }

    private func withKiln(worker: Bool = true, _ body: @escaping @Sendable (TestNetwork) async throws -> Void) async throws {
        try await withTestServer(Distribution([Kiln.self]), worker: worker) { server in
            let network = try await server.makeNetwork()
            try await network.enable("kiln")
            try await body(network)
        }
    }
}

extension TestNetwork {
    func fire(_ mode: Kiln.Mode, _ subject: UUID = .version7()) async throws -> TestResponse {
        try await post("/firings", ["subject_id": .string("\(subject)"), "mode": .string(mode.rawValue)]).expecting(202)
    }

    func state(_ job: TestResponse, is state: JSON) async throws {
        try await eventually("the job being \(state)") { try await get("/jobs/\(job.id)").json["state"] == state ? true : nil }
    }

    func events(about subject: String) async throws -> [String] {
        try await server.superuser.query(
            "select kind from kith.events where subject_id = \(subject)::text::uuid order by event_id"
        ).decode(String.self)
    }

    /// Takes a job as a worker that will not do it.
    func claim(_ worker: UUID, lease: String) async throws -> [String] {
        try await server.app.query(
            "select job_id::text from kith.claim_jobs(\(worker), array['kiln.fire'], 1, \(lease)::text::interval)"
        ).decode(String.self)
    }

    /// Runs a worker of the kiln beside the server.
    func withWorker(lease: Duration = .seconds(15), _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await server.withWorker(of: Kiln.jobs, lease: lease, body)
    }
}
