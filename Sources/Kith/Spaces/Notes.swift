import Postgres
public import struct FoundationEssentials.UUID

/// What is said in a space: sealed with the keys of the space and of the author, readable by the members, and gone with either key.
public enum Notes {
    /// What a member reads.
    public static let resource = Resource(
        "Note", "note", table: "kith.sealed_notes", key: "note_id",
        [
            .id("author_id", "Who wrote it."),
            .id("parent_id", "The note that it answers.").orNull,
            .version, .createdAt,
            .moment("updated_at", "When it was last revised."),
            .sealedText("text", "What it says."), .textState,
        ])

    /// What a member reads of an earlier version.
    public static let version = Resource(
        "NoteVersion", "version of the note", table: "kith.sealed_notes", key: "version_id",
        [.version, .moment("written_at", "When it was written."), .sealedText("text", "What it said."), .textState])

    /// A new note.
    public struct New: Input {
        let text: String
        let parent: UUID?

        public init(from fields: inout Fields) {
            text = fields.required("text", .confidence, "What it says.")
            parent = fields.optional("parent_id", .id, "The note that it answers.")
        }
    }

    /// Another text for a note.
    public struct Revision: Input {
        let text: String

        public init(from fields: inout Fields) {
            text = fields.required("text", .confidence, "What it says now.")
        }
    }

    static func place(_ space: UUID, _ note: UUID, _ version: Int64) -> SealedPlace {
        SealedPlace("kith.note_versions.sealed", space, note, version: version)
    }

    /// Writes a note.
    public static func create(by actor: Actor, in space: UUID, _ new: New) async throws -> Opened {
        let keys = try await SpaceKeys.writing(by: actor, in: space)
        let sealed = try place(space, actor.newID, 1).seal(Array(new.text.utf8), in: actor.ledger, with: keys.both)
        let rows = try await actor.run(
            actor.recorded(
                """
                insert into kith.notes (network_id, note_id, space_id, author_id, parent_id)
                select \(actor.network)::uuid, \(actor.newID)::uuid, \(space)::uuid, kith.current_person(), \(new.parent)::uuid
                where exists (select from kith.writable_spaces() w where w.space_id = \(space)) returning note_id as id
                """),
            """
            insert into kith.note_versions (network_id, version_id, note_id, version, sealed)
            select n.network_id, \(UUID.version7()), n.note_id, 1, \(sealed)::bytea from kith.notes n where n.note_id = \(actor.newID)
            """,
            "select \(query: resource.columns) from kith.sealed_notes where note_id = \(actor.newID)")
        return try Opened(rows[2].only(resource), resource, ("text", new.text), ("text_state", SealedText.State.readable.rawValue))
    }

    /// A page of notes, oldest first.
    public static func list(by actor: Actor, in space: UUID, _ page: Page) async throws -> [Opened] {
        let after: Query = page.after.map { "and note_id > \($0)" } ?? ""
        return try await SpaceKeys.reading(
            by: actor, in: space, resource, "version = latest \(query: after) order by note_id \(query: page.oneMore)")
    }

    /// One note.
    public static func get(by actor: Actor, in space: UUID, _ note: UUID) async throws -> Opened {
        guard let opened = try await SpaceKeys.reading(by: actor, in: space, resource, "version = latest and note_id = \(note)").first
        else {
            throw Refusal.notFound("note")
        }
        return opened
    }

    /// What a note said, version after version.
    public static func versions(by actor: Actor, in space: UUID, _ note: UUID, _ page: Page) async throws -> [Opened] {
        let after: Query = page.after.map { "and version_id > \($0)" } ?? ""
        let opened = try await SpaceKeys.reading(
            by: actor, in: space, version, "note_id = \(note) \(query: after) order by version_id \(query: page.oneMore)")
        if opened.isEmpty, page.after == nil { throw Refusal.notFound("note") }
        return opened
    }

    /// Gives one's own note another text. What it said before is kept, sealed.
    public static func revise(by actor: Actor, in space: UUID, _ note: UUID, version: Int64, _ revision: Revision) async throws -> Opened {
        let keys = try await SpaceKeys.writing(by: actor, in: space)
        let sealed = try place(space, note, version + 1).seal(Array(revision.text.utf8), in: actor.ledger, with: keys.both)
        return try await actor.transaction { actor in
            let changed = try await actor.write(
                """
                update kith.notes set version = version + 1, updated_at = now()
                where note_id = \(note) and space_id = \(space) and version = \(version) and author_id = kith.current_person()
                  and deleted_at is null and space_id in (select w.space_id from kith.writable_spaces() w) returning note_id as id
                """)
            guard !changed.isEmpty else { throw try await refusal(by: actor, in: space, note) }
            let rows = try await actor.run(
                """
                insert into kith.note_versions (network_id, version_id, note_id, version, sealed)
                values (\(actor.network), \(UUID.version7()), \(note), \(version + 1), \(sealed))
                """,
                "select \(query: resource.columns) from kith.sealed_notes where note_id = \(note) and version = latest")
            return try Opened(rows[1].only(resource), resource, ("text", revision.text), ("text_state", SealedText.State.readable.rawValue))
        }
    }

    /// Deletes one's own note with all its versions. That there was one stays in the counts of the audit.
    public static func delete(by actor: Actor, in space: UUID, _ note: UUID) async throws {
        try await actor.transaction { actor in
            let deleted = try await actor.write(
                """
                update kith.notes set deleted_at = now()
                where note_id = \(note) and space_id = \(space) and author_id = kith.current_person() and deleted_at is null
                  and space_id in (select w.space_id from kith.writable_spaces() w) returning note_id as id
                """)
            guard !deleted.isEmpty else { throw try await refusal(by: actor, in: space, note, isEdit: false) }
            _ = try await actor.run("delete from kith.note_versions where note_id = \(note)")
        }
    }

    private static func refusal(by actor: Actor, in space: UUID, _ note: UUID, isEdit: Bool = true) async throws -> Refusal {
        let found = try await actor.read(
            """
            select author_id = kith.current_person() as is_own, exists (
                select from kith.writable_spaces() w where w.space_id = n.space_id) as is_open
            from kith.notes n where note_id = \(note) and space_id = \(space) and deleted_at is null
            """
        ).decode((Bool, Bool).self)
        guard let (isOwn, isOpen) = found.first else { return .notFound("note") }
        if !isOwn { return .forbidden("Only the person who wrote a note can change or delete it.") }
        return isOpen && isEdit ? .stale : .conflict("This space has ended: nothing in it can be changed any more.")
    }
}
