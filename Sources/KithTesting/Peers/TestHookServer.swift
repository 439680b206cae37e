public import Kith
import struct FoundationEssentials.Data
import class FoundationEssentials.FileManager

/// A real receiver of webhooks in a process of its own, for the time of a test; it answers with the status that the path names.
public struct TestHookServer: Sendable {
    private let peer: TestPeer

    /// Its port on 127.0.0.1.
    public var port: Int { peer.port }

    /// The calls that came, in order: `path`, `headers`, `body`.
    public func calls() throws -> [JSON] {
        try FileManager.default.contentsOfDirectory(atPath: peer.folder.path).filter { $0.hasSuffix(".json") }.sorted()
            .map { try JSON(reading: Array(Data(contentsOf: peer.folder.appending(path: $0)))) }
    }

    /// Runs a receiver while `body` runs.
    public static func run<Value: Sendable>(_ body: @Sendable (TestHookServer) async throws -> Value) async throws -> Value {
        try await TestPeer.inFolder { folder in
            try await TestPeer.run(PackageResources.hook_server_py, in: folder) { try await body(TestHookServer(peer: $0)) }
        }
    }
}
