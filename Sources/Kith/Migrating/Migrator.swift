public import Logging
public import Postgres

/// Brings the schema of a database to what this release knows: forward only, one transaction a migration, one migrator at a time.
public struct Migrator: Sendable {
    /// How one migration stands.
    public struct Status: Sendable {
        /// The migration.
        public let migration: Migration
        /// Whether the database has it.
        public let isApplied: Bool
    }

    /// Why a schema cannot be used or brought forward.
    public struct Failure: Error, CustomStringConvertible {
        /// What is wrong and what to do.
        public let description: String
    }

    private let migrations: [Migration]
    private let client: PostgresClient
    private let logger: Logger

    /// Makes a migrator.
    /// - Parameters:
    ///   - migrations: all that this release knows, in the order in which they must run
    ///   - client: connected as the owner to migrate, or as the server to look
    ///   - logger: where each applied migration is told
    public init(_ migrations: [Migration], client: PostgresClient, logger: Logger) {
        self.migrations = migrations
        self.client = client
        self.logger = logger
    }

    /// How each known migration stands in the database.
    /// - Throws: ``Failure`` where the database has a migration that this release does not know, or knows otherwise
    public func status() async throws -> [Status] {
        try await status(client)
    }

    /// Applies what is missing.
    /// - Parameter began: called before each migration
    /// - Returns: what was applied
    /// - Throws: ``Failure``, or what the database says of a migration that cannot be applied
    public func migrate(began: @Sendable (Migration) -> Void = { _ in }) async throws -> [Migration] {
        guard try await client.query("select from pg_roles where rolname = 'kith_app'").count == 1 else {
            throw Failure(description: "The database has no role kith_app. Create it first: create role kith_app login password '…'.")
        }
        var applied: [Migration] = []
        for migration in try await status().filter({ !$0.isApplied }).map(\.migration) {
            began(migration)
            let ran = try await client.withTransaction { transaction in
                try await apply(migration, in: transaction)
            }
            if ran { applied.append(migration) }
        }
        return applied
    }

    /// Refuses a schema that is older or newer than this release.
    public func check() async throws {
        let missing = try await status().filter { !$0.isApplied }
        if let first = missing.first {
            throw Failure(
                description:
                    "The database lacks \(missing.count) migration\(missing.count == 1 ? "" : "s"), the first is \(first.migration.title). Run: kith migrate"
            )
        }
    }

    private func apply(_ migration: Migration, in transaction: Transaction) async throws -> Bool {
        _ = try await transaction.query("select pg_advisory_xact_lock(hashtextextended('kith.migrate', 0))")
        // Another migrator may have been here while this one waited.
        guard try await !status(transaction).contains(where: { $0.isApplied && $0.migration.title == migration.title }) else {
            return false
        }
        // Several statements in one text: the extended protocol takes one, EXECUTE takes them all.
        _ = try await transaction.query(
            "create or replace function pg_temp.kith_run(script text) returns void language plpgsql as $$ begin execute script; end $$")
        _ = try await transaction.query("select pg_temp.kith_run(\(migration.sql))", deadline: .seconds(3600))
        _ = try await transaction.query(
            """
            insert into kith.schema_migrations (module, number, name, checksum)
            values (\(migration.module), \(migration.number), \(migration.name), \(migration.checksum))
            """)
        logger.info("A migration was applied", metadata: ["migration": "\(migration.title)"])
        return true
    }

    private func status(_ executor: some PostgresExecutor) async throws -> [Status] {
        let exists = try await executor.query("select to_regclass('kith.schema_migrations') is not null as present").first?[
            "present", as: Bool.self]
        var applied: [String: [UInt8]] = [:]
        var titles: [String: String] = [:]
        if exists == true {
            for (module, number, name, checksum) in try await executor.query(
                "select module, number, name, checksum from kith.schema_migrations"
            )
            .decode((String, Int, String, [UInt8]).self) {
                applied["\(module)/\(number)"] = checksum
                titles["\(module)/\(number)"] = name
            }
        }
        let status = try migrations.map { migration in
            let checksum = applied.removeValue(forKey: "\(migration.module)/\(migration.number)")
            if let checksum, checksum != migration.checksum {
                throw Failure(
                    description:
                        "The migration \(migration.title) was applied in another form than this release knows. Use the release that applied it."
                )
            }
            return Status(migration: migration, isApplied: checksum != nil)
        }
        // A module that is not installed any more keeps its tables; only modules that this release has must match.
        let modules = Set(migrations.map(\.module))
        if let unknown = applied.keys.filter({ modules.contains(String($0.prefix { $0 != "/" })) }).min() {
            throw Failure(
                description:
                    "The database has the migration \(unknown) (\(titles[unknown] ?? "")), which this release does not know. Use a newer release."
            )
        }
        return status
    }
}
