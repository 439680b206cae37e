import PluginKit
import struct FoundationEssentials.UUID

/// How many seats each value of a feature may have: published before the draw.
enum Targets {
    static let resource = Resource(
        "Target", "target", table: "expert_panels.target_details", key: "target_id",
        [
            .id("opportunity_id", "The call."),
            .text("feature", "What people differ in."),
            .text("value", "One value of it."),
            .integer("minimum", "How many seats at least."),
            .integer("maximum", "How many seats at most."),
        ])

    struct Options: Input {
        let isDryRun: Bool

        init(from fields: inout Fields) {
            isDryRun = fields.optional("dry_run", .boolean, default: false, "Check the file and write nothing.")
        }
    }

    /// Replaces a call's targets by those of a CSV file with the columns `feature`, `value`, `min` and `max`.
    static func replace(by actor: Actor, for opportunity: UUID, of panel: UUID, _ file: [UInt8], _ options: Options) async throws -> JSON {
        let table = try CSVTable.reading(file, requiring: ["feature", "value", "min", "max"])
        var problems: [CSVProblem] = []
        let targets = table.rows.map { row in
            func text(_ column: String, most: Int) -> String {
                let value = row[column] ?? ""
                if value.isEmpty || value.unicodeScalars.count > most {
                    problems.append(CSVProblem(row: row.number, column: column, reason: "Give 1 to \(most) characters."))
                }
                return value
            }
            func count(_ column: String) -> Int {
                if let count = Int(row[column] ?? ""), (0...10_000).contains(count) { return count }
                problems.append(CSVProblem(row: row.number, column: column, reason: "Give a whole number of seats, 0 or more."))
                return 0
            }
            let target = (
                feature: text("feature", most: 100), value: text("value", most: 200), minimum: count("min"), maximum: count("max")
            )
            if target.minimum > target.maximum {
                problems.append(CSVProblem(row: row.number, column: "min", reason: "The minimum is more than the maximum."))
            }
            return target
        }
        var seen: [String: Int] = [:]
        for (row, target) in zip(table.rows, targets) {
            if let first = seen.updateValue(row.number, forKey: "\(target.feature)\u{0}\(target.value)") {
                problems.append(CSVProblem(row: row.number, column: "value", reason: "This value has a target in row \(first) already."))
            }
        }
        if !problems.isEmpty, !options.isDryRun { throw Refusal.invalid(problems.fields) }
        try await actor.transaction { actor in
            try await Opportunities.lock(opportunity, of: panel, by: actor)
            if options.isDryRun { return }
            _ = try await actor.run(
                "delete from expert_panels.targets where opportunity_id = \(opportunity)",
                """
                insert into expert_panels.targets (network_id, target_id, opportunity_id, feature, value, minimum, maximum)
                select \(actor.network), id, \(opportunity), feature, value, minimum, maximum from unnest(
                    \(UUID.version7(count: targets.count))::uuid[], \(targets.map(\.feature))::text[], \(targets.map(\.value))::text[],
                    \(targets.map(\.minimum))::bigint[], \(targets.map(\.maximum))::bigint[]) as t (id, feature, value, minimum, maximum)
                """,
                actor.recorded("select \(opportunity)::uuid as id"))
        }
        return [
            "rows": .integer(Int64(targets.count)), "imported": .integer(options.isDryRun ? 0 : Int64(targets.count)),
            "dry_run": .bool(options.isDryRun), "problems": .array(problems.map(\.document)),
        ]
    }
}
