public import Postgres
public import struct FoundationEssentials.UUID

extension Complaints {
    /// What was done about a complaint.
    public enum Step: String, Sendable, CaseIterable, PostgresCodable {
        case acknowledged
        case takenOn = "taken_on"
        case note, closed, withdrawn
    }

    /// What the API answers for an entry.
    public static let entries = Resource(
        "ComplaintEntry", "entry", table: "kith.complaint_entries", key: "entry_id",
        [
            .choice("step", Step.self, "What was done."),
            .text("words", "What was written; the complainant and those who handle complaints read it.", from: "opened_words").orNull,
            .id("written_by", "By whom."),
            .moment("written_at", "When."),
        ])

    /// Words for the complainant, or for those who handle complaints.
    public struct Note: Input {
        let words: String

        public init(from fields: inout Fields) {
            words = fields.required("words", .text(1...20_000, lines: true), "What to say; both sides read it.")
        }
    }

    /// The end of a complaint.
    public struct Closing: Input {
        /// What a handler may find.
        public enum Choice: String, Sendable, CaseIterable {
            case upheld
            case partlyUpheld = "partly_upheld"
            case notUpheld = "not_upheld"
        }

        let outcome: Choice
        let words: String

        public init(from fields: inout Fields) {
            outcome = fields.required("outcome", .choice(), "How it ended.")
            words = fields.required(
                "words", .text(1...20_000, lines: true), "What was found and what changes, in words for the complainant.")
        }
    }

    /// Acknowledges receipt. The first time counts.
    public static func acknowledge(by actor: Actor, _ id: UUID) async throws -> Row {
        try await step(by: actor, id, .acknowledged, nil, "acknowledged_at = now()", where: "acknowledged_at is null and \(query: handles)")
    }

    /// Takes a complaint on, which acknowledges it too.
    public static func takeOn(by actor: Actor, _ id: UUID) async throws -> Row {
        try await step(
            by: actor, id, .takenOn, nil, "handler = kith.current_person(), acknowledged_at = coalesce(acknowledged_at, now())",
            where: handles)
    }

    /// Closes a complaint with its outcome. Only who took it on can.
    public static func close(by actor: Actor, _ id: UUID, _ closing: Closing) async throws -> Row {
        try await step(
            by: actor, id, .closed, closing.words, "outcome = \(closing.outcome.rawValue), closed_at = now()",
            where: "handler = kith.current_person() and \(query: handles)")
    }

    /// Takes one's own complaint back, without a reason.
    public static func withdraw(by actor: Actor, _ id: UUID) async throws -> Row {
        try await step(
            by: actor, id, .withdrawn, nil, "outcome = 'withdrawn', closed_at = now()", where: "raised_by = kith.current_person()")
    }

    /// Adds words to a complaint.
    public static func add(by actor: Actor, _ note: Note, to id: UUID) async throws -> Row {
        try await actor.transaction { actor in
            let words = try await actor.seal(Array(note.words.utf8), at: place(entries, actor.newID))
            _ = try await actor.write(
                """
                insert into kith.complaint_entries (network_id, entry_id, complaint_id, step, words, written_by)
                select c.network_id, \(actor.newID), c.complaint_id, 'note', \(words), kith.current_person()
                from kith.complaints c where c.complaint_id = \(id) returning entry_id as id
                """
            ).only(resource)
            _ = try await actor.run(tellComplainant(id))
            return try await getEntry(by: actor, actor.newID)
        }
    }

    /// How many complaints wait, without a word of any.
    public static func count(by actor: Actor) async throws -> JSON {
        let row = try await actor.read("select open, unacknowledged, overdue, handlers from kith.count_complaints()").only(resource)
        func number(_ column: String) throws -> JSON { .integer(try row[column, as: Int64.self]) }
        return try [
            "open": number("open"), "unacknowledged": number("unacknowledged"), "overdue": number("overdue"),
            "handlers": number("handlers"),
        ]
    }

    /// The schema of the counts.
    public static let countSchema = Schema.object(
        name: "ComplaintCounts",
        members: [
            ("open", .inline(["type": "integer"]), "How many are open."),
            ("unacknowledged", .inline(["type": "integer"]), "How many wait for an acknowledgement."),
            ("overdue", .inline(["type": "integer"]), "How many of them have waited too long."),
            ("handlers", .inline(["type": "integer"]), "How many people handle complaints. With none, nobody answers."),
        ], required: ["open", "unacknowledged", "overdue", "handlers"])

    private static let handles: Query = "kith.holds_role(\(Permission.handleComplaints.roleNames)::text[], null)"

    private static func step(
        by actor: Actor, _ id: UUID, _ step: Step, _ words: String?, _ assignment: Query, where condition: Query
    ) async throws -> Row {
        try await actor.transaction { actor in
            let changed = try await actor.write(
                """
                update kith.complaints set \(query: assignment), version = version + 1
                where complaint_id = \(id) and closed_at is null and \(query: condition) returning complaint_id as id
                """)
            let row = try await get(by: actor, id)
            if changed.isEmpty {
                throw Refusal.conflict("This cannot be done with this complaint now, or not by you. Read how far it is.")
            }
            let entry = UUID.version7()
            var sealed: [UInt8]?
            if let words { sealed = try await actor.seal(Array(words.utf8), at: place(entries, entry)) }
            _ = try await actor.run(
                """
                insert into kith.complaint_entries (network_id, entry_id, complaint_id, step, words, written_by)
                values (\(actor.network), \(entry), \(id), \(step), \(sealed), kith.current_person())
                """, tellComplainant(id))
            return row
        }
    }
}
