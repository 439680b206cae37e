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
