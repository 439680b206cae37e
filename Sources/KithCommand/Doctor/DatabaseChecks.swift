import EmbeddedPostgres
import Glibc
import Kith
import KithServer
import PluginKit
import Postgres
import struct FoundationEssentials.Date

/// What can be seen of the database.
struct DatabaseChecks {
    let configuration: ServerConfiguration
    let distribution: Distribution

    func findings() async throws -> [Finding] {
        if configuration.databaseURL == nil, access("\(configuration.dataFolder)/database-passwords", F_OK) != 0 {
            return [.ok("Database", "there is none in \(configuration.dataFolder) yet; kith serve makes it, and its keyring")]
        }
        let database = Database()
        do {
            return try await database.withAccess { access in
                try await DatabaseAccess.withClient(access.server, database.logger) { client in
                    var findings = [try await version(client), try await clock(client)]
                    findings += try await schema(client, database)
                    findings += try await role(client)
                    findings.append(try await policies(client))
                    let isMigrated = !findings.contains { $0.subject == "Schema" && $0.level == .problem }
                    if isMigrated { findings += try await KeyringChecks(configuration: configuration).findings(client) }
                    return findings
                }
            }
        } catch {
            guard let explanation = Explanation(error) else { throw error }
            return [.problem("Database", explanation.text, mend: "start PostgreSQL, or correct KITH_DATABASE_URL; then run this again")]
        }
    }

    private func version(_ client: PostgresClient) async throws -> Finding {
        let number = try await client.query("select current_setting('server_version_num')::bigint").decode(Int.self).first ?? 0
        let text = "PostgreSQL \(number / 10_000).\(number % 10_000) answers"
        let oldest = EmbeddedCluster.oldestSupportedVersion
        return number / 10_000 >= oldest
            ? .ok("Database", text) : .problem("Database", text, mend: "move the data to PostgreSQL \(oldest) or later with pg_upgrade")
    }

    private func clock(_ client: PostgresClient) async throws -> Finding {
        let before = Date().timeIntervalSince1970
        let there = try await client.query("select extract(epoch from clock_timestamp())::float8").decode(Double.self).first ?? 0
        let after = Date().timeIntervalSince1970
        let difference = max(0, max(before - there, there - after))
        let text = "the database's differs from this machine's by \(Int((difference * 1000).rounded())) ms"
        let remedy = "let both machines keep time by the network, for example with systemd-timesyncd or chrony"
        if difference > 30 { return .problem("Clock", text, mend: remedy) }
        return difference > 2 ? .warning("Clock", text, mend: remedy) : .ok("Clock", text)
    }

    private func schema(_ client: PostgresClient, _ database: Database) async throws -> [Finding] {
        do {
            let status = try await Migrator(distribution.migrations, client: client, logger: database.logger).status()
            let missing = status.filter { !$0.isApplied }
            if missing.isEmpty { return [.ok("Schema", "all \(status.count) migrations are applied")] }
            return [
                .problem(
                    "Schema",
                    "\(missing.count) of \(status.count) migrations are missing: \(missing.map(\.migration.title).joined(separator: ", "))",
                    mend: "kith migrate")
            ]
        } catch let failure as Migrator.Failure {
            return [.problem("Schema", failure.description, mend: "run the release that this database belongs to")]
        }
    }

    private func role(_ client: PostgresClient) async throws -> [Finding] {
        let rows = try await client.query(
            """
            select rolcanlogin, rolsuper, rolbypassrls, exists (
                select from pg_shdepend where refclassid = 'pg_authid'::regclass and refobjid = r.oid and deptype = 'o')
            from pg_roles r where rolname = 'kith_app'
            """)
        guard let (signsIn, isSuperuser, bypasses, owns) = try rows.decode((Bool, Bool, Bool, Bool).self).first else {
            return [.problem("Role", "there is no role kith_app", mend: "create role kith_app login password '…', then kith migrate")]
        }
        var findings: [Finding] = []
        if !signsIn { findings.append(.problem("Role", "kith_app may not sign in", mend: "alter role kith_app login")) }
        if isSuperuser { findings.append(.problem("Role", "kith_app is a superuser", mend: "alter role kith_app nosuperuser")) }
        if bypasses { findings.append(.problem("Role", "kith_app bypasses row-level security", mend: "alter role kith_app nobypassrls")) }
        if owns { findings.append(.problem("Role", "kith_app owns objects", mend: "reassign owned by kith_app to kith_owner")) }
        let user = try await client.query("select current_user::text").decode(String.self).first ?? ""
        if user != "kith_app" {
            findings.append(.problem("Role", "the server connects as \(user)", mend: "name the role kith_app in KITH_DATABASE_URL"))
        }
        return findings.isEmpty ? [.ok("Role", "kith_app signs in, owns nothing and is bound by every policy")] : findings
    }

    private func policies(_ client: PostgresClient) async throws -> Finding {
        let schemas = ["kith"] + distribution.plugins.map { $0.id }
        let tables = try await client.query(
            """
            select format('%I.%I', n.nspname, c.relname), c.relrowsecurity and c.relforcerowsecurity
                and exists (select from pg_policy p where p.polrelid = c.oid)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and n.nspname = any (\(schemas)) order by 1
            """
        ).decode((String, Bool).self)
        let open = tables.filter { !$0.1 }.map { $0.0 }
        if open.isEmpty { return .ok("Policies", "all \(tables.count) tables force row-level security and have a policy") }
        return .problem(
            "Policies", "without a policy that is forced: \(open.joined(separator: ", "))",
            mend: "the migration that made the table must call kith.isolate on it; tell the module's author")
    }
}
