import HTTPTypes
import Kith
import KithAPI
import KithServer
import KithTesting
import Testing

@Suite struct LimitTests {
    @Test func `Whoever sends too much is told to wait, and for how long`() async throws {
        try await withNetwork(configure: { $0.api.rateLimit = RateLimit(perMinute: 1, burst: 30) }) { network in
            let server = network.server
            // Whoever guesses tokens comes with a new one each time: the address counts as well.
            var answers: [TestResponse] = []
            for guess in 0..<31 {
                answers.append(try await server.get("/v1/tokens", token: "kith_token_\(guess)"))
            }
            #expect(answers.first?.status == 401)
            let refused = try #require(answers.last)
            #expect(refused.status == 429)
            #expect(refused.problem == "too-many-requests")
            let seconds = try #require(refused.headers[.retryAfter].flatMap { Int($0) })
            #expect((1...61).contains(seconds))
        }
    }

    @Test(arguments: ["/v1/openapi.json", "/sign-in", "/nothing/here"])
    func `Every address counts, also where there is no operation, or nothing`(path: String) async throws {
        try await withNetwork(configure: { $0.api.rateLimit = RateLimit(perMinute: 1, burst: 30) }) { network in
            var statuses: [Int] = []
            for _ in 0..<31 { statuses.append(try await network.server.get(path, token: nil).status) }
            #expect([200, 404].contains(statuses.first) && statuses.last == 429)
        }
    }

    @Test(arguments: [true, false])
    func `The caller's address is what the proxy says, and never what the caller says`(hasProxy: Bool) async throws {
        try await withNetwork(configure: {
            $0.api.rateLimit = RateLimit(perMinute: 1, burst: 30)
            $0.api.trustsProxy = hasProxy
        }) { network in
            func ask(_ forwarded: String) async throws -> Int {
                try await network.server.get("/v1/health", token: nil, headers: [HTTPField.Name("X-Forwarded-For")!: forwarded]).status
            }
            // Whatever the caller claims comes first; the proxy appends what it saw.
            for claim in 0..<30 { _ = try await ask("192.0.2.\(claim), 198.51.100.7") }
            #expect(try await ask("192.0.2.99, 198.51.100.7") == 429)
            #expect(try await ask("198.51.100.7, 198.51.100.8") == (hasProxy ? 200 : 429))
        }
    }

    @Test func `Every answer says how much is left`() async throws {
        try await withNetwork(configure: { $0.api.rateLimit = RateLimit(perMinute: 60, burst: 100) }) { network in
            let first = try await network.get("")
            let second = try await network.get("")
            func left(_ answer: TestResponse) -> Int? {
                answer.headers[HTTPField.Name("RateLimit")!]?.firstMatch(of: /r=(\d+)/).flatMap { Int($0.1) }
            }
            let (before, after) = (try #require(left(first)), try #require(left(second)))
            #expect(before - after == 1)
            #expect(first.headers[HTTPField.Name("RateLimit-Policy")!] == "\"default\";q=100;w=100")
        }
    }
}
