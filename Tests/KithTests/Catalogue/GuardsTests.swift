import ExpertPanels
import Foundation
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

/// Every guard of the schema against `guards.txt`, which people review: rights, policies, triggers, and whose rights a function has.
///
/// After a change that is meant, `KITH_RECORD=1 Deploy/test --filter GuardsTests` writes the file anew, and the change shows as a diff.
@Suite struct GuardsTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    private static let file = folder.appending(path: "guards.txt")

    @Test func `Every guard of the schema is as the reviewed file says`() async throws {
        let query = try String(contentsOf: Self.folder.appending(path: "guards.sql"), encoding: .utf8)
        let guards = try await withTestServer(Distribution([ExpertPanels.self]), worker: false) { server in
            try await server.superuser.query(Query(raw: query)).decode(String.self)
        }
        #expect(guards.count > 400)
        if ProcessInfo.processInfo.environment["KITH_RECORD"] != nil {
            try (guards.joined(separator: "\n") + "\n").write(to: Self.file, atomically: true, encoding: .utf8)
        }
        let reviewed = try String(contentsOf: Self.file, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(Set(guards).subtracting(reviewed) == [], "not in guards.txt")
        #expect(Set(reviewed).subtracting(guards) == [], "only in guards.txt")
    }
}
