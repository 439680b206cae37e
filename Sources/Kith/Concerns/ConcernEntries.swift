import Crypto
import Postgres
public import struct FoundationEssentials.UUID

/// What the raiser of a concern and its leads write to each other.
public enum ConcernEntries {
    /// What an entry is.
    public enum Kind: String, Sendable, CaseIterable, PostgresCodable {
        case concern, note, outcome
    }

    /// What the raiser and the leads read.
    public static let resource = Resource(
        "ConcernEntry", "entry of the concern", table: "kith.concern_entries", key: "entry_id",
        [
            .choice("kind", Kind.self, "The concern itself, a note, or the outcome."),
            .id("author_id", "Who wrote it."),
            .createdAt,
            .sealedText("text", "What it says."), .textState,
        ])

    /// A new entry.
    public struct New: Input {
        let text: String

        public init(from fields: inout Fields) {
            text = fields.required("text", .confidence, "What to say.")
        }
    }

    static func place(_ concern: UUID, _ entry: UUID) -> SealedPlace {
        SealedPlace("kith.concern_entries.sealed", concern, entry)
    }

    static func newKey() -> SymmetricKey { SymmetricKey(size: .bits256) }

    /// An event for the raiser and for each lead, except whoever does it.
    static func tell(_ concern: UUID, _ kind: String) -> Query {
        """
        insert into kith.events (network_id, event_id, kind, subject_id, person_id, is_private)
        select kith.current_network(), kith.new_id(), \(kind), \(concern)::uuid, person, true from (\(query: others(concern))) told
        """
    }

    /// A mail to each of them that something waits. Whoever has one on the way already needs no second.
    static func message(_ concern: UUID) -> Query {
        MessageTemplate.somethingWaits.queue(
            forEach: """
                select person from (\(query: others(concern))) other where not exists (
                    select from kith.messages m
                    where m.person_id = person and m.template = \(MessageTemplate.somethingWaits.id) and m.state = 'queued')
                """, byMailOnly: true)
    }

    private static func others(_ concern: UUID) -> Query {
        """
        select person from (
            select l.person_id as person from kith.concern_leads l where l.concern_id = \(concern)
            union select c.raised_by from kith.concerns c where c.concern_id = \(concern)) concerned
        where person <> kith.current_person()
        """
    }

    /// Adds a note to a concern that is open.
    public static func create(by actor: Actor, _ concern: UUID, _ new: New) async throws -> Opened {
        try await actor.transaction { actor in
            let open = try await actor.read(
                "select closed_at is null as is_open from kith.concerns where concern_id = \(concern)")
            guard let isOpen = try open.first?["is_open", as: Bool.self] else { throw Refusal.notFound("concern") }
            guard isOpen else { throw Refusal.conflict("This concern is closed. If there is something new, raise another.") }
            return try await write(by: actor, concern, .note, new.text)
        }
    }

    static func write(by actor: Actor, _ concern: UUID, _ kind: Kind, _ text: String) async throws -> Opened {
        guard let key = try await actor.dataKey(of: .concern(concern)) else { throw Refusal.damaged }
        let entry = UUID.version7()
        let sealed = try place(concern, entry).seal(Array(text.utf8), in: actor.ledger, with: [key])
        let rows = try await actor.run(
            actor.recorded(
                """
                insert into kith.concern_entries (network_id, entry_id, concern_id, author_id, kind, sealed)
                values (\(actor.network), \(entry), \(concern), kith.current_person(), \(kind), \(sealed))
                returning \(query: resource.columns)
                """, as: "concern.entry_added", isNamed: false),
            tell(concern, "concern.entry_added"), message(concern))
        return try Opened(rows[0].only(resource), resource, ("text", text), ("text_state", SealedText.State.readable.rawValue))
    }

    /// What was written, oldest first.
    public static func list(by actor: Actor, _ concern: UUID, _ page: Page) async throws -> [Opened] {
        let after: Query = page.after.map { "and entry_id > \($0)" } ?? ""
        let rows = try await actor.run(
            "select from kith.readable_concerns() where concern_id = \(concern)", DataKeys.find(.concern(concern)),
            """
            select \(query: resource.columns), sealed from kith.concern_entries where concern_id = \(concern) \(query: after)
            order by entry_id \(query: page.oneMore)
            """)
        let keyring = try actor.keyring()
        guard !rows[0].isEmpty, let row = rows[1].first else { throw Refusal.notFound("concern") }
        guard let key = try DataKeys.open(row, of: .concern(concern), in: actor.ledger, keyring) else { throw Refusal.damaged }
        return try rows[2].map { row in
            let opened = try SealedText(opening: row["sealed"], at: place(concern, row["id"]), in: actor.ledger, with: [key])
            return Opened(row, resource, ("text", opened.text), ("text_state", opened.state.rawValue))
        }
    }
}
