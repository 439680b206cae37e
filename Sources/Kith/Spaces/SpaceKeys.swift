import Crypto
import Postgres
import struct FoundationEssentials.UUID

/// The keys with which a note is sealed: its space's and its author's.
struct SpaceKeys {
    let space: SymmetricKey
    let author: SymmetricKey

    var both: [SymmetricKey] { [space, author] }

    /// The keys of a member who writes; made where they have none yet.
    static func writing(by actor: Actor, in space: UUID) async throws -> SpaceKeys {
        let member = try await actor.read(
            """
            select kith.current_person() as person, exists (select from kith.writable_spaces() w where w.space_id = \(space)) as is_open
            where exists (select from kith.space_members m
                where m.space_id = \(space) and m.person_id = kith.current_person() and m.left_at is null)
            """)
        guard let (person, isOpen) = try member.decode((UUID, Bool).self).first else { throw Refusal.notFound("space") }
        guard isOpen else { throw Refusal.conflict("This space has ended: nothing more can be written in it.") }
        guard let space = try await actor.dataKey(of: .space(space)),
            let author = try await actor.dataKey(of: .person(person))
        else { throw Refusal.conflict("What you wrote here was erased, as you asked, and your key with it. You cannot write any more.") }
        return SpaceKeys(space: space, author: author)
    }

    /// Opens notes for whoever may read the space. Each reading by break-glass is recorded.
    static func reading(by actor: Actor, in space: UUID, _ resource: Resource, _ condition: Query) async throws -> [Opened] {
        let rows = try await actor.run(
            "select from kith.readable_spaces() where space_id = \(space)",
            DataKeys.find(.space(space)),
            """
            select \(query: resource.columns), sealed, author_id as author, note_id as note, version as number, \(query: DataKeys.columns)
            from kith.sealed_notes where space_id = \(space) and \(query: condition)
            """,
            """
            insert into kith.audit_entries (network_id, entry_id, account_id, person_id, action, subject_id, request_id)
            select kith.current_ledger(), kith.new_id(), kith.current_account(), kith.current_person(), 'break_glass.read', \(space), \(actor.requestID)
            where exists (select from kith.readable_spaces() r where r.space_id = \(space)) and not exists (
                select from kith.space_members m where m.space_id = \(space) and m.person_id = kith.current_person() and m.left_at is null)
            """)
        guard !rows[0].isEmpty else { throw Refusal.notFound("space") }
        let keyring = try actor.keyring()
        guard let row = rows[1].first else { return [] }
        guard let key = try DataKeys.open(row, of: .space(space), in: actor.ledger, keyring) else { throw Refusal.damaged }
        var authors: [UUID: SymmetricKey?] = [:]
        return try rows[2].map { row in
            let author = try row["author", as: UUID.self]
            if authors[author] == nil { authors[author] = try .some(DataKeys.open(row, of: .person(author), in: actor.ledger, keyring)) }
            let opened = try open(row, in: space, of: actor.ledger, key, authors[author] ?? nil)
            return Opened(row, resource, ("text", opened.text), ("text_state", opened.state.rawValue))
        }
    }

    private static func open(_ row: Row, in space: UUID, of network: UUID, _ key: SymmetricKey, _ author: SymmetricKey?) throws
        -> SealedText
    {
        guard let author else { return SealedText(.erased) }
        let place = try Notes.place(space, row["note"], row["number"])
        return try SealedText(opening: row["sealed"], at: place, in: network, with: [key, author])
    }
}
