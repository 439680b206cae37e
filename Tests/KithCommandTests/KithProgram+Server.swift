import Foundation
import Glibc
import KithTesting
import SystemPackage
import Testing

/// A port of this machine on which nothing listens.
func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            _ = bind(descriptor, $0, length)
            _ = getsockname(descriptor, $0, &length)
        }
        return Int(UInt16(bigEndian: pointer.pointee.sin_port))
    }
}

extension KithProgram {
    /// Runs `kith serve` for the time of `body`, and stops it with SIGTERM. What it said is recorded where `body` fails.
    func withServer(_ environment: [String: String], port: Int, _ body: () async throws -> Void) async throws {
        let tests = try FilePath(#require(realpath("/proc/self/exe", nil).map { String(cString: $0) }))
        write("", to: "server.log")
        let server = Process()
        server.executableURL = URL(filePath: tests.removingLastComponent().appending("kith").string)
        server.arguments = ["serve"]
        server.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        server.currentDirectoryURL = URL(filePath: folder)
        server.standardOutput = FileHandle.nullDevice
        server.standardError = FileHandle(forWritingAtPath: "\(folder)/server.log")
        try server.run()
        defer {
            server.terminate()
            server.waitUntilExit()
        }
        do {
            _ = try await eventually("The server's first answer") {
                try #require(server.isRunning, "The server ended before it answered.")
                return try await run(["network", "list"], environment: environment).status == 69 ? nil : true
            }
            try await body()
        } catch {
            Issue.record("The server said:\n\(read("server.log"))")
            throw error
        }
    }
}
