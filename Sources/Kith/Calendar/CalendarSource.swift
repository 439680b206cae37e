public import Postgres
import struct FoundationEssentials.Date

/// What a module puts into people's calendars. Nothing confidential: the address of a calendar is all that one needs to read it.
public struct CalendarSource: Sendable {
    /// The module, `core` or the plugin's id; a disabled plugin's entries are left out.
    public let module: String
    let query: Query

    /// Declares a source.
    /// - Parameters:
    ///   - module: `core` or the plugin's id
    ///   - query: a statement that runs with the rights of the calendar's person (`kith.current_person()`) and answers for each entry
    ///     `uid` (text), `sequence` (bigint), `changed_at`, `starts_at`, `ends_at` (or null), `summary`, `location` (or null) and
    ///     `is_cancelled`
    public init(module: String, _ query: Query) {
        self.module = module
        self.query = query
    }

    func entries(by actor: Actor) async throws -> [CalendarDocument.Entry] {
        try await actor.read(
            """
            select uid, sequence::bigint as sequence, changed_at, starts_at, ends_at, summary, location, is_cancelled
            from (\(query: query)) entries order by starts_at, uid limit 1000
            """
        ).map { row in
            try CalendarDocument.Entry(
                uid: row["uid", as: String.self], sequence: row["sequence", as: Int.self], changedAt: row["changed_at", as: Date.self],
                startsAt: row["starts_at", as: Date.self], endsAt: row["ends_at", as: Date?.self], summary: row["summary", as: String.self],
                location: row["location", as: String?.self], isCancelled: row["is_cancelled", as: Bool.self])
        }
    }
}
