public import Postgres
public import struct FoundationEssentials.Date
public import struct FoundationEssentials.UUID

/// Dated gatherings of an activity, the same for every module: who is asked, who comes and how, the papers, and what each person needs.
public enum Meetings {
    /// How far a meeting is.
    public enum State: String, Sendable, CaseIterable {
        case planned, ready, cancelled
    }

    /// What the API answers for a meeting.
    public static let resource = Resource(
        "Meeting", "meeting", table: "kith.meetings", key: "meeting_id",
        [
            .id("activity_id", "The panel, learning set or other activity."),
            .text("title", "What it is called."),
            .moment("starts_at", "When it begins."),
            .moment("ends_at", "When it ends."),
            .text("place", "Where it is.").orNull,
            .text("remote_link", "The link for those who join from elsewhere.").orNull,
            .text("phone", "The number for those who join by phone.").orNull,
            .json("breaks", schema: ["type": "array", "items": ["type": "object"]], "The breaks: after how many minutes, and how long."),
            .choice(
                "state", State.self, "Whether it is ready: every access need is arranged, or it was explained why not.",
                from: "case when cancelled_at is not null then 'cancelled' when ready_at is not null then 'ready' else 'planned' end"),
            .version, .createdAt,
        ])

    /// A break.
    public struct Break: Input {
        let after: Int
        let minutes: Int

        public init(from fields: inout Fields) {
            after = fields.required("after_minutes", .integer(1...10_080), "How many minutes after the beginning.")
            minutes = fields.required("minutes", .integer(1...240), "How many minutes long.")
        }

        var document: JSON { ["after_minutes": .integer(Int64(after)), "minutes": .integer(Int64(minutes))] }
    }

    /// A new meeting.
    public struct New: Input {
        let title: String
        let startsAt: Date
        let endsAt: Date
        let place: String?
        let remoteLink: String?
        let phone: String?
        let breaks: [Break]

        public init(from fields: inout Fields) {
            title = fields.required("title", .text(), "What it is called.")
            startsAt = fields.required("starts_at", .moment, "When it begins.")
            endsAt = fields.required("ends_at", .moment, "When it ends.")
            place = fields.optional("place", .text(1...500, lines: true), "Where it is.")
            remoteLink = fields.optional("remote_link", .link, "The link for those who join from elsewhere.")
            phone = fields.optional("phone", .text(1...100), "The number for those who join by phone.")
            breaks = fields.optional("breaks", .list(of: .object(), 0...20), default: [], "The breaks.")
        }
    }

    /// What may change about a meeting. Moving it means that access is arranged again.
    public struct Patch: Input {
        let changes: Changes

        public init(from fields: inout Fields) {
            var changes = Changes()
            changes.set("title", fields.change("title", .text(), "What it is called."))
            changes.set("starts_at", fields.change("starts_at", .moment, "When it begins."))
            changes.set("ends_at", fields.change("ends_at", .moment, "When it ends."))
            changes.set("place", fields.clearableChange("place", .text(1...500, lines: true), "Where it is."))
            changes.set("remote_link", fields.clearableChange("remote_link", .link, "The link for those who join from elsewhere."))
            changes.set("phone", fields.clearableChange("phone", .text(1...100), "The number for those who join by phone."))
            self.changes = changes
        }
    }

    /// The meetings that a person sees: those to which they are asked, and those that they manage or arrange.
    public static let visible: Query = """
        (exists (select from kith.meeting_invitations i where i.network_id = meetings.network_id and i.meeting_id = meetings.meeting_id
            and i.person_id = kith.current_person() and i.withdrawn_at is null)
         or kith.holds_role(\(Permission.manageMeetings.roles.union([.accessCoordinator]).map(\.rawValue).sorted())::text[], activity_id))
        """

    /// Calls a meeting.
    public static func create(by actor: Actor, of activity: UUID, _ new: New) async throws -> Row {
        try await actor.write(
            """
            insert into kith.meetings (network_id, meeting_id, activity_id, title, starts_at, ends_at, place, remote_link, phone, breaks)
            values (\(actor.network), \(actor.newID), \(activity), \(new.title), \(new.startsAt), \(new.endsAt), \(new.place),
                    \(new.remoteLink), \(new.phone), \(JSONText(JSON.array(new.breaks.map(\.document)).description)))
            returning \(query: resource.columns)
            """
        ).only(resource)
    }

    /// Moves or renames a meeting that was not called off. Those who are asked to it hear of another time or place.
    public static func update(by actor: Actor, of activity: UUID, _ id: UUID, version: Int64, _ patch: Patch) async throws -> Row {
        let when: Query = """
            select md5(row (starts_at, ends_at, place, remote_link, phone)::text) from kith.meetings where meeting_id = \(id) for no key update
            """
        return try await actor.transaction { actor in
            let before = try await actor.read(when).decode(String.self)
            let row = try await actor.update(
                resource, id, version: version, patch.changes, where: "activity_id = \(activity) and cancelled_at is null")
            if try await actor.read(when).decode(String.self) != before {
                _ = try await actor.run(MeetingMessages.change(id, of: activity))
            }
            return row
        }
    }

    /// Calls a meeting off, and tells those who were asked to it. Access need not be arranged any more.
    public static func cancel(by actor: Actor, of activity: UUID, _ id: UUID) async throws -> Row {
        try await actor.transaction { actor in
            let row = try await actor.write(
                """
                update kith.meetings set cancelled_at = coalesce(cancelled_at, now()), version = version + 1
                where meeting_id = \(id) and activity_id = \(activity) returning \(query: resource.columns)
                """
            ).only(resource)
            try await MeetingMessages.end(
                .meetingCalledOff, id, of: activity, where: "i.withdrawn_at is null and m.cancelled_at = now()", by: actor)
            return row
        }
    }

    /// Marks a meeting as ready. Refused while an access need is neither arranged nor explained; it does not say whose.
    public static func markReady(by actor: Actor, of activity: UUID, _ id: UUID) async throws -> Row {
        try await actor.transaction { actor in
            // A need that is added at this moment waits here, or is waited for.
            _ = try await actor.read(
                """
                select meeting_id from kith.meetings where meeting_id = \(id) and activity_id = \(activity) and cancelled_at is null
                for no key update
                """
            ).only(resource)
            let ready = try await actor.write(
                """
                update kith.meetings set ready_at = coalesce(ready_at, now()), version = version + 1
                where meeting_id = \(id) and kith.is_arranged(meeting_id) returning \(query: resource.columns)
                """)
            return try ready.first.orThrow(
                .conflict("Some access needs are neither arranged nor explained yet. Ask whoever arranges access in this network."))
        }
    }
}

extension Format where Value == String {
    /// The address of a page, https or http.
    static let link = Format(
        ["type": "string", "maxLength": 2000, "pattern": #"^https?://[^\s\u0000-\u0020\u007f"<>]{1,1990}$"#], placeholder: "",
        expected: "the address of a page, like https://example.org/meeting"
    ) { json in
        guard let text = json.string, text.unicodeScalars.count <= 2000,
            text.wholeMatch(of: /https?:\/\/[^\s\u{00}-\u{20}\u{7f}"<>]{1,1990}/) != nil
        else { return nil }
        return text
    }
}
