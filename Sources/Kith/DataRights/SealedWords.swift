import Postgres
import struct FoundationEssentials.UUID

/// The person's own words that are kept sealed: they are opened for a copy that the person asked for, with the rights that they have
/// themselves, and for no other.
struct SealedWords {
    private static let most = 10_000

    private static let notes = PrivacyContract.Holding(
        "What your notes say, in the spaces that you belong to", table: "kith.note_versions", columns: ["text"],
        ofPerson: "false", confidentiality: .members, erasure: .delete,
        retention: "As long as the space exists, or until you delete them.")
    private static let complaints = PrivacyContract.Holding(
        "What your complaints say", table: "kith.complaints", columns: ["summary"], ofPerson: "raised_by = $person",
        confidentiality: .person, erasure: .delete, retention: "Three years after the complaint was closed.")
    private static let answers = PrivacyContract.Holding(
        "What was written about your complaints", table: "kith.complaint_entries", columns: ["words"], ofPerson: "false",
        confidentiality: .person, erasure: .delete, retention: "Three years after the complaint was closed.")

    /// Opens what the actor wrote.
    static func sections(by actor: Actor) async throws -> [PersonalCopy.Section] {
        let page = Page(limit: most)
        return [
            .init(holding: notes, rows: try await ownNotes(by: actor)),
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

    private static func ownNotes(by actor: Actor) async throws -> Rows {
        let spaces = try await actor.read(
            """
            select distinct space_id from kith.notes join kith.readable_spaces() using (space_id)
            where author_id = kith.current_person() and deleted_at is null order by space_id
            """
        ).decode(UUID.self)
        var notes: [UInt8] = []
        for space in spaces {
            for note in try await SpaceKeys.reading(
                by: actor, in: space, Notes.resource, "version = latest and author_id = kith.current_person() order by note_id")
            {
                notes.append(UInt8(ascii: notes.isEmpty ? "[" : ","))
                note.appendJSON(into: &notes)
            }
        }
        let opened = notes.isEmpty ? "[]" : String(decoding: notes, as: UTF8.self) + "]"
        return try await actor.read(
            "select * from jsonb_to_recordset(\(opened)::text::jsonb) as note (created_at timestamptz, updated_at timestamptz, text text)")
    }
}
