import PluginKit

extension CSVTable {
    /// Reads an uploaded file.
    /// - Throws: ``Refusal`` with every bad row
    static func reading(_ file: [UInt8], requiring columns: [String]) throws -> CSVTable {
        do {
            return try CSVTable(parsing: file, requiring: columns, limits: CSVLimits(fieldLength: 10_000, columns: 200, rows: 200_000))
        } catch {
            throw Refusal.invalid(error.problems.fields)
        }
    }
}

extension [CSVProblem] {
    /// The problems as an error answer carries them.
    var fields: [FieldProblem] {
        prefix(1000).map { FieldProblem("/rows/\($0.row)\($0.column.map { "/\($0)" } ?? "")", $0.reason) }
    }
}

extension CSVProblem {
    /// The problem as a report carries it.
    var document: JSON {
        ["row": .integer(Int64(row)), "field": column.map(JSON.string) ?? .null, "detail": .string(reason)]
    }

    /// Its schema.
    static let schema = Schema.object(
        name: "RowProblem",
        members: [
            ("row", .inline(["type": "integer"]), "The row as a spreadsheet counts it; the header is row 1."),
            ("field", .nullable(.inline(["type": "string"])), "The column."),
            ("detail", .inline(["type": "string"]), "What is wrong and what to do, or what is asked."),
        ], required: ["row", "field", "detail"])
}

/// What is answered for a file.
enum ImportReport {
    static let schema = Schema.object(name: "ImportReport", members: members, required: Set(members.map(\.name)))

    static let members: [(name: String, schema: Schema, note: String)] = [
        ("rows", .inline(["type": "integer"]), "How many rows the file has under its header."),
        ("imported", .inline(["type": "integer"]), "How many were written."),
        ("dry_run", .inline(["type": "boolean"]), "Whether the file was only checked."),
        ("problems", .list(CSVProblem.schema), "The rows that were not taken."),
    ]
}
