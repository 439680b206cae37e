public import Postgres
import struct FoundationEssentials.UUID

/// Who did what, when: append-only, with ids and never a word of content.
public enum AuditEntries {
    /// What the API answers for an entry.
    public static let resource = Resource(
        "AuditEntry", "audit entry", table: "kith.audit_entries", key: "entry_id",
        [
            .moment("at", "When."),
            .id("account_id", "By which account; null for the server itself.").orNull,
            .id("person_id", "By which person of the network.").orNull,
            .text("action", "What was done."),
            .id("subject_id", "To what."),
            .id("request_id", "In which request.").orNull,
            .text("role", "Of a read of a person's record: the role that allowed it.").orNull,
            .id("subject_until", "Of a read of a page of people: the last of them; `subject_id` is the first.").orNull,
        ])

    /// Which entries to list.
    public struct Filters: Input {
        private let subject: UUID?

        public init(from fields: inout Fields) {
            subject = fields.optional("subject_id", .id, "Only what was done to this.")
        }

        /// The condition, or nil for all.
        public var condition: Query? { subject.map { "subject_id = \($0)" } }
    }
}
