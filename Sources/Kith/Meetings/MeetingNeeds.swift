public import Postgres
public import struct FoundationEssentials.UUID

/// The needs of those who are invited, as they stand for one meeting: needed, arranged, met, reviewed; or explained, where one cannot be
/// met. They come by themselves, also when a need arises later.
public enum MeetingNeeds {
    /// How far a need is.
    public enum State: String, Sendable, CaseIterable {
        case needed, arranged, explained, met, reviewed
    }

    /// What can be done about a need.
    public enum Step: String, Sendable, CaseIterable {
        case arranged, explained, met, reviewed
    }

    /// What the API answers for a need at a meeting.
    public static let resource = Resource(
        "MeetingNeed", "access need of the meeting", table: "kith.meeting_need_details", key: "need_id",
        [
            .id("meeting_id", "The meeting."),
            .id("person_id", "Whose."),
            .choice("kind", AccessNeeds.Kind.self, "What kind of need.").orNull,
            .text("details", "In the person's own words.").orNull,
            .text("how_to_meet", "What helps.").orNull,
            .choice("state", State.self, "How far it is."),
            .text("explanation", "Why it cannot be met.").orNull,
            .boolean("was_met", "Whether it was met, as reviewed.").orNull,
        ])

    /// A step.
    public struct New: Input {
        let step: Step
        let explanation: String?
        let wasMet: Bool?

        public init(from fields: inout Fields) {
            step = fields.required("step", .choice(), "What was done.")
            explanation = fields.optional("explanation", .text(1...2000, lines: true), "Why it cannot be met, in words for the person.")
            wasMet = fields.optional("was_met", .boolean, "Whether it was met, for a review.")
            fields.check((step == .explained) == (explanation != nil), "explanation", "Give this with the step explained, and only then.")
            fields.check((step == .reviewed) == (wasMet != nil), "was_met", "Give this with the step reviewed, and only then.")
        }

        fileprivate var assignment: Query {
            switch step {
            case .arranged: "arranged_at = now(), explanation = null"
            case .explained: "arranged_at = null, explanation = \(explanation)"
            case .met: "met_at = now()"
            case .reviewed: "reviewed_at = now(), was_met = \(wasMet)"
            }
        }

        // Arranging is for those who arrange; whether a need was met is for the person to say, too.
        fileprivate var condition: Query {
            let arranges: Query = "kith.holds_role(\(Permission.arrangeAccess.roleNames)::text[], activity_id)"
            return switch step {
            case .arranged, .explained: "met_at is null and \(query: arranges)"
            case .met: "reviewed_at is null"
            case .reviewed: "true"
            }
        }
    }

    /// Takes a step with a need.
    public static func step(by actor: Actor, of activity: UUID, at meeting: UUID, _ need: UUID, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            let found: Query = "activity_id = \(activity) and meeting_id = \(meeting)"
            _ = try await actor.read("select need_id from kith.meeting_needs where need_id = \(need) and \(query: found) for update").only(
                resource)
            let changed = try await actor.write(
                """
                update kith.meeting_needs set \(query: new.assignment)
                where need_id = \(need) and \(query: found) and \(query: new.condition) returning need_id as id
                """)
            if changed.isEmpty {
                throw Refusal.conflict(
                    "This cannot be done now, or not by you: only those who arrange access arrange, before the need is met.")
            }
            return try await actor.get(resource, need, where: found)
        }
    }
}
