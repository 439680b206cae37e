import Kith

/// The identifiers in a row, by column.
enum RowIdentifiers {
    static func reading(_ text: String) throws -> [String: String] {
        try JSON(reading: Array(text.utf8)).object?.compactMapValues(\.string) ?? [:]
    }
}
