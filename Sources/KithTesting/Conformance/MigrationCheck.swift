import EmbeddedPostgres
import Kith
import KithServer
import Logging
import PluginKit
import Postgres

/// Runs the migrations on an empty and on a populated database, twice each.
struct MigrationCheck {
    private let plugin: any Plugin.Type
    private let distribution: Distribution
    private let without: Distribution

    init(_ plugin: any Plugin.Type, _ distribution: Distribution, _ without: Distribution) {
        self.plugin = plugin
        self.distribution = distribution
        self.without = without
    }

    func findings() async throws -> [Finding] {
        let empty = try await TestCluster.shared.withDatabase(nil) { try await migrate($0, "an empty database") }
        if !empty.isEmpty { return empty }
        return try await TestCluster.shared.withDatabase(without) { database in
            try await database.withClient(as: ConnectionDetails.superuser) { superuser in
                try await Population.core(superuser)
                let before = try await tables(superuser)
                var findings = try await migrate(database, "a populated database")
                let foreign = try await tables(superuser).subtracting(before).filter { !$0.hasPrefix("\(plugin.id).") }
                for table in foreign.sorted() {
                    findings.append(Finding(.migrations, "makes the table \(table) outside its schema \(plugin.id)."))
                }
                return findings
            }
        }
    }

    private func migrate(_ database: TestDatabase, _ kind: String) async throws -> [Finding] {
        try await database.withClient(as: ConnectionDetails.owner) { owner in
            let migrator = Migrator(distribution.migrations, client: owner, logger: .quiet)
            do {
                _ = try await migrator.migrate()
                let again = try await migrator.migrate()
                return again.isEmpty ? [] : [Finding(.migrations, "runs \(again.count) migrations again on \(kind).")]
            } catch {
                return [Finding(.migrations, "cannot be migrated on \(kind): \(error)")]
            }
        }
    }

    private func tables(_ superuser: PostgresClient) async throws -> Set<String> {
        Set(
            try await superuser.query(
                "select schemaname || '.' || tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
            ).decode(String.self))
    }
}
