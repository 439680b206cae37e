import Foundation
import Kith
public import Logging
import Postgres

/// A copy of the whole database, made by `pg_dump` while the server runs. It holds what the database holds: what is sealed stays sealed
/// (the keyring is kept elsewhere), and who is erased afterwards comes back with it, unless it is restored by ``Restore``.
public struct Backup: Sendable {
    private let access: DatabaseAccess
    private let logger: Logger

    /// Makes a backup of a database.
    public init(_ access: DatabaseAccess, logger: Logger) {
        self.access = access
        self.logger = logger
    }

    /// Writes the backup and, beside it, what it is.
    /// - Parameters:
    ///   - file: the file; it must not be there yet
    ///   - distribution: the release
    /// - Returns: how many bytes it has
    /// - Throws: ``Server/Failure``; nothing is left behind then
    public func write(to file: String, _ distribution: Distribution) async throws -> Int64 {
        if FileManager.default.fileExists(atPath: file) {
            throw Server.Failure(description: "There is a file \(file) already. A backup replaces none: name another.")
        }
        let administrator = try access.requireAdministrator()
        let (postgres, migrations) = try await DatabaseAccess.withClient(administrator, logger) { client in
            let migrator = Migrator(distribution.migrations, client: client, logger: logger)
            try await migrator.check()
            let version = try await client.query("select current_setting('server_version')").decode(String.self)
            return (version[0], try await migrator.status().map(\.migration.title))
        }
        let connection = try ConnectionParameters(administrator.connectionString)
        let draft = file + ".partial"
        // Only its owner may read it.
        guard FileManager.default.createFile(atPath: draft, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw Server.Failure(description: "The file \(draft) cannot be written. Is there such a folder, and room on the disk?")
        }
        do {
            try await PostgresProgram(name: "pg_dump", connection: connection).run(["--format=custom", "--file=\(draft)"])
            // A backup that cannot be read is none.
            try await PostgresProgram(name: "pg_restore", connection: connection).run(["--list", draft])
            let (sha256, bytes) = try BackupManifest.digest(of: draft)
            try BackupManifest(
                kith: kithVersion, madeAt: Date.now.ISO8601Format(), postgres: postgres, migrations: migrations, bytes: bytes,
                sha256: sha256
            ).write(beside: file)
            try FileManager.default.moveItem(atPath: draft, toPath: file)
            return bytes
        } catch {
            try FileManager.default.removeItem(atPath: draft)
            throw error
        }
    }
}

extension DatabaseAccess {
    func requireAdministrator() throws -> PostgresConfiguration {
        guard let administrator else {
            throw Server.Failure(
                description: """
                    A backup needs a role that may read everything. Set KITH_DATABASE_ADMIN_URL to a superuser's connection; the server itself never \
                    uses it.
                    """)
        }
        return administrator
    }
}
