import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct PasswordTests {
    @Test func `A password signs in, in whatever form its letters are composed`() async throws {
        try await withSignIn { network in
            _ = try await network.person("ada@example.org", password: "caf\u{e9} au lait")
            let browser = TestBrowser(network.server)
            #expect(try await browser.signIn("ADA@example.org", "cafe\u{301} au lait").status == 200)
        }
    }

    @Test(arguments: ["", "short", "password123", "PASSWORD123", "12345678", String(repeating: "x", count: 201)])
    func `A password that is too short, too long or common is refused`(password: String) async throws {
        try await withSignIn { network in
            let answer = try await network.server.send(
                .put, "/v1/account/password", ["password": .string(password), "sign_in_name": "ada"], token: network.administrator.token)
            #expect(answer.status == 422)
            #expect(answer.pointers == ["/password"])
        }
    }

    @Test(arguments: ["Lovelace-2026", "kithlovelace", "KITHkith1234", "example.lovelace"])
    func `A password that is little more than the person's own name, or the system's, is refused`(password: String) async throws {
        try await withSignIn { network in
            let person = try await network.person("lovelace@example.org", password: good)
            let answer = try await network.server.send(
                .put, "/v1/account/password", ["password": .string(password)], token: person.token)
            #expect(answer.status == 422 && answer.pointers == ["/password"])
            try await network.server.send(
                .put, "/v1/account/password", ["password": "lovelace and seven geese"], token: person.token
            ).expecting(200)
        }
    }

    @Test func `A password may be as long as 200 characters, every one of which counts`() async throws {
        try await withSignIn { network in
            let long = String(repeating: "long ", count: 40)
            _ = try await network.person("ada@example.org", password: long)
            #expect(try await TestBrowser(network.server).signIn("ada@example.org", "\(long.dropLast())x").status == 401)
            #expect(try await TestBrowser(network.server).signIn("ada@example.org", long).status == 200)
        }
    }

    @Test func `Known and unknown names get the same answer`() async throws {
        try await withSignIn { network in
            _ = try await network.person("ada@example.org", password: good)
            var answers: Set<[String]> = []
            for name in ["ada@example.org", "nobody@example.org", "nobody"] {
                let answer = try await TestBrowser(network.server).signIn(name, "wrong wrong")
                #expect(answer.status == 401)
                answers.insert([answer.json["title"]?.string ?? "", answer.json["detail"]?.string ?? ""])
            }
            #expect(answers.count == 1)
        }
    }

    @Test func `Known and unknown names take the same time`() async throws {
        try await withSignIn { network in
            let server = network.server
            _ = try await network.person("ada@example.org", password: good)
            var times: [String: [Duration]] = [:]
            for round in 0..<80 {
                if round.isMultiple(of: 4) { _ = try await server.superuser.query("delete from kith.sign_in_tries") }
                for name in round.isMultiple(of: 2) ? ["ada@example.org", "nobody"] : ["nobody", "ada@example.org"] {
                    let start = ContinuousClock.now
                    try await TestBrowser(server).signIn(name, "wrong wrong").expecting(401)
                    times[name, default: []].append(start.duration(to: .now))
                }
            }
            let sorted = times.mapValues { $0.sorted() }
            let (known, unknown) = (try #require(sorted["ada@example.org"]), try #require(sorted["nobody"]))
            let difference = known[40] > unknown[40] ? known[40] - unknown[40] : unknown[40] - known[40]
            // The medians differ by less than the times of one of them do among themselves.
            #expect(difference < unknown[60] - unknown[20] + .milliseconds(1))
        }
    }

    @Test func `A new password needs the old one, or a sign-in of the last minutes, and ends other sessions`() async throws {
        try await withSignIn { network in
            let server = network.server
            let person = try await network.person("ada@example.org", password: good)
            let (browser, other) = (TestBrowser(server), TestBrowser(server))
            try await browser.signIn("ada@example.org", good).expecting(200)
            try await other.signIn("ada@example.org", good).expecting(200)
            _ = try await server.superuser.query("update kith.sessions set signed_in_at = now() - interval '16 minutes'")
            let new: JSON = "a new and better one"
            #expect(try await browser.send(.put, "/v1/account/password", ["password": new]).pointers == ["/old_password"])
            #expect(
                try await browser.send(.put, "/v1/account/password", ["password": new, "old_password": "wrong"]).pointers == [
                    "/old_password"
                ])
            // A token that was made by a token proves nothing of the kind, however new it is.
            let token = try await server.post("/v1/tokens", ["name": "T", "scopes": ["write"]], token: person.token).expecting(201)
                .json["secret"]?.string
            #expect(try await server.send(.put, "/v1/account/password", ["password": new], token: token).status == 422)
            let set = try await browser.send(.put, "/v1/account/password", ["password": new, "old_password": .string(good)]).expecting(200)
            #expect(try await browser.send(.get, "/v1/session").status == 200)
            // Whoever knew the old one may have made tokens, too. What ended is told.
            for token in [token, person.token] { #expect(try await server.get("/v1/tokens", token: token).status == 401) }
            #expect(set.json["ended_sessions"] == 1 && set.json["revoked_tokens"] == 2)
            let told = try await server.superuser.query(
                """
                select person_id::text, is_urgent and is_confidential from kith.messages
                where template = 'core.password_changed' order by message_id
                """
            ).decode((String, Bool).self)
            #expect(told.map(\.0) == [person.id, person.id] && told.allSatisfy { $0.1 })
            #expect(try await other.send(.get, "/v1/session").status == 401)
            #expect(try await other.signIn("ada@example.org", good).status == 401)
            #expect(try await other.signIn("ada@example.org", "a new and better one").status == 200)
        }
    }

    @Test func `Somebody without an e-mail address signs in by a name of their own`() async throws {
        try await withSignIn { network in
            let person = try await network.person(.participant)
            let path = "/v1/account/password"
            let none = try await network.server.send(.put, path, ["password": .string(good)], token: person.token)
            #expect(none.pointers == ["/sign_in_name"])
            _ = try await network.server.send(.put, path, ["password": .string(good), "sign_in_name": "ada.l"], token: person.token)
                .expecting(200)
            #expect(try await TestBrowser(network.server).signIn("Ada.L", good).status == 200)
        }
    }

    @Test func `Guessing is stopped, also when many guess at once, and also after a restart`() async throws {
        try await withSignIn { network in
            let server = network.server
            _ = try await network.person("ada@example.org", password: good)
            for name in ["ada@example.org", "nobody@example.org"] {
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<25 { group.addTask { try await TestBrowser(server).signIn(name, "wrong wrong").status } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(statuses.count { $0 == 401 } == 10, "\(name)")
                #expect(statuses.count { $0 == 429 } == 15, "\(name)")
            }
            // The right password does not get through either, so guessing goes on unseen; the count stands in the database.
            let stopped = try await TestBrowser(server).signIn("ada@example.org", good)
            #expect(stopped.status == 429)
            #expect(stopped.headers[.retryAfter].flatMap { Int($0) }.map { (1...900).contains($0) } == true)
            _ = try await server.superuser.query("update kith.sign_in_tries set since = now() - interval '16 minutes'")
            #expect(try await TestBrowser(server).signIn("ada@example.org", good).status == 200)
        }
    }

    @Test func `A stranger who guesses does not lock out whoever has signed in before`() async throws {
        try await withSignIn { network in
            _ = try await network.person("ada@example.org", password: good)
            let ada = TestBrowser(network.server)
            try await ada.signIn("ada@example.org", good).expecting(200)
            for _ in 0..<12 { try await TestBrowser(network.server).signIn("ada@example.org", "wrong wrong") }
            #expect(try await TestBrowser(network.server).signIn("ada@example.org", good).status == 429)
            #expect(try await ada.signIn("ada@example.org", good).status == 200)
            // Her browser has a limit of its own, in case it is not her.
            for _ in 0..<10 { try await ada.signIn("ada@example.org", "wrong wrong") }
            #expect(try await ada.signIn("ada@example.org", good).status == 429)
        }
    }

    @Test func `One address cannot try many names`() async throws {
        try await withSignIn { network in
            var statuses: [Int] = []
            for number in 0..<105 { statuses.append(try await TestBrowser(network.server).signIn("name\(number)", "wrong wrong").status) }
            #expect(statuses.count { $0 == 401 } == 100)
            #expect(statuses.last == 429)
        }
    }

    @Test func `What the server keeps is not enough to sign in, and is brought up to date when the cost changes`() async throws {
        try await withSignIn { network in
            let server = network.server
            _ = try await network.person("ada@example.org", password: good)
            let denied = await #expect(throws: PostgresError.self) { _ = try await server.app.query("select verifier from kith.passwords") }
            #expect(denied?.sqlState?.rawValue == "42501")
            // As if the site had asked for less when she set it.
            let cheap = PasswordCost(rounds: 1 << 4, blockSize: 8, parallelism: 1)
            let salt = Array(repeating: UInt8(7), count: 16)
            let verifier = try await PasswordCost.verifier(good, salt, cheap)
            _ = try await server.superuser.query("update kith.passwords set salt = \(salt), verifier = \(verifier), cost = 16")
            #expect(try await TestBrowser(server).signIn("ada@example.org", good).status == 200)
            #expect(try await server.superuser.query("select cost from kith.passwords").decode(Int.self) == [1024])
            #expect(try await TestBrowser(server).signIn("ada@example.org", good).status == 200)
        }
    }
}
