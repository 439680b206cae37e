import PluginKit

extension Endpoint {
    static let notices: [Endpoint] = [
        .create(
            "create_notice", "/networks/{network}/notices", "Put a notice up", .permission(.writeNotices, .network),
            records: "notice.created", returns: Notices.resource
        ) { try await Notices.create(by: $0.actor, $0.input) },
        .list("list_notices", "/networks/{network}/notices", "List the notices", .permission(.readNotices, .anywhere), of: Notices.resource)
        {
            try await $0.actor.list(Notices.resource, $0.page, where: "taken_down_at is null")
        },
        .get(
            "get_notice", "/networks/{network}/notices/{notice}", "Read a notice", .permission(.readNotices, .anywhere),
            returns: Notices.resource
        ) { try await $0.actor.get(Notices.resource, $0.id("notice")) },
        .start(
            "tidy_notices", "/networks/{network}/notices/tidying", "Take old notices down", .permission(.writeNotices, .network),
            records: "notices.tidied", body: NoInput.self
        ) { try await Notices.tidy(by: $0.actor) },
    ]
}
