import Glibc
public import Kith
import SystemPackage
import struct FoundationEssentials.Data
import struct FoundationEssentials.Date
import class FoundationEssentials.FileManager

/// A drand network in a process of its own, for the time of a test: a round each 30 seconds, of which those are out that the test publishes.
public struct TestDrandServer: Sendable {
    private let peer: TestPeer

    /// The hash of its chain.
    public static let chain = String(repeating: "5d", count: 32)

    /// Where it answers.
    public var url: String { "http://127.0.0.1:\(peer.port)" }

    /// The round that comes in an hour.
    public let coming = 1121

    /// Publishes a round.
    public func publish(_ round: Int, _ document: JSON) throws {
        try Data(document.bytes).write(to: peer.folder.appending(path: "\(round).json"), options: .atomic)
    }

    /// Lets the next question for the chain wait for its answer until `body` is done.
    ///
    /// - Parameters:
    ///   - question: makes somebody ask, without waiting for the answer.
    ///   - body: what happens before it.
    /// - Throws: what they throw, and what the system does where there can be no pipe.
    public func answering(_ question: () async throws -> Void, after body: () async throws -> Void) async throws {
        let path = peer.folder.appending(path: "info.json")
        let info = try Data(contentsOf: path)
        // A pipe, which the network opens and reads when it is asked.
        try FileManager.default.removeItem(at: path)
        guard mkfifo(path.path, 0o600) == 0 else { throw Errno(rawValue: errno) }
        try await question()
        let pipe = try await eventually("The question for the chain") {
            // Without somebody who reads it cannot be opened.
            let descriptor = open(path.path, O_WRONLY | O_NONBLOCK)
            return descriptor < 0 ? nil : FileDescriptor(rawValue: descriptor)
        }
        // Those who ask after this one need not wait.
        try info.write(to: path, options: .atomic)
        try await body()
        try pipe.closeAfter { _ = try pipe.writeAll(info) }
    }

    /// Runs a network while `body` runs.
    public static func run<Value: Sendable>(_ body: @Sendable (TestDrandServer) async throws -> Value) async throws -> Value {
        try await TestPeer.inFolder { folder in
            // 1120 rounds, each of 30 seconds, before the coming one.
            let genesis = Int64(Date.now.timeIntervalSince1970) + 3600 - 1120 * 30
            let info: JSON = ["hash": .string(chain), "period": 30, "genesis_time": .integer(genesis)]
            try Data(info.bytes).write(to: folder.appending(path: "info.json"))
            return try await TestPeer.run(PackageResources.drand_server_py, in: folder) { try await body(TestDrandServer(peer: $0)) }
        }
    }
}
