import EmbeddedPostgres
import Kith
import PluginKit
import Postgres

/// Whether every column that can hold words is accounted for, and export and erasure reach what they promise and nothing else.
struct PrivacyCheck {
    private let catalogue: Catalogue
    private let contract: PrivacyContract
    private let values: [String: String]

    init(_ plugin: any Plugin.Type, _ catalogue: Catalogue, filling values: [String: String]) {
        self.catalogue = catalogue
        contract = plugin.privacy
        self.values = values
    }

    func findings(_ database: TestDatabase, _ superuser: PostgresClient) async throws -> [Finding] {
        let declared = undeclared + unknown
        // The SQL of a holding can only be run where its columns exist.
        if !unknown.isEmpty { return declared }
        let people = try await Population.core(superuser)
        let failures = try await SampleRows(catalogue, filling: values, people).insert(superuser)
        let unfilled = failures.sorted { $0.key < $1.key }.map {
            Finding(.privacy, "\($0.key) could not be filled to try export and erasure: \($0.value). Say how with `filling`.")
        }
        let tried = try await database.withClient(as: ConnectionDetails.app) { app in
            try await erase(people, app: app, superuser)
        }
        return declared + unfilled + tried
    }

    private var undeclared: [Finding] {
        catalogue.tables.flatMap { table in
            table.columns.filter { $0.canHoldWords && !isDeclared(table.name, $0.name) }.map {
                Finding(.privacy, "\(table.name).\($0.name) can hold words and is in no holding; declare it, or declare it impersonal.")
            }
        }
    }

    private func isDeclared(_ table: String, _ column: String) -> Bool {
        contract.impersonal.keys.contains { $0 == "\(table).\(column)" || $0 == "\(catalogue.schema).\(table).\(column)" }
            || contract.holdings.contains { $0.table == "\(catalogue.schema).\(table)" && $0.columns.contains(column) }
    }

    private var unknown: [Finding] {
        var declared: [String] = []
        for holding in contract.holdings {
            declared += holding.columns.map { "\(holding.table).\($0)" }
            if case .replace(let values) = holding.erasure { declared += values.keys.map { "\(holding.table).\($0)" } }
        }
        declared += contract.impersonal.keys.map { $0.hasPrefix("\(catalogue.schema).") ? $0 : "\(catalogue.schema).\($0)" }
        let known = Set(catalogue.tables.flatMap { table in table.columns.map { "\(catalogue.schema).\(table.name).\($0.name)" } })
        return Set(declared).subtracting(known).sorted().map {
            Finding(.privacy, "\($0) is in the privacy contract and not in the schema.")
        }
    }

    private func erase(_ people: Population, app: PostgresClient, _ superuser: PostgresClient) async throws -> [Finding] {
        var findings: [Finding] = []
        var before: [[String: JSON]] = []
        // As where a right is exercised: what the person alone may see is reached by it.
        let enter: Query = """
            select set_config('kith.network', \("\(people.network)"), true), set_config('kith.rights', \("\(people.person)"), true)
            """
        for holding in contract.holdings {
            before.append(try await rows(holding, superuser))
            do {
                let exported = try await app.batch([enter, holding.export(of: people.person)])[1]
                if exported.count != 1 {
                    findings.append(
                        Finding(.privacy, "«\(holding.title)» exports \(exported.count) rows of a person who has one in \(holding.table)."))
                }
            } catch {
                findings.append(Finding(.privacy, "«\(holding.title)» cannot be exported: \(error)"))
            }
        }
        for holding in contract.holdings {
            guard let erasure = holding.erase(people.person) else { continue }
            do {
                _ = try await app.batch([enter, erasure])
            } catch {
                findings.append(Finding(.privacy, "«\(holding.title)» cannot be erased: \(error)"))
            }
        }
        for (holding, before) in zip(contract.holdings, before) {
            findings += compare(holding, before, try await rows(holding, superuser), people)
        }
        return findings
    }

    // One row of each of the two people was there; the first was erased.
    private func compare(
        _ holding: PrivacyContract.Holding, _ before: [String: JSON], _ after: [String: JSON], _ people: Population
    ) -> [Finding] {
        let changed = before.filter { after[$0.key] != $0.value }
        let words = catalogue.tables.first { "\(catalogue.schema).\($0.name)" == holding.table }?.columns.filter(\.canHoldWords).map(\.name)
        switch holding.erasure {
        case .keep: return []
        case .delete:
            return changed.count == 1 && after.count == before.count - 1
                ? [] : [Finding(.privacy, "«\(holding.title)» does not delete the rows of the person, and only theirs.")]
        case .replace:
            guard changed.count == 1, let (key, old) = changed.first, let new = after[key] else {
                return [Finding(.privacy, "«\(holding.title)» does not replace what the person's rows hold, and only theirs.")]
            }
            return holding.columns.filter { words?.contains($0) == true && old[$0] != .null && old[$0] == new[$0] }.map {
                Finding(.privacy, "«\(holding.title)» leaves \(holding.table).\($0) as it was.")
            }
        }
    }

    private func rows(_ holding: PrivacyContract.Holding, _ superuser: PostgresClient) async throws -> [String: JSON] {
        let key = catalogue.tables.first { "\(catalogue.schema).\($0.name)" == holding.table }?.primaryKey ?? []
        let rows = try await superuser.query(
            Query(
                raw: """
                    select concat_ws(' ', \(key.isEmpty ? "ctid::text" : key.map { "\($0)::text" }.joined(separator: ", "))), to_jsonb(t)::text
                    from \(holding.table) t
                    """)
        ).decode((String, String).self)
        return Dictionary(uniqueKeysWithValues: try rows.map { ($0, try JSON(reading: Array($1.utf8))) })
    }
}
