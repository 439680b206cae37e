import Crypto
import Postgres
import struct FoundationEssentials.UUID

/// The person's own words that are kept sealed: they are opened for a copy that the person asked for, with the rights that they have
/// themselves, and for no other.
struct SealedWords {
    private static let most = 10_000

    private static let notes = PrivacyContract.Holding(
        "What your notes say, in every space, also those that you have left", table: "kith.note_versions", columns: ["text"],
        ofPerson: "false", confidentiality: .members, erasure: .delete,
        retention: "As long as the space exists, or until you delete them.")
    private static let complaints = PrivacyContract.Holding(
        "What your complaints say", table: "kith.complaints", columns: ["summary"], ofPerson: "raised_by = $person",
        confidentiality: .person, erasure: .delete, retention: "Three years after the complaint was closed.")
    private static let answers = PrivacyContract.Holding(
        "What was written about your complaints", table: "kith.complaint_entries", columns: ["words"], ofPerson: "false",
        confidentiality: .person, erasure: .delete, retention: "Three years after the complaint was closed.")

    private static let concerns = PrivacyContract.Holding(
        "What your concerns say, and what was written about them", table: "kith.concern_entries", columns: ["text"], ofPerson: "false",
        confidentiality: .members, erasure: .keep(because: "A concern for somebody's safety must be kept."),
        retention: "As long as the network exists.")

    /// Opens what the actor wrote.
    static func sections(by actor: Actor) async throws -> [PersonalCopy.Section] {
        let page = Page(limit: most)
        return [
            .init(holding: notes, rows: try await ownNotes(by: actor)),
            .init(holding: concerns, rows: try await ownConcerns(by: actor)),
            .init(
                holding: complaints,
                rows: try await Complaints.list(by: actor, page, where: "raised_by = kith.current_person()")),
            .init(
                holding: answers,
                rows: try await Complaints.listEntries(
                    by: actor, page,
                    where: "complaint_id in (select complaint_id from kith.complaints where raised_by = kith.current_person())")),
        ]
    }

    // With the keys of the space and of the author. Who is a member now does not matter: they are the author's own words.
    private static func ownNotes(by actor: Actor) async throws -> Rows {
        let notes = try await actor.read(
            """
            select space_id, note_id, version, sealed, to_json(created_at) #>> '{}' as created_at, to_json(updated_at) #>> '{}' as updated_at
            from kith.own_notes() order by note_id limit \(most)
            """)
        var (written, revised, texts): ([String], [String], [String?]) = ([], [], [])
        var spaces: [UUID: SymmetricKey?] = [:]
        let person = try await actor.read("select kith.current_person()").decode(UUID.self)
        let author = notes.isEmpty ? nil : try await actor.dataKey(of: .person(person[0]))
        for note in notes {
            let space = try note["space_id", as: UUID.self]
            if spaces[space] == nil { spaces[space] = .some(try await actor.dataKey(of: .space(space))) }
            written.append(try note["created_at", as: String.self])
            revised.append(try note["updated_at", as: String.self])
            guard let author, let key = spaces[space] ?? nil else {
                texts.append(nil)
                continue
            }
            let place = try Notes.place(space, note["note_id"], note["version"])
            texts.append(try SealedText(opening: note["sealed"], at: place, in: actor.ledger, with: [key, author]).text)
        }
        return try await actor.read(
            """
            select created_at::timestamptz as created_at, updated_at::timestamptz as updated_at, text
            from unnest(\(written)::text[], \(revised)::text[], \(texts)::text[]) as note (created_at, updated_at, text)
            """)
    }

    private static func ownConcerns(by actor: Actor) async throws -> Rows {
        let concerns = try await actor.read(
            "select concern_id from kith.concerns where raised_by = kith.current_person() order by concern_id limit \(most)"
        ).decode(UUID.self)
        var entries: [UInt8] = []
        for concern in concerns {
            for entry in try await ConcernEntries.list(by: actor, concern, Page(limit: most)) {
                entries.append(UInt8(ascii: entries.isEmpty ? "[" : ","))
                entry.appendJSON(into: &entries)
            }
        }
        let opened = entries.isEmpty ? "[]" : String(decoding: entries, as: UTF8.self) + "]"
        return try await actor.read(
            "select * from jsonb_to_recordset(\(opened)::text::jsonb) as entry (created_at timestamptz, kind text, text text)")
    }
}
