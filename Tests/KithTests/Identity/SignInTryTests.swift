import Kith
import KithTesting
import Postgres
import Testing

/// Whose tries are counted, and what makes them forgotten.
@Suite struct SignInTryTests {
    private func guess(_ browser: TestBrowser, _ name: String, _ count: Int) async throws -> [Int] {
        var statuses: [Int] = []
        for _ in 0..<count { statuses.append(try await browser.signIn(name, "wrong wrong").status) }
        return statuses
    }

    @Test func `A browser that is known for one account is a stranger to another`() async throws {
        try await withSignIn { network in
            _ = try await network.person("ada@example.org", password: good)
            _ = try await network.person("eve@example.org", password: good)
            let eve = TestBrowser(network.server)
            try await eve.signIn("eve@example.org", good).expecting(200)
            #expect(try await guess(eve, "ada@example.org", 10).allSatisfy { $0 == 401 })
            // They used up the tries of the name, not ten of the browser's own.
            #expect(try await TestBrowser(network.server).signIn("ada@example.org", good).status == 429)
        }
    }

    @Test func `Whoever may sign in did not guess: their tries are forgotten, and those of others from the same address are not`()
        async throws
    {
        try await withSignIn { network in
            _ = try await network.person("ada@example.org", password: good)
            _ = try await guess(TestBrowser(network.server), "ada@example.org", 9)
            try await TestBrowser(network.server).signIn("ada@example.org", good).expecting(200)
            #expect(try await guess(TestBrowser(network.server), "ada@example.org", 9).allSatisfy { $0 == 401 })
            // An account of one's own does not start the count of the address anew.
            for number in 0..<85 { _ = try await guess(TestBrowser(network.server), "name\(number)", 1) }
            _ = try await network.server.superuser.query(
                "delete from kith.sign_in_tries where bucket = sha256('name ada@example.org')")
            _ = try await TestBrowser(network.server).signIn("ada@example.org", good)
            #expect(try await guess(TestBrowser(network.server), "another", 6).last == 429)
        }
    }

    @Test func `The quarter of an hour begins with the first try, and not anew with each`() async throws {
        try await withSignIn { network in
            let superuser = network.server.superuser
            _ = try await guess(TestBrowser(network.server), "ada", 1)
            _ = try await superuser.query("update kith.sign_in_tries set since = now() - interval '14 minutes'")
            let answers = try await guess(TestBrowser(network.server), "ada", 10)
            #expect(answers.last == 429)
            let ages = try await superuser.query("select now() - since > interval '14 minutes' from kith.sign_in_tries").decode(Bool.self)
            #expect(ages == [true, true])
        }
    }
}
