import PluginKit

/// What hangs on the board.
enum Notices {
    static let resource = Resource(
        "Notice", "notice", table: "noticeboard.notices", key: "notice_id",
        [
            .id("person_id", "Who put it up."),
            .text("title", "Its title."),
            .text("body", "What it says."),
            .createdAt,
            .moment("taken_down_at", "When it was taken down.").orNull,
        ])

    static let days = Setting("days", .integer(1...365), default: 30, "After how many days a notice is old.")

    struct New: Input {
        let title: String
        let body: String

        init(from fields: inout Fields) {
            title = fields.required("title", .text(), "Its title.")
            body = fields.required("body", .text(1...5000, lines: true), "What it says.")
        }
    }

    static func create(by actor: Actor, _ new: New) async throws -> Row {
        try await actor.write(
            """
            insert into noticeboard.notices (network_id, notice_id, person_id, title, body)
            values (\(actor.network), \(actor.newID), kith.current_person(), \(new.title), \(new.body)) returning \(query: resource.columns)
            """
        ).only(resource)
    }

    /// Asks for old notices to be taken down; whoever asks meanwhile gets the same job.
    static func tidy(by actor: Actor) async throws -> Row {
        guard let network = actor.network else { throw Refusal.notFound("network") }
        return try await Jobs.enqueue(by: actor, tidying, about: network, [:])
    }

    static let tidying = JobKind(module: Noticeboard.id, "tidy", "Takes old notices down") { run in
        guard let days = try await Settings.get(by: run.actor, module: Noticeboard.id, days).integer else { return ["taken_down": 0] }
        let taken = try await run.actor.write(
            """
            update noticeboard.notices set taken_down_at = now()
            where taken_down_at is null and created_at < now() - make_interval(days => \(days)::integer) returning notice_id as id
            """, recording: "notice.taken_down")
        return ["taken_down": .integer(Int64(taken.count))]
    }
}
