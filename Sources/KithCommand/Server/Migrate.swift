import ArgumentParser
import Kith
import KithClient
import KithServer

/// `kith migrate`
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the database to this release.",
        discussion: """
            Works on the database of KITH_DATABASE_OWNER_URL, or on the server's own in KITH_DATA. Each migration is one transaction, and one \
            migrator works at a time. The release before this one goes on running on the new schema.
            """)

    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false

    @Flag(help: "Say how each migration stands, and do nothing.")
    var status = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if dryRun, status { throw ValidationError("Give --dry-run or --status, not both.") }
    }

    func run() async throws {
        let database = Database()
        let migrations = try KithCommand.distribution().migrations
        let isLook = status || dryRun
        let isQuiet = output.isJSON
        let (status, applied) = try await database.withOwner { client in
            let migrator = Migrator(migrations, client: client, logger: database.logger)
            if isLook { return (try await migrator.status(), [Migration]()) }
            let applied = try await migrator.migrate { migration in
                if !isQuiet { Terminal.note("Applying \(migration.title) …") }
            }
            return ([], applied)
        }
        if isLook {
            show(self.status ? status : status.filter { !$0.isApplied }, ifEmpty: "There is nothing to do.")
        } else if isQuiet {
            Terminal.print(JSON.object(["applied": .array(applied.map { .string($0.title) })]).description)
        } else {
            let done = applied.isEmpty ? "" : "Applied \(applied.count) migration\(applied.count == 1 ? "" : "s"). "
            Terminal.print("\(done)The database is up to date.")
        }
    }

    private func show(_ status: [Migrator.Status], ifEmpty none: String) {
        let items = status.map { status -> JSON in
            ["migration": .string(status.migration.title), "applied": .bool(status.isApplied)]
        }
        output.show(
            list: ["items": .array(items), "next": .null], [Column("MIGRATION", "migration"), Column("APPLIED", "applied")], ifEmpty: none)
    }
}
