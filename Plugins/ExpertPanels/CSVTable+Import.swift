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
}
