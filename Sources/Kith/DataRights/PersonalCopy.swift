import CSV
import Postgres
import ZIP
import struct FoundationEssentials.UUID

/// What is held of a person, as a ZIP file: a page to read, a JSON document for machines, and a CSV file for each class of data.
struct PersonalCopy: Sendable {
    struct Section: Sendable {
        let holding: PrivacyContract.Holding
        let rows: Rows
    }

    let network: String
    let person: UUID
    /// In UTC, as in 2026-03-01 09:30:00.
    let madeAt: String
    let sections: [Section]

    func zip() throws -> [UInt8] {
        var zip = ZIPWriter(at: time)
        zip.add("index.html", try page())
        zip.add("data.json", json())
        for (index, section) in sections.enumerated() where !section.rows.isEmpty {
            zip.add(section.file(index), try section.csv())
        }
        return zip.finish()
    }

    private var time: ZIPWriter.Time {
        let parts = madeAt.split { !$0.isNumber }.compactMap { Int($0) }
        return ZIPWriter.Time(year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4], second: parts[5])
    }

    private func json() -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ text: String) { bytes += text.utf8 }
        let head: JSON = ["network": .string(network), "person_id": .string("\(person)"), "made_at": .string(madeAt + "Z")]
        append(String(head.description.dropLast()) + ",\"sections\":[")
        for (index, section) in sections.enumerated() {
            if index > 0 { append(",") }
            let about: JSON = [
                "title": .string(section.holding.title), "table": .string(section.holding.table),
                "confidentiality": .string(section.holding.confidentiality.rawValue), "kept": .string(section.holding.retention.text),
            ]
            append(String(about.description.dropLast()) + ",\"rows\":")
            section.rows.appendJSON(into: &bytes)
            append("}")
        }
        append("]}")
        return bytes
    }

    private func page() throws -> [UInt8] {
        var html = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Your data</title>
            <style>
            body { font: 1.1rem/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
            table { border-collapse: collapse; display: block; overflow-x: auto } th, td { border: 1px solid #999; padding: .3rem .6rem; text-align: left }
            </style></head><body>
            <h1>Your data</h1>
            <p>This is everything that \(network.escaped) held about you on \(madeAt) (UTC). What others said is in here only where it is about you.</p>
            <p>Each part is also a table that opens in a spreadsheet, in the folder csv. The file data.json has the same for computers.</p>
            <p>If something is wrong you can ask for a correction. You can also ask that your data is not used, or that it is erased.</p>

            """
        for (index, section) in sections.enumerated() {
            html += "<h2>\(section.holding.title.escaped)</h2>\n<p>Kept: \(section.holding.retention.text.escaped)</p>\n"
            html += section.rows.isEmpty ? "<p>Nothing is held.</p>\n" : try section.table(index)
        }
        return Array((html + "</body></html>\n").utf8)
    }
}

extension PersonalCopy.Section {
    /// More rows than this are only in the CSV file: a page of ten thousand is no longer readable.
    private static let mostOnPage = 200

    func file(_ index: Int) -> String {
        let words = holding.title.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.joined(separator: "-")
        return "csv/\(index < 9 ? "0" : "")\(index + 1)-\(words.prefix(60)).csv"
    }

    func csv() throws -> [UInt8] {
        var writer = CSVWriter(header: rows.columns, guardingFormulas: true)
        for row in rows { writer.append(try cells(row)) }
        return writer.bytes
    }

    func table(_ index: Int) throws -> String {
        let headings = rows.columns.map { "<th>\($0.replacing("_", with: " ").capitalisedFirst.escaped)</th>" }.joined()
        var html = "<table><tr>\(headings)</tr>\n"
        for row in rows.prefix(Self.mostOnPage) {
            html += "<tr>\(try cells(row).map { "<td>\($0.escaped)</td>" }.joined())</tr>\n"
        }
        html += "</table>\n"
        if rows.count > Self.mostOnPage {
            html +=
                "<p>These are the first \(Self.mostOnPage) of \(rows.count). All of them are in <a href=\"\(file(index))\">this table</a>.</p>\n"
        }
        return html
    }

    private func cells(_ row: Row) throws -> [String] {
        try rows.columns.indices.map { try row[$0, as: String?.self] ?? "" }
    }
}

extension String {
    fileprivate var escaped: String {
        var text = ""
        for character in unicodeScalars {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }

    fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
