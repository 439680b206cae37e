import Crypto
public import Postgres
public import struct FoundationEssentials.UUID

extension Complaints {
    /// One complaint that the person who asks may read.
    public static func get(by actor: Actor, _ id: UUID) async throws -> Row {
        try await read(by: actor, resource, "complaint_id = \(id)", Page(limit: 1)).only(resource)
    }

    /// The complaints that the person who asks may read: their own, or those that they handle.
    public static func list(by actor: Actor, _ page: Page, where condition: Query) async throws -> Rows {
        try await read(by: actor, resource, condition, page)
    }

    /// What was done about a complaint, and written.
    public static func listEntries(by actor: Actor, _ page: Page, of complaint: UUID) async throws -> Rows {
        try await listEntries(by: actor, page, where: "complaint_id = \(complaint)")
    }

    static func listEntries(by actor: Actor, _ page: Page, where condition: Query) async throws -> Rows {
        try await read(by: actor, entries, condition, page)
    }

    /// One entry.
    static func getEntry(by actor: Actor, _ id: UUID) async throws -> Row {
        try await read(by: actor, entries, "entry_id = \(id)", Page(limit: 1)).only(entries)
    }

    /// Where the words of a complaint or of an entry are sealed.
    static func place(_ resource: Resource, _ id: UUID) -> SealedPlace {
        SealedPlace("\(resource.table).\(sealedColumn(resource))", id)
    }

    private static func sealedColumn(_ resource: Resource) -> String {
        resource.key == entries.key ? "words" : "summary"
    }

    // The rows that the policies show, with their words opened. The words go back as parameters, so that the answer is made of rows.
    private static func read(by actor: Actor, _ resource: Resource, _ condition: Query, _ page: Page) async throws -> Rows {
        let after: Query = page.after.map { "and \(raw: resource.key) > \($0)" } ?? ""
        return try await actor.transaction { actor in
            let sealed = try await actor.read(
                """
                select \(raw: resource.key), \(raw: sealedColumn(resource)) from \(raw: resource.table)
                where network_id = kith.current_network() and \(query: condition) \(query: after)
                order by \(raw: resource.key) \(query: page.oneMore)
                """
            ).decode((UUID, [UInt8]?).self)
            var ids: [UUID] = []
            var words: [String?] = []
            let key = sealed.isEmpty ? nil : try await actor.dataKey(of: .server(actor.ledger))
            for (id, bytes) in sealed {
                ids.append(id)
                words.append(try bytes.map { try open($0, at: place(resource, id), in: actor.ledger, with: key) })
            }
            return try await actor.read(
                """
                select \(query: resource.columns) from \(raw: resource.table)
                    join unnest(\(ids)::uuid[], \(words)::text[]) as opened (opened_id, opened_words) on opened_id = \(raw: resource.key)
                order by \(raw: resource.key)
                """)
        }
    }

    private static func open(_ bytes: [UInt8], at place: SealedPlace, in ledger: UUID, with key: SymmetricKey?) throws -> String {
        if bytes.isEmpty { return "These words were erased." }
        guard let key else { throw Refusal.damaged }
        do {
            return String(decoding: try place.open(bytes, in: ledger, with: [key]), as: UTF8.self)
        } catch {
            throw Refusal.damaged
        }
    }
}
