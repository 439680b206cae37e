public import Postgres
public import struct FoundationEssentials.UUID

/// What people need in order to take part, by the six stages of the NHS Accessible Information Standard (DAPB1605): identify, record, flag,
/// share, meet, review. The person sees their own; those who arrange see what the person shares; those who select see nothing.
public enum AccessNeeds {
    /// The catalogue. The first seven are formats, which outgoing messages honour (`kith.communication_of`).
    public enum Kind: String, Sendable, CaseIterable, PostgresCodable {
        case largePrint = "large_print"
        case easyRead = "easy_read"
        case braille, audio
        case bslVideo = "bsl_video"
        case plainText = "plain_text"
        case translation
        case bslInterpreter = "bsl_interpreter"
        case lipspeaker
        case speechToText = "speech_to_text"
        case deafblindInterpreter = "deafblind_interpreter"
        case hearingLoop = "hearing_loop"
        case languageInterpreter = "language_interpreter"
        case advocate
        case stepFreeAccess = "step_free_access"
        case parking
        case quietSpace = "quiet_space"
        case plannedBreaks = "planned_breaks"
        case moreTime = "more_time"
        case supporter
        case personalAssistant = "personal_assistant"
        case assistanceDog = "assistance_dog"
        case travelSupport = "travel_support"
        case dietary
        case careCover = "care_cover"
        case remoteAttendance = "remote_attendance"
        case phoneAttendance = "phone_attendance"
        case other
    }

    /// Whom a need may be shared with. Sharing also needs the person's consent to ``ConsentPurpose/shareAccessNeeds``.
    public enum Audience: String, Sendable, CaseIterable, PostgresCodable {
        case nobody, arrangers
    }

    /// What the API answers for a need.
    public static let resource = Resource(
        "AccessNeed", "access need", table: "kith.access_need_details", key: "need_id", fields)

    // The same need where it is written: a view with stages takes no update.
    private static let stored = Resource("AccessNeed", "access need", table: "kith.access_needs", key: "need_id", [.version])

    private static let fields: [Resource.Field] = [
        .id("person_id", "Whose."),
        .choice("kind", Kind.self, "What kind of need."),
        .text("details", "In the person's own words.").orNull,
        .text("how_to_meet", "What helps.").orNull,
        .choice("share_with", Audience.self, "Whom it may be shared with, while the person consents to sharing."),
        .boolean("is_flagged", "Whether it is to be seen first by whoever arranges."),
        .moment("identified_at", "Stage 1, identify: when the person was last asked."),
        .moment("recorded_at", "Stage 2, record: when it was written down.", from: "created_at"),
        .moment("shared_at", "Stage 4, share: since when it is shared; null where it is not.").orNull,
        .moment("met_at", "Stage 5, meet: when it was last met at a meeting.").orNull,
        .moment("reviewed_at", "Stage 6, review: when it was last reviewed.").orNull,
        .date("review_on", "When it is to be reviewed next."),
        .moment("ended_at", "When it ended.").orNull,
        .version, .createdAt,
    ]

    /// A new need.
    public struct New: Input {
        let kind: Kind
        let details: String?
        let howToMeet: String?
        let shareWith: Audience
        let isFlagged: Bool
        let reviewOn: CalendarDate?

        public init(from fields: inout Fields) {
            kind = fields.required("kind", .choice(), "What kind of need; other for one of your own.")
            details = fields.optional("details", .text(1...2000, lines: true), "In the person's own words.")
            howToMeet = fields.optional("how_to_meet", .text(1...2000, lines: true), "What helps.")
            shareWith = fields.optional(
                "share_with", .choice(), default: .arrangers, "Whom it may be shared with, while the person consents to sharing.")
            isFlagged = fields.optional("is_flagged", .boolean, default: true, "Whether it is to be seen first by whoever arranges.")
            reviewOn = fields.optional("review_on", .date, "When to review it; in a year where it is left out.")
        }
    }

    /// What may change about a need.
    public struct Patch: Input {
        let changes: Changes

        public init(from fields: inout Fields) {
            var changes = Changes()
            changes.set("kind", fields.change("kind", .choice(Kind.self), "What kind of need."))
            changes.set("details", fields.clearableChange("details", .text(1...2000, lines: true), "In the person's own words."))
            changes.set("how_to_meet", fields.clearableChange("how_to_meet", .text(1...2000, lines: true), "What helps."))
            changes.set("share_with", fields.change("share_with", .choice(Audience.self), "Whom it may be shared with."))
            changes.set("is_flagged", fields.change("is_flagged", .boolean, "Whether it is to be seen first."))
            changes.set("review_on", fields.change("review_on", .date, "When to review it next."))
            self.changes = changes
        }
    }

    /// A review.
    public struct Review: Input {
        let stillNeeded: Bool
        let reviewOn: CalendarDate?

        public init(from fields: inout Fields) {
            stillNeeded = fields.required("still_needed", .boolean, "Whether it still stands; false ends it.")
            reviewOn = fields.optional("review_on", .date, "When to review it next; in a year where it is left out.")
        }
    }

    /// Which needs to list.
    public struct Filters: Input {
        private let person: UUID?
        private let isOverdue: Bool
        private let isFlagged: Bool
        private let hasEnded: Bool

        public init(from fields: inout Fields) {
            person = fields.optional("person_id", .id, "Only of this person.")
            isOverdue = fields.optional("overdue", .boolean, default: false, "Only those whose review is overdue.")
            isFlagged = fields.optional("flagged", .boolean, default: false, "Only those that are to be seen first.")
            hasEnded = fields.optional("ended", .boolean, default: false, "Those that have ended instead of those that stand.")
        }

        /// The condition.
        public var condition: Query {
            .all(
                hasEnded ? "ended_at is not null" : "ended_at is null", person.map { "person_id = \($0)" },
                isOverdue ? "review_on < current_date" : nil, isFlagged ? "is_flagged" : nil)
        }
    }

    /// Records a need: one's own or, for those who arrange, that of somebody who consents to sharing.
    public static func create(by actor: Actor, _ new: New, for person: UUID?) async throws -> Row {
        try await actor.run(
            actor.recorded(
                """
                insert into kith.access_needs
                    (network_id, need_id, person_id, kind, details, how_to_meet, share_with, is_flagged, review_on, recorded_by)
                values (\(actor.network), \(actor.newID), coalesce(\(person)::uuid, kith.current_person()), \(new.kind), \(new.details),
                        \(new.howToMeet), \(new.shareWith), \(new.isFlagged),
                        coalesce(\(new.reviewOn)::date, current_date + interval '1 year'), kith.current_person())
                returning need_id as id
                """, about: person),
            "select \(query: resource.columns) from kith.access_need_details where need_id = \(actor.newID)"
        )[1].only(resource)
    }

    /// Changes a need of the version last read.
    public static func update(by actor: Actor, _ id: UUID, version: Int64, _ patch: Patch) async throws -> Row {
        try await actor.transaction { actor in
            _ = try await actor.update(stored, id, version: version, patch.changes)
            return try await actor.get(resource, id)
        }
    }

    /// Reviews a need: it stands until the next review, or ends.
    public static func review(by actor: Actor, _ id: UUID, _ review: Review) async throws -> Row {
        try await actor.run(
            actor.recorded(
                """
                update kith.access_needs set reviewed_at = now(), version = version + 1,
                    review_on = coalesce(\(review.reviewOn)::date, current_date + interval '1 year'),
                    ended_at = case when \(review.stillNeeded) then null else now() end
                where need_id = \(id) and ended_at is null returning need_id as id
                """),
            "select \(query: resource.columns) from kith.access_need_details where need_id = \(id)"
        )[1].only(resource)
    }
}
