import EmbeddedPostgres
import Foundation
public import Kith
public import Logging
import Postgres

/// Puts a backup in the place of the database. It is restored beside the database that is there, brought to this release, and everybody on
/// the erasure ledger is erased from it again; only then does it take the other's place. Where anything fails, the database that was there
/// stays as it was.
public struct Restore: Sendable {
    private let access: DatabaseAccess
    private let distribution: Distribution
    private let ledger: ErasureLedger
    private let logger: Logger

    /// Makes a restore.
    public init(_ access: DatabaseAccess, _ distribution: Distribution, _ ledger: ErasureLedger, logger: Logger) {
        self.access = access
        self.distribution = distribution
        self.ledger = ledger
        self.logger = logger
    }

    /// Restores a backup. No server may be running on the database.
    /// - Returns: how many people were erased again
    /// - Throws: ``Server/Failure``
    public func run(from file: String) async throws -> Int {
        try check(file)
        let administrator = try access.requireAdministrator()
        let connection = try ConnectionParameters(administrator.connectionString)
        let (current, restored) = (connection.database, "\(connection.database)_restoring")
        func with<Result: Sendable>(
            _ database: String, role: String? = nil, _ body: @Sendable (PostgresClient) async throws -> Result
        ) async throws -> Result {
            var configuration = administrator
            configuration.connectionString = connection.connectionString(database: database)
            configuration.statementDeadline = nil
            if let role { configuration.sessionSettings["role"] = role }
            return try await DatabaseAccess.withClient(configuration, logger, body)
        }
        try await with("postgres") { client in
            try await requireUnused(current, client)
            _ = try await client.query(Query(raw: "drop database if exists \(restored.quoted)"))
            _ = try await client.query(Query(raw: "create database \(restored.quoted) owner \(ConnectionDetails.owner) template template0"))
            _ = try await client.query(Query(raw: "revoke connect on database \(restored.quoted) from public"))
            _ = try await client.query(Query(raw: "grant connect on database \(restored.quoted) to \(ConnectionDetails.app)"))
        }
        do {
            let target = try ConnectionParameters(connection.connectionString(database: restored))
            try await PostgresProgram(name: "pg_restore", connection: target)
                .run(["--exit-on-error", "--single-transaction", "--dbname=\(restored)", file])
            try await with(restored, role: ConnectionDetails.owner) { client in
                _ = try await Migrator(distribution.migrations, client: client, logger: logger).migrate()
            }
            let erased = try await with(restored) { client in
                let erased = try await Erasures(distribution.contracts).replay(ledger, in: client)
                // Not before the ledger is satisfied.
                try await ledger.check(client)
                return erased
            }
            try await with("postgres") { client in
                try await requireUnused(current, client)
                let before = "\(current)_before_restore"
                _ = try await client.query(Query(raw: "drop database if exists \(before.quoted)"))
                _ = try await client.batch([
                    Query(raw: "alter database \(current.quoted) rename to \(before.quoted)"),
                    Query(raw: "alter database \(restored.quoted) rename to \(current.quoted)"),
                ])
                // What was erased from it since the backup is erased from both; what is newer than the backup is lost by a restore.
                _ = try await client.query(Query(raw: "drop database \(before.quoted)"))
            }
            return erased
        } catch {
            try await with("postgres") { _ = try await $0.query(Query(raw: "drop database if exists \(restored.quoted) with (force)")) }
            throw error
        }
    }

    /// Erases again whoever came back, where a backup was restored by other means.
    /// - Returns: how many people
    public func replay() async throws -> Int {
        try await DatabaseAccess.withClient(access.requireAdministrator(), logger) { client in
            let erased = try await Erasures(distribution.contracts).replay(ledger, in: client)
            try await ledger.check(client)
            return erased
        }
    }

    private func check(_ file: String) throws {
        guard FileManager.default.fileExists(atPath: file) else { throw Server.Failure(description: "There is no file \(file).") }
        let manifest = try BackupManifest.read(beside: file)
        let known = Set(distribution.migrations.map(\.title))
        if let unknown = manifest.migrations.first(where: { !known.contains($0) }) {
            throw Server.Failure(
                description:
                    "The backup was made by a newer release or with another module (Kith \(manifest.kith), \(unknown)). Restore it with that."
            )
        }
        let (sha256, bytes) = try BackupManifest.digest(of: file)
        guard sha256 == manifest.sha256, bytes == manifest.bytes else {
            throw Server.Failure(
                description: "The file \(file) is damaged: it is not what was written on \(manifest.madeAt). Use another copy.")
        }
    }

    private func requireUnused(_ database: String, _ client: PostgresClient) async throws {
        let sessions = try await client.query("select count(*) from pg_stat_activity where datname = \(database)").decode(Int.self)
        if sessions != [0] {
            throw Server.Failure(description: "Something is still connected to the database. Stop every Kith server first; then restore.")
        }
    }
}

extension String {
    /// As an identifier in SQL.
    fileprivate var quoted: String { "\"\(replacing("\"", with: "\"\""))\"" }
}
