public import Kith

/// A column of a table: its title, and what it shows of each thing.
public struct Column: Sendable {
    let title: String
    let text: @Sendable (JSON) -> String

    /// A member of each thing, in the form in which people read it.
    public init(_ title: String, _ member: String) {
        self.init(title) { $0[member].map(Table.text) ?? Table.nothing }
    }

    /// Something else about each thing.
    public init(_ title: String, text: @escaping @Sendable (JSON) -> String) {
        self.title = title
        self.text = text
    }
}

/// Aligned columns of text.
public struct Table: Sendable {
    static let nothing = "–"
    private let header: [String]
    private var rows: [[String]] = []

    /// Makes an empty table.
    public init(_ header: [String]) {
        self.header = header
    }

    /// Makes a table of things.
    public init(_ things: [JSON], _ columns: [Column]) {
        header = columns.map(\.title)
        rows = things.map { thing in columns.map { $0.text(thing).oneLine } }
    }

    /// Adds a row, as long as the header.
    public mutating func append(_ row: [String]) {
        rows.append(row.map(\.oneLine))
    }

    /// The lines, without spaces at their ends. Columns of numbers stand to the right.
    public var lines: [String] {
        let widths = header.indices.map { column in
            max(header[column].count, rows.map { $0[column].count }.max() ?? 0)
        }
        let areNumbers = header.indices.map { column in
            let known = rows.map { $0[column] }.filter { $0 != Self.nothing }
            return !known.isEmpty && known.allSatisfy { Double($0) != nil }
        }
        return ([header] + rows).map { row in
            let cells = row.indices.map { column -> String in
                let padding = String(repeating: " ", count: max(0, widths[column] - row[column].count))
                return areNumbers[column] ? padding + row[column] : row[column] + padding
            }
            return cells.joined(separator: "  ").withoutSpacesAtEnd
        }
    }

    /// A value as people read it.
    public static func text(_ value: JSON) -> String {
        switch value {
        case .null: nothing
        case .bool(let holds): holds ? "yes" : "no"
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .string(let text): moment(text) ?? text
        case .array(let elements): elements.isEmpty ? nothing : elements.map(Self.text).joined(separator: ", ")
        case .object: value.description
        }
    }

    // 2026-03-01T09:30:12.123456Z as 2026-03-01 09:30.
    private static func moment(_ text: String) -> String? {
        guard text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)/) != nil else { return nil }
        return String(text.prefix(16)).replacing("T", with: " ")
    }
}

extension String {
    fileprivate var oneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }

    fileprivate var withoutSpacesAtEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
