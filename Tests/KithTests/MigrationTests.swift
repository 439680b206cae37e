import EmbeddedPostgres
import ExpertPanels
import Kith
import KithServer
import KithTesting
import Logging
import PluginKit
import Postgres
import Testing

@Suite struct MigrationTests {
    private let logger = Logger(label: "migrator") { _ in SwiftLogNoOpLogHandler() }

    private func withOwner(
        of distribution: Distribution? = nil, _ body: @escaping @Sendable (PostgresClient) async throws -> Void
    ) async throws {
        try await TestCluster.shared.withDatabase(distribution) { database in
            try await database.withClient(as: ConnectionDetails.owner, connections: 4, body)
        }
    }

    @Test func `An empty database is brought forward once`() async throws {
        let migrations = try Distribution([ExpertPanels.self]).migrations
        try await withOwner { owner in
            let migrator = Migrator(migrations, client: owner, logger: logger)
            let applied = try await migrator.migrate()
            #expect(applied.map(\.title) == migrations.map(\.title))
            #expect(try await migrator.migrate().isEmpty)
            try await migrator.check()
        }
    }

    @Test func `A plugin is added to a network that is at work`() async throws {
        try await withTestServer(Distribution([])) { server in
            let network = try await server.makeNetwork()
            let migrator = Migrator(try Distribution([ExpertPanels.self]).migrations, client: server.owner, logger: logger)
            #expect(Set(try await migrator.migrate().map(\.module)) == ["expert_panels"])
            #expect(try await network.get("").status == 200)
        }
    }

    @Test func `A migration that was changed after its release is refused`() async throws {
        try await withOwner(of: Distribution([])) { owner in
            let changed = Migration.core.map {
                Migration(module: $0.module, number: $0.number, name: $0.name, sql: Array("\($0.sql)\n".utf8))
            }
            let failure = await #expect(throws: Migrator.Failure.self) {
                try await Migrator(changed, client: owner, logger: logger).check()
            }
            #expect(failure?.description.contains("core/0001_core was applied in another form") == true)
        }
    }

    @Test func `A database that is newer than this release is refused`() async throws {
        try await withOwner(of: Distribution([])) { owner in
            let older = Array(Migration.core.dropLast())
            let failure = await #expect(throws: Migrator.Failure.self) { try await Migrator(older, client: owner, logger: logger).check() }
            #expect(failure?.description.contains("does not know") == true)
        }
    }

    @Test func `A database that is older than this release is refused until it is migrated`() async throws {
        try await withOwner(of: Distribution([])) { owner in
            let migrations = try Distribution([ExpertPanels.self]).migrations
            let failure = await #expect(throws: Migrator.Failure.self) {
                try await Migrator(migrations, client: owner, logger: logger).check()
            }
            #expect(failure?.description.contains("kith migrate") == true)
        }
    }

    @Test func `Two migrators at once apply each migration once`() async throws {
        let migrations = try Distribution([ExpertPanels.self]).migrations
        try await withOwner { owner in
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<2 {
                    group.addTask { try await Migrator(migrations, client: owner, logger: logger).migrate().map(\.title) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == migrations.map(\.title).sorted())
        }
    }

    @Test func `A migration that fails leaves nothing of itself`() async throws {
        let broken = Migration(module: "broken", number: 1, name: "half", sql: Array("create schema broken; select 1/0".utf8))
        try await withOwner(of: Distribution([])) { owner in
            await #expect(throws: PostgresError.self) {
                _ = try await Migrator(Migration.core + [broken], client: owner, logger: logger).migrate()
            }
            let left = try await owner.query("select from pg_namespace where nspname = 'broken'")
            #expect(left.isEmpty)
        }
    }
}
