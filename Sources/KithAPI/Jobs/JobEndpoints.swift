import Kith

extension Endpoint {
    // Whoever asked for a job follows and stops it, whatever their role.
    static let jobs: [Endpoint] = [
        .list("list_jobs", "/networks/{network}/jobs", "List background work", .member, of: Jobs.resource) {
            try await $0.actor.list(Jobs.resource, $0.page, where: Jobs.visible)
        },
        .get("get_job", "/networks/{network}/jobs/{job}", "Read how far a job is", .member, returns: Jobs.resource) {
            try await $0.actor.get(Jobs.resource, $0.id("job"), where: Jobs.visible)
        },
        .act(
            "cancel_job", "/networks/{network}/jobs/{job}/cancel", "Ask a job to stop", .member, records: "job.cancel_requested",
            returns: Jobs.resource, body: NoInput.self
        ) { try await Jobs.cancel(by: $0.actor, $0.id("job")) },
    ]
}
