import Kith

extension Endpoint {
    static let jobs: [Endpoint] = [
        .list("list_jobs", "/networks/{network}/jobs", "List background work", .permission(.readJobs, .anywhere), of: Jobs.resource) {
            try await $0.actor.list(Jobs.resource, $0.page)
        },
        .get(
            "get_job", "/networks/{network}/jobs/{job}", "Read how far a job is", .permission(.readJobs, .anywhere), returns: Jobs.resource
        ) {
            try await $0.actor.get(Jobs.resource, $0.id("job"))
        },
        .act(
            "cancel_job", "/networks/{network}/jobs/{job}/cancel", "Ask a job to stop", .permission(.readJobs, .anywhere),
            records: "job.cancel_requested", returns: Jobs.resource, body: NoInput.self
        ) { try await Jobs.cancel(by: $0.actor, $0.id("job")) },
    ]
}
