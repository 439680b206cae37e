import EmbeddedPostgres
import Foundation
import Kith
import Logging
import Postgres

/// A page of 50 organisations as PostgreSQL sends it.
struct Page: Sendable {
    /// The rows, still as they were received.
    let rows: Rows

    /// What `JSONEncoder` is given.
    struct Organisation: Encodable {
        let id: UUID
        let name: String
        let kind: String
        let boardMembers: Int?
        let boardLivedExperience: Int?
        let isUserLed: Bool?
        let version: Int64
        let createdAt: Date

        enum CodingKeys: String, CodingKey {
            case id, name, kind
            case boardMembers = "board_members"
            case boardLivedExperience = "board_lived_experience"
            case isUserLed = "user_led"
            case version
            case createdAt = "created_at"
        }
    }

    /// Asks a private PostgreSQL that lives no longer than the question.
    static func read() async throws -> Page {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kith-benchmark-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let logger = Logger(label: "benchmarks") { _ in SwiftLogNoOpLogHandler() }
        let cluster = EmbeddedCluster(configuration: .init(folder: folder.path, durability: .disposable), logger: logger)
        return try await cluster.withRunning { details in
            let client = PostgresClient(
                configuration: PostgresConfiguration(connectionString: details.connectionString(user: ConnectionDetails.app)),
                logger: logger)
            return try await withThrowingTaskGroup { group in
                group.addTask { try await client.run() }
                defer { group.cancelAll() }
                return Page(
                    rows: try await client.query(
                        """
                        select gen_random_uuid() as id, 'Hackney North Disabled People''s Alliance ' || n as name,
                               'user_led_organisation' as kind, 12 as board_members, 7 as board_lived_experience, true as user_led,
                               1::bigint as version, now() as created_at
                        from generate_series(1, 50) n
                        """))
            }
        }
    }

    /// The rows as values.
    func decoded() throws -> [Organisation] {
        try rows.decode((UUID, String, String, Int?, Int?, Bool?, Int64, Date).self).map {
            Organisation(
                id: $0, name: $1, kind: $2, boardMembers: $3, boardLivedExperience: $4, isUserLed: $5, version: $6, createdAt: $7)
        }
    }
}
