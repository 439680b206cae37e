public import Postgres
import struct FoundationEssentials.UUID

/// Panels, learning sets, inquiries and mentoring schemes, each of one programme and one module.
public enum Activities {
    /// What the API answers for an activity.
    public static let resource = Resource(
        "Activity", "activity", table: "kith.activities", key: "activity_id",
        [
            .id("programme_id", "The programme that it belongs to."),
            .text("module", "The module that brings it.", from: "plugin"),
            .text("name", "What it is called."),
            .version, .createdAt,
            .moment("ended_at", "When it ended.").orNull,
        ])

    /// Which activities to list.
    public struct Filters: Input {
        private let programme: UUID?

        public init(from fields: inout Fields) {
            programme = fields.optional("programme_id", .id, "Only of this programme.")
        }

        /// The condition, or nil for all.
        public var condition: Query? { programme.map { "programme_id = \($0)" } }
    }
}
