public import Logging
public import Postgres
public import ServiceLifecycle
import struct FoundationEssentials.UUID

/// Gives the entries of the audit log their positions in the hash trees. One process at a time does it, whichever comes first.
public struct AuditNumbering: Service {
    private let client: PostgresClient
    private let interval: Duration
    private let logger: Logger

    /// Makes the service.
    /// - Parameters:
    ///   - client: the database
    ///   - interval: how long an entry may wait
    ///   - logger: where failures are told
    public init(client: PostgresClient, interval: Duration = .seconds(1), logger: Logger) {
        self.client = client
        self.interval = interval
        self.logger = logger
    }

    /// Numbers until the server stops.
    public func run() async throws {
        await repeating(every: interval, logger: logger, failure: "Audit entries could not be numbered") {
            while try await Self.number(client) == Self.most {}
        }
    }

    // As many in one transaction. When there were fewer, the next wait until the interval has passed, or a server that is written to all the
    // time would number each few entries on their own.
    private static let most = 5000

    /// Numbers some entries.
    /// - Returns: how many; 0 when every one has its position
    static func number(_ client: PostgresClient) async throws -> Int {
        try await client.query("select kith.number_audit_entries(\(most)::integer)").decode(Int.self)[0]
    }
}
