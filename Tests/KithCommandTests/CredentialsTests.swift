import Glibc
import KithClient
import Testing
import class Foundation.FileManager

struct CredentialsTests {
    @Test func tokensAreKeptForEachServerInAFileOfTheUser() async throws {
        try await KithProgram.inScratch { kith in
            let credentials = Credentials(path: "\(kith.folder)/deep/er/credentials.json")
            #expect(try credentials.token(for: "http://one") == nil)
            try credentials.keep("secret 1", for: "http://one/")
            try credentials.keep("secret 2", for: "http://TWO")
            #expect(try credentials.token(for: "http://one") == "secret 1")
            #expect(try credentials.token(for: "http://two/") == "secret 2")
            let attributes = try FileManager.default.attributesOfItem(atPath: credentials.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            try credentials.keep(nil, for: "http://one")
            #expect(try credentials.token(for: "http://one") == nil)
        }
    }

    @Test func aFileThatOthersCanReadIsRefused() async throws {
        try await KithProgram.inScratch { kith in
            let credentials = Credentials(path: "\(kith.folder)/credentials.json")
            try credentials.keep("secret", for: "http://one")
            chmod(credentials.path, 0o644)
            let failure = try #require(throws: CommandFailure.self) { try credentials.token(for: "http://one") }
            #expect(failure.description.contains("chmod 600"))
            #expect(failure.exitStatus == .notAllowed)
        }
    }
}
