import Foundation
import Glibc
import Kith
import KithTesting
import Subprocess
import SystemPackage
import Testing

/// A backup and its restoring, as an operator does them, with a server and a database of its own.
@Suite struct BackupTests {
    @Test func `Nobody comes back from a backup`() async throws {
        try await KithProgram.inScratch { kith in
            // PostgreSQL runs as another user where the tests run as root.
            chmod(kith.folder, 0o711)
            let port = try freePort()
            let environment = ["KITH_DATA": "\(kith.folder)/data", "KITH_PORT": "\(port)", "XDG_CONFIG_HOME": "\(kith.folder)/config"]
            func run(_ arguments: String..., input: String = "", with more: [String: String] = [:]) async throws -> KithProgram.Result {
                try await kith.run(arguments, environment: environment.merging(more) { $1 }, input: input)
            }
            func json(_ arguments: String..., input: String = "", with more: [String: String] = [:]) async throws -> JSON {
                let result = try await kith.run(arguments + ["--json"], environment: environment.merging(more) { $1 }, input: input)
                try #require(result.status == 0, "\(arguments): \(result.errors)")
                return try result.json
            }
            try await kith.withServer(environment, port: port) {
                let network = try await json("network", "create", "Voices", "--administrator", "Ada")
                _ = try await json("invitation", "accept", input: "\(network["invitation_code"]?.string ?? "")\n")
                let id = network["id"]?.string ?? ""
                let place = ["KITH_NETWORK": id]
                let person = try await json("person", "create", "Quillwort", with: place)["id"]?.string ?? ""
                let code = try await json("person", "invite", person, with: place)["code"]?.string ?? ""
                let own = ["KITH_NETWORK": id, "XDG_CONFIG_HOME": "\(kith.folder)/own"]
                _ = try await json("invitation", "accept", input: code + "\n", with: own)
                let copy = try await run("data", "export", "\(kith.folder)/mine.zip", with: own)
                #expect(copy.status == 0, "\(copy.errors)")
                let made = try await run("backup", "\(kith.folder)/backup")
                #expect(made.status == 0, "\(made.errors)")
                #expect(try await run("backup", "\(kith.folder)/backup").status != 0)
                _ = try await json("data", "erase", "--at-once", with: own)
                // Until it is done nobody finds the person.
                _ = try await eventually("The erasure", within: .seconds(10)) {
                    try await run("person", "show", person, with: place).output.contains("Erased person") ? true : nil
                }
                // Not under a running server.
                let early = try await run("restore", "\(kith.folder)/backup")
                #expect(early.status != 0 && early.errors.contains("Stop"))
            }
            let dump = { try await kith.run(["backup", "\(kith.folder)/after"], environment: environment) }
            let restored = try await run("restore", "\(kith.folder)/backup")
            #expect(restored.status == 0 && restored.output.contains("Erased again: 1 person"), "\(restored.output)\(restored.errors)")
            #expect(try await dump().status == 0)
            let text = try await Subprocess.run(
                .name("pg_restore"), arguments: ["--file=-", "\(kith.folder)/after"], output: .string(limit: 1 << 24))
            #expect(text.terminationStatus.isSuccess && !text.standardOutput.contains("Quillwort"))
            #expect(text.standardOutput.contains("Erased person"))
            // Without the ledger it would come back, and the server would not know; with the ledger it refuses to start.
            try await kith.without("\(kith.folder)/data/erasures", movedTo: "\(kith.folder)/kept") {
                let blind = try await run("restore", "\(kith.folder)/backup")
                #expect(blind.status == 0 && blind.output.contains("Nobody"))
            }
            let refused = try await run("serve")
            #expect(refused.status != 0 && refused.errors.contains("kith restore --replay"), "\(refused.errors)")
            let replayed = try await run("restore", "--replay")
            #expect(replayed.status == 0 && replayed.output.contains("1 person"), "\(replayed.output)\(replayed.errors)")
            try await kith.withServer(environment, port: port) {}
            // A damaged file is told from a whole one.
            let descriptor = open("\(kith.folder)/backup", O_WRONLY | O_APPEND)
            _ = Glibc.write(descriptor, "x", 1)
            close(descriptor)
            let damaged = try await run("restore", "\(kith.folder)/backup")
            #expect(damaged.status != 0 && damaged.errors.contains("damaged"))
        }
    }
}

extension KithProgram {
    /// Moves a file out of the way for the time of `body`.
    func without(_ file: String, movedTo other: String, _ body: () async throws -> Void) async throws {
        rename(file, other)
        try await body()
        rename(other, file)
    }
}
