import Kith
import Postgres
import struct FoundationEssentials.UUID

/// Fills a plugin's tables with one row for each of two people, from what the catalogue says of them.
struct SampleRows {
    /// Stands in every word that is filled in, so that what was erased can be told from what was kept.
    static let marker = "Marker"

    private let catalogue: Catalogue
    private let values: [String: String]
    private let people: Population
    private let isPersonal: (_ table: String, _ column: String) -> Bool

    init(
        _ catalogue: Catalogue, filling values: [String: String], _ people: Population,
        isPersonal: @escaping (_ table: String, _ column: String) -> Bool = { _, _ in true }
    ) {
        self.isPersonal = isPersonal
        self.catalogue = catalogue
        self.values = values
        self.people = people
    }

    /// Fills the tables, those first to which others refer.
    /// - Returns: the tables that could not be filled, each with the reason
    func insert(_ superuser: PostgresClient) async throws -> [String: String] {
        var failures: [String: String] = [:]
        var made: [String: [[String: String]]] = [:]
        for table in ordered {
            var rows: [[String: String]] = []
            for person in [people.person, people.other] {
                do {
                    rows.append(try await insert(into: table, for: person, number: rows.count, made, superuser))
                } catch let error as PostgresError {
                    failures[table.name] = "\(error)"
                }
            }
            made["\(catalogue.schema).\(table.name)"] = rows
        }
        return failures
    }

    // Tables that refer to each other in a circle come last.
    private var ordered: [Catalogue.Table] {
        var ordered: [Catalogue.Table] = []
        var rest = catalogue.tables
        while !rest.isEmpty {
            let names = Set(rest.map { "\(catalogue.schema).\($0.name)" })
            let ready = rest.filter { table in
                table.foreignKeys.allSatisfy { !names.contains($0.table) || $0.table == "\(catalogue.schema).\(table.name)" }
            }
            let next = ready.isEmpty ? rest : ready
            ordered += next
            rest.removeAll { table in next.contains { $0.name == table.name } }
        }
        return ordered
    }

    private func insert(
        into table: Catalogue.Table, for person: UUID, number: Int, _ made: [String: [[String: String]]], _ superuser: PostgresClient
    ) async throws -> [String: String] {
        var fixed: [String: String] = ["network_id": "\(people.network)"]
        var unknown: [String] = []
        for key in table.foreignKeys {
            guard let target = target(key, person, number, made) else {
                unknown += key.columns
                continue
            }
            for (column, value) in zip(key.columns, key.targets.map({ target[$0] })) { fixed[column] = value ?? fixed[column] }
        }
        // A row that may refer to another of its table can do without, and so can one that may refer to what the population has not.
        let own = table.foreignKeys.filter { $0.table == "\(catalogue.schema).\(table.name)" }.flatMap(\.columns)
        for column in table.columns
        where column.type == "uuid" && fixed[column.name] == nil && !own.contains(column.name)
            && (column.isRequired || !unknown.contains(column.name))
        {
            fixed[column.name] =
                switch column.name {
                case "person_id", "requested_by", "subject_id": "\(person)"
                case "account_id": "\(people.account(of: person))"
                default: "\(UUID.version7())"
                }
        }
        var attempt = 0
        while true {
            do {
                return try await insert(into: table, fixed, attempt: attempt, number, superuser)
            } catch let error as PostgresError where error.sqlState?.rawValue == "23514" && attempt < 12 {
                attempt += 1
            }
        }
    }

    private func target(
        _ key: Catalogue.ForeignKey, _ person: UUID, _ number: Int, _ made: [String: [[String: String]]]
    ) -> [String: String]? {
        var core: [String: String] = ["network_id": "\(people.network)"]
        switch key.table {
        case "kith.people": core["person_id"] = "\(person)"
        case "kith.programmes": core["programme_id"] = "\(people.programme)"
        case "kith.organisations": core["organisation_id"] = "\(people.organisation)"
        case "kith.activities": core["activity_id"] = "\(people.activities[number])"
        case "kith.meetings": core["meeting_id"] = "\(people.meetings[number])"
        case "kith.accounts": core["account_id"] = "\(people.account(of: person))"
        case "kith.networks": break
        default: return made[key.table].flatMap { $0.indices.contains(number) ? $0[number] : $0.first }
        }
        return core
    }

    private func insert(
        into table: Catalogue.Table, _ fixed: [String: String], attempt: Int, _ number: Int, _ superuser: PostgresClient
    ) async throws -> [String: String] {
        let checks = try await superuser.query(
            """
            select a.attname::text, pg_get_constraintdef(k.oid) from pg_constraint k
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
            where k.conrelid = \("\(catalogue.schema).\(table.name)")::text::regclass and k.contype = 'c'
            """
        ).decode((String, String).self)
        var expressions: [(column: String, expression: String)] = []
        for column in table.columns where !column.isGenerated {
            if let value = values["\(table.name).\(column.name)"] {
                expressions.append((column.name, value))
            } else if let value = fixed[column.name] {
                expressions.append((column.name, "'\(value)'"))
            } else if column.isRequired || column.canHoldWords {
                let definitions = checks.filter { $0.0 == column.name }.map(\.1)
                let candidates = Self.candidates(
                    column, number, definitions, isPersonal(table.name, column.name) ? Self.marker : "Impersonal")
                if !candidates.isEmpty { expressions.append((column.name, candidates[attempt % candidates.count])) }
            }
        }
        let row = try await superuser.query(
            Query(
                raw: """
                    insert into \(catalogue.schema).\(table.name) as t (\(expressions.map(\.column).joined(separator: ", ")))
                    values (\(expressions.map(\.expression).joined(separator: ", ")))
                    returning (select jsonb_object_agg(key, value) from jsonb_each_text(to_jsonb(t)) where key like '%id')::text as ids
                    """))
        let ids = try row.first?["ids", as: String?.self] ?? "{}"
        return try RowIdentifiers.reading(ids)
    }

    /// Values for a column: a marker, what its checks name, and texts of the lengths that they name.
    private static func candidates(_ column: Catalogue.Column, _ number: Int, _ checks: [String], _ marker: String) -> [String] {
        let words = "\(marker) \(number) \(column.name)"
        switch column.type {
        case "text", "name", "character varying", "character":
            let literals = checks.flatMap { check in check.matches(of: /'([^']*)'::text/).map { "'\($0.1)'" } }
            let lengths = checks.flatMap { check in check.matches(of: /\d+/).compactMap { Int($0.0) } }.filter { (1...10_000).contains($0) }
            let sized = lengths.map { "rpad('\(marker)\(number)', \($0), 'x')" }
            return literals.isEmpty ? ["'\(words)'"] + sized : literals + ["'\(words)'"]
        case "text[]": return ["array['\(words)']"]
        case "jsonb", "json": return ["'{\"words\": \"\(words)\"}'", "'[]'", "'\"\(words)\"'"]
        case "bytea": return ["convert_to('\(words)', 'UTF8')", "sha256('\(words)')"]
        case "integer", "bigint", "smallint", "numeric", "double precision", "real":
            let numbers = checks.flatMap { check in check.matches(of: /\d+/).map { String($0.0) } }
            return ["\(number + 1)", "0"] + numbers
        case "boolean": return ["false", "true"]
        case "date": return ["current_date + \(number)"]
        case "timestamp with time zone", "timestamp without time zone": return ["now()"]
        default: return []
        }
    }
}
