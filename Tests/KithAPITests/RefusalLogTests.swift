import HTTPTypes
import InMemoryLogging
import Kith
import KithAPI
import KithServer
import KithTesting
import Logging
import Postgres
import Testing

/// What whoever keeps watch over a server finds in its log.
@Suite struct RefusalLogTests {
    private func withLog(
        limit: RateLimit? = nil, _ body: @escaping @Sendable (TestNetwork, InMemoryLogHandler) async throws -> Void
    ) async throws {
        let log = InMemoryLogHandler()
        var logger = Logger(label: "kith.test.refusals") { _ in log }
        logger.logLevel = .notice
        try await withTestServer(
            Distribution([]), worker: false, logger: logger,
            configure: {
                $0.signIn.passwordCost = PasswordCost(rounds: 1 << 10, blockSize: 8, parallelism: 1)
                if let limit { $0.api.rateLimit = limit }
            }
        ) { server in
            let network = try await server.makeNetwork()
            log.clear()
            try await body(network, log)
        }
    }

    private func lines(_ log: InMemoryLogHandler) -> [[String: String]] {
        log.entries.filter { "\($0.message)" == "A request was refused" }.map { entry in
            var line = Dictionary(uniqueKeysWithValues: entry.metadata.map { ($0.key, "\($0.value)") })
            line["level"] = "\(entry.level)"
            return line
        }
    }

    @Test func `Who is not known, who may not, and who is not in the network leave a line each`() async throws {
        try await withLog { network, log in
            let server = network.server
            let member = try await network.person()
            let stranger = try await server.makeNetwork().administrator
            log.clear()
            let answers = [
                try await server.get(network.path("/people"), token: "kith_token_of_nobody").expecting(401),
                try await network.get("/people", as: member).expecting(403),
                try await network.get("/people", as: stranger).expecting(404),
                try await server.post("/v1/sign-in/password", ["name": "ada@example.org", "password": "wrong"], token: nil).expecting(401),
            ]
            let found = lines(log)
            #expect(found.map { $0["request"] } == answers.map { $0.headers[HTTPField.Name("X-Request-ID")!] })
            #expect(found.map { $0["operation"] } == ["list_people", "list_people", "list_people", "sign_in_with_password"])
            #expect(found.map { $0["reason"] } == ["unauthenticated", "forbidden", "not-found", "unauthenticated"])
            #expect(found.map { $0["account"] } == [nil, member.account, stranger.account, nil])
            #expect(found.map { $0["network"] } == [network.id, network.id, network.id, nil])
            #expect(found.allSatisfy { $0["level"] == "notice" })
            #expect(Set(found.flatMap(\.keys)) == ["request", "operation", "reason", "network", "account", "level"])
        }
    }

    @Test func `What is done, and what is not there for somebody who may look, leaves none`() async throws {
        try await withLog { network, log in
            _ = try await network.get("/people").expecting(200)
            _ = try await network.get("/people/\(network.id)").expecting(404)
            _ = try await network.post("/people", ["name": ""]).expecting(422)
            _ = try await network.server.get("/nothing/here", token: nil).expecting(404)
            #expect(lines(log).isEmpty)
        }
    }

    @Test func `Whoever knows the password and not the second factor is named by their account`() async throws {
        try await withLog { network, log in
            let ada = try await network.person("ada@example.org", password: "correct horse battery staple")
            _ = try await network.server.superuser.query(
                """
                insert into kith.second_factors (account_id, sealed_secret, confirmed_at)
                values (\(ada.account)::text::uuid, '\\x01', now())
                """)
            log.clear()
            let browser = TestBrowser(network.server)
            try await browser.signIn("ada@example.org", "correct horse battery staple").expecting(401)
            try await browser.signIn("ada@example.org", "correct horse battery staple", ["second_factor": "AAAA-BBBB"]).expecting(401)
            #expect(lines(log).map { $0["reason"] } == ["second-factor-required", "unauthenticated"])
            #expect(lines(log).map { $0["account"] } == [ada.account, ada.account])
        }
    }

    @Test func `Who tries too often leaves a line, and who floods the server does not flood the log`() async throws {
        try await withLog(limit: RateLimit(perMinute: 1, burst: 40)) { network, log in
            let browser = TestBrowser(network.server)
            for _ in 0..<12 { try await browser.signIn("ada@example.org", "wrong") }
            #expect(lines(log).map { $0["reason"] }.suffix(2) == ["too-many-tries", "too-many-tries"])
            log.clear()
            for _ in 0..<60 { _ = try await network.server.get("/nothing/here", token: nil) }
            #expect(lines(log).map { $0["reason"] } == ["too-many-requests"])
        }
    }
}
