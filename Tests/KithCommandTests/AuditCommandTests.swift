import Foundation
import Kith
import Testing

struct AuditCommandTests {
    // The server's own ledger, in which an operator's making stands.
    private static let ledger = "00000000-0000-0000-0000-000000000000"

    @Test func theLogIsSignedAndComparedWithoutAServer() async throws {
        try await KithProgram.inScratch { kith in
            #expect(chmod(kith.folder, 0o755) == 0)
            let environment = ["KITH_DATA": "\(kith.folder)/data"]
            func run(_ arguments: String...) async throws -> KithProgram.Result { try await kith.run(arguments, environment: environment) }
            #expect(try await run("migrate").status == 0)
            #expect(try await run("operator", "create").status == 0)
            let keyless = try await run("audit", "checkpoint")
            #expect(keyless.status == 1)
            #expect(keyless.errors.contains("kith keys create"))
            #expect(try await run("keys", "create").status == 0)
            let nothing = try await run("audit", "verify")
            #expect(nothing.status != 0 && nothing.status != 66, "\(nothing.errors)")
            #expect(try await run("audit", "checkpoint").status == 0)
            let good = try await run("audit", "verify", "--json")
            #expect(good.status == 0, "\(good.errors)")
            #expect(try good.json["items"]?.array?.first?["is_as_signed"] == true)

            let key = try await run("audit", "key").output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(key.hasPrefix("signing-"))
            let file = "\(kith.folder)/data/checkpoints/\(Self.ledger)"
            let note = try String(contentsOfFile: "\(file).checkpoint", encoding: .utf8)
            kith.write(note.replacing("\n1\n", with: "\n2\n"), to: "forged.checkpoint")
            #expect(try await run("audit", "verify", "--checkpoint", "forged.checkpoint", "--key", key).status == 66)
            kith.write("hello", to: "proof.json")
            #expect(try await run("audit", "verify-proof", "proof.json", "--key", key).status != 0)

            try Data(repeating: 1, count: 32).write(to: URL(filePath: "\(file).leaves"))
            let changed = try await run("audit", "verify")
            #expect(changed.status == 66)
            #expect(changed.output.contains("The hashes beside the checkpoint"))
            #expect(try await run("audit", "checkpoint").status == 66)
        }
    }
}
