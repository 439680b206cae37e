import ArgumentParser
import Kith
import KithClient
import KithServer

/// `kith backup`
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write the whole database into a file, while the server runs.",
        discussion: """
            Beside the file another is written, with .json at its end, by which kith restore knows that it is whole. Keep both, and keep copies of \
            the keyring and of the erasure ledger (KITH_ERASURES) somewhere else: the ledger says who must not come back. A database of your \
            own is reached as a superuser by KITH_DATABASE_ADMIN_URL.
            """)

    @Argument(help: "The file to write.", completion: .file()) var file: String

    func run() async throws {
        let database = Database()
        let distribution = try KithCommand.distribution()
        let bytes = try await database.withAccess { try await Backup($0, logger: database.logger).write(to: file, distribution) }
        Terminal.print("Wrote \(bytes) bytes to \(file), and what it is to \(file).json.")
    }
}

/// `kith restore`
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup in the place of the database. Stop the server first.",
        discussion: """
            Whoever was erased after the backup was made is erased from it again, from the erasure ledger (KITH_ERASURES), before it takes the \
            database's place. If anything fails, the database stays as it is. With --replay and no file, whoever came back with a database \
            that was restored by other means is erased again; until then kith serve refuses it.
            """)

    @Argument(help: "The backup.", completion: .file()) var file: String?
    @Flag(help: "Restore nothing, and erase again who came back.") var replay = false

    func validate() throws {
        if (file == nil) != replay { throw ValidationError("Name a backup, or give --replay.") }
    }

    func run() async throws {
        let database = Database()
        let distribution = try KithCommand.distribution()
        let ledger = ErasureLedger(path: database.configuration.erasures)
        let erased = try await database.withAccess { access in
            let restore = Restore(access, distribution, ledger, logger: database.logger)
            return if let file { try await restore.run(from: file) } else { try await restore.replay() }
        }
        if let file { Terminal.print("The database is as \(file) has it.") }
        Terminal.print(
            erased == 0 ? "Nobody on the erasure ledger had come back." : "Erased again: \(erased == 1 ? "1 person" : "\(erased) people").")
    }
}
