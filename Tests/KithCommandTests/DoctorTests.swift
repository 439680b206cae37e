import Kith
import Testing

struct DoctorTests {
    private func findings(_ environment: [String: String]) async throws -> [String: [String]] {
        var found: [String: [String]] = [:]
        try await KithProgram.inScratch { kith in
            let result = try await kith.run(
                ["doctor", "--json"], environment: environment.merging(["KITH_PORT": "9"]) { given, _ in given })
            for finding in try result.json["findings"]?.array ?? [] {
                found[finding["subject"]?.string ?? "", default: []].append(
                    "\(finding["level"]?.string ?? ""): \(finding["detail"]?.string ?? "") \(finding["remedy"]?.string ?? "")")
            }
        }
        return found
    }

    // No name under .invalid leads anywhere (RFC 6761).
    @Test(arguments: [
        ("postgresql://kith_app:quillwort@db.invalid/kith", "warning"),
        ("host=db.invalid dbname=kith sslmode=require password=quillwort", "warning"),
        ("host=localhost,db.invalid dbname=kith sslmode=verify-ca", "warning"),
        ("host=db.invalid dbname=kith sslmode=verify-full", "ok"),
        ("host=127.0.0.1 port=9 dbname=kith", "ok"),
        ("host=/nowhere dbname=kith", "ok"),
    ])
    func aWayToTheDatabaseThatOthersCanReadIsNamed(url: String, level: String) async throws {
        let found = try await findings(["KITH_DATABASE_URL": url])["Encryption"] ?? []
        #expect(found.count == 1 && found[0].hasPrefix("\(level): KITH_DATABASE_URL"), "\(found)")
        #expect(level == "ok" || found[0].contains("sslmode=verify-full"))
        #expect(!found[0].contains("quillwort"))
    }

    @Test(
        arguments: [
            ([:], "ok: none"),
            (["KITH_PUBLIC_URL": "http://kith.example.org"], "warning: people reach Kith at http://kith.example.org:"),
            (["KITH_HOST": "0.0.0.0"], "warning: people reach Kith at http://0.0.0.0:9:"),
            (["KITH_PUBLIC_URL": "https://kith.example.org"], "warning: people reach Kith at https://kith.example.org, through a proxy"),
            (
                ["KITH_PUBLIC_URL": "https://kith.example.org", "KITH_TRUST_PROXY": "true"],
                "ok: people reach Kith at https://kith.example.org"
            ),
        ] as [([String: String], String)])
    func aServerWithoutHTTPSIsNamed(environment: [String: String], expected: String) async throws {
        let found = try await findings(environment)["HTTPS"] ?? []
        #expect(found.count == 1 && found[0].hasPrefix(expected), "\(found)")
    }

    @Test func anAddressThatOthersCanReadIsPointedOut() async throws {
        try await KithProgram.inScratch { kith in
            let far = try await kith.run(["network", "list"], environment: ["KITH_URL": "http://kith.invalid"])
            #expect(far.errors.contains("not encrypted"))
            for url in ["http://127.0.0.1:9", "http://localhost:9", "https://kith.invalid"] {
                #expect(
                    try await !kith.run(["network", "list"], environment: ["KITH_URL": url]).errors.contains("not encrypted"), "\(url)")
            }
        }
    }
}
