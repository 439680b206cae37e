public import Postgres
public import struct FoundationEssentials.UUID

/// Who is asked to a meeting, what they answered, and who came: in person, from elsewhere or by phone, with supporters.
public enum MeetingInvitations {
    /// What a person answers.
    public enum Reply: String, Sendable, CaseIterable, PostgresCodable {
        case yes, no, maybe
    }

    /// How a person comes.
    public enum Way: String, Sendable, CaseIterable, PostgresCodable {
        case inPerson = "in_person"
        case remote, phone
    }

    /// How a person came, or that they did not.
    public enum Attendance: String, Sendable, CaseIterable, PostgresCodable {
        case inPerson = "in_person"
        case remote, phone, absent
    }

    /// What the API answers for an invitation.
    public static let resource = Resource(
        "MeetingInvitation", "invitation", table: "kith.meeting_invitations", key: "person_id",
        [
            .id("meeting_id", "The meeting."),
            .moment("invited_at", "When they were asked."),
            .choice("reply", Reply.self, "What they answered.").orNull,
            .choice("attends_by", Way.self, "How they mean to come.").orNull,
            .integer("supporters", "How many supporters come along."),
            .moment("replied_at", "When they answered.").orNull,
            .choice("attended", Attendance.self, "How they came.").orNull,
            .integer("attended_supporters", "How many supporters came.").orNull,
            .moment("withdrawn_at", "When the invitation ended.").orNull,
        ])

    /// An invitation.
    public struct New: Input {
        let person: UUID

        public init(from fields: inout Fields) {
            person = fields.required("person_id", .id, "Who is asked.")
        }
    }

    /// An answer.
    public struct Answer: Input {
        let reply: Reply
        let way: Way?
        let supporters: Int

        public init(from fields: inout Fields) {
            reply = fields.required("reply", .choice(), "Whether they come.")
            way = fields.optional("attends_by", .choice(), "How they mean to come.")
            supporters = fields.optional("supporters", .integer(0...5), default: 0, "How many supporters come along.")
        }
    }

    /// Attendance.
    public struct Record: Input {
        let attended: Attendance
        let supporters: Int

        public init(from fields: inout Fields) {
            attended = fields.required("attended", .choice(), "How they came.")
            supporters = fields.optional("supporters", .integer(0...5), default: 0, "How many supporters came.")
        }
    }

    /// Asks a person to a meeting, in the way they want to be reached. Their current needs come along by themselves. Whoever withdrew is not
    /// asked again.
    public static func create(by actor: Actor, of activity: UUID, to meeting: UUID, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            try await find(meeting, of: activity, by: actor)
            let invited = try await actor.write(
                """
                insert into kith.meeting_invitations (network_id, meeting_id, person_id, invited_by)
                values (\(actor.network), \(meeting), \(new.person), kith.current_person())
                on conflict (network_id, meeting_id, person_id) do update set withdrawn_at = null, reply = null, replied_at = null,
                    invited_at = now(), invited_by = excluded.invited_by
                    where meeting_invitations.withdrawn_at is not null
                returning \(query: resource.columns)
                """, about: new.person
            ).first.orThrow(.conflict("This person is invited already."))
            _ = try await actor.run(MeetingMessages.invite([new.person], to: meeting, of: activity))
            return invited
        }
    }

    /// Asks everybody whom a query answers in its one column, but for those who are asked already, were asked and are not any more, or have
    /// withdrawn.
    public static func create(by actor: Actor, of activity: UUID, to meeting: UUID, forEach people: Query) async throws {
        try await actor.transaction { actor in
            try await find(meeting, of: activity, by: actor)
            let invited = try await actor.write(
                """
                insert into kith.meeting_invitations (network_id, meeting_id, person_id, invited_by)
                select \(actor.network)::uuid, \(meeting)::uuid, person, kith.current_person() from (\(query: people)) asked (person)
                where not kith.has_withdrawn(person, \(activity)) on conflict do nothing returning person_id as id
                """, recording: "meeting.invited"
            ).decode(UUID.self)
            _ = try await actor.run(MeetingMessages.invite(invited, to: meeting, of: activity))
        }
    }

    /// Takes an invitation back, and tells the person where they had heard of it.
    public static func end(by actor: Actor, of activity: UUID, to meeting: UUID, _ person: UUID) async throws {
        try await actor.transaction { actor in
            try await find(meeting, of: activity, by: actor)
            _ = try await actor.write(
                """
                update kith.meeting_invitations set withdrawn_at = coalesce(withdrawn_at, now())
                where meeting_id = \(meeting) and person_id = \(person) returning person_id as id
                """, about: person
            ).only(resource)
            try await MeetingMessages.end(
                .meetingUninvited, meeting, of: activity, where: "i.person_id = \(person) and i.withdrawn_at = now()", by: actor)
        }
    }

    /// Records an answer: one's own, or that of a person who gave it by post or phone.
    public static func answer(by actor: Actor, of activity: UUID, to meeting: UUID, _ answer: Answer, for person: UUID?) async throws -> Row
    {
        try await actor.transaction { actor in
            try await find(meeting, of: activity, by: actor)
            return try await actor.write(
                """
                update kith.meeting_invitations set reply = \(answer.reply), attends_by = \(answer.way), supporters = \(answer.supporters)::integer,
                    replied_at = now()
                where meeting_id = \(meeting) and person_id = coalesce(\(person)::uuid, kith.current_person()) and withdrawn_at is null
                returning \(query: resource.columns)
                """, about: person
            ).only(resource)
        }
    }

    /// Records who came, and how.
    public static func record(by actor: Actor, of activity: UUID, to meeting: UUID, _ record: Record, for person: UUID) async throws -> Row
    {
        try await actor.transaction { actor in
            try await find(meeting, of: activity, by: actor)
            return try await actor.write(
                """
                update kith.meeting_invitations set attended = \(record.attended), attended_supporters = \(record.supporters)::integer
                where meeting_id = \(meeting) and person_id = \(person) returning \(query: resource.columns)
                """, about: person
            ).only(resource)
        }
    }

    // A meeting of this activity that was not called off, and stays so for this transaction.
    private static func find(_ meeting: UUID, of activity: UUID, by actor: Actor) async throws {
        _ = try await actor.read(
            """
            select meeting_id from kith.meetings where meeting_id = \(meeting) and activity_id = \(activity) and cancelled_at is null
            for no key update
            """
        ).only(Meetings.resource)
    }
}
