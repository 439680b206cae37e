import Kith
import Subprocess
import SystemPackage
import struct FoundationEssentials.Data
import class FoundationEssentials.FileManager
import struct FoundationEssentials.URL
import struct FoundationEssentials.UUID

/// A program in a process of its own that writes its port and what it was sent into a folder, for the time of a test.
struct TestPeer: Sendable {
    let port: Int
    let folder: URL

    /// Runs a program in Python while `body` runs, by default with what mail needs.
    static func run<Value: Sendable>(
        _ program: [UInt8], _ arguments: [String] = [], with python: String = TestTools.python, in folder: URL,
        _ body: @Sendable (TestPeer) async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let arguments = ["-c", String(decoding: program, as: UTF8.self), "--folder", folder.path] + arguments
                _ = try await Subprocess.run(.path(FilePath(python)), arguments: Arguments(arguments), output: .discarded)
            }
            defer { group.cancelAll() }
            let port = try await eventually("The start of a program that the test needs") {
                (try? Data(contentsOf: folder.appending(path: "port"))).flatMap { Int(String(decoding: $0, as: UTF8.self)) }
            }
            return try await body(TestPeer(port: port, folder: folder))
        }
    }

    /// A new folder that is gone when `body` is done.
    static func inFolder<Value: Sendable>(_ body: @Sendable (URL) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kith-peer-\(UUID.version7())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }
}
