import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct SessionTests {
    private static let cookie = "__Host-kith-session"

    private func withBrowser(_ body: @escaping @Sendable (TestNetwork, TestBrowser, TestPerson) async throws -> Void) async throws {
        try await withSignIn { network in
            let person = try await network.person("ada@example.org", password: good, .facilitator)
            let browser = TestBrowser(network.server)
            try await browser.signIn("ada@example.org", good).expecting(200)
            try await body(network, browser, person)
        }
    }

    @Test func `A session is kept in a cookie that scripts and other sites do not get`() async throws {
        try await withBrowser { network, browser, person in
            let attributes = try #require(await browser.attributes[Self.cookie])
            for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] { #expect(attributes.contains(attribute)) }
            let secret = try #require(await browser.cookies[Self.cookie])
            #expect(try await browser.send(.get, "/v1/session").json["csrf_token"]?.string?.contains(secret) == false)
            #expect(try await browser.send(.get, network.path("/people/me")).json["id"]?.string == person.id)
            let kept = try await network.server.superuser.query("select string_agg(s::text, '') from kith.sessions s").decode(String.self)
            #expect(!kept[0].contains(secret.dropFirst("kith_session_".count)))
        }
    }

    @Test func `A request that changes something needs the CSRF token of the session`() async throws {
        try await withBrowser { _, browser, _ in
            let invite: JSON = ["password": .string("\(good)!"), "old_password": .string(good)]
            try await browser.send(.get, "/v1/session").expecting(200)
            let token = await browser.csrfToken
            let wrongs: [String?] = [nil, "", Sessions.csrfToken(of: "another")]
            for wrong in wrongs {
                await browser.set(csrfToken: wrong)
                #expect(try await browser.send(.put, "/v1/account/password", invite).status == 403)
                #expect(try await browser.send(.delete, "/v1/session").status == 403)
            }
            await browser.set(csrfToken: token)
            #expect(try await browser.send(.put, "/v1/account/password", invite).status == 200)
        }
    }

    @Test func `Without the CSRF token a cookie joins nobody to a network`() async throws {
        try await withBrowser { network, browser, person in
            let other = try await network.server.makeNetwork()
            let invited = try await other.post("/people", ["name": "Trap"]).expecting(201)
            let code = try await other.post("/people/\(invited.id)/invitations").expecting(201).json["code"] ?? .null
            await browser.set(csrfToken: nil)
            let accepted = try await browser.send(.post, "/v1/invitations/accept", ["code": code])
            #expect(accepted.json["account_id"]?.string != person.account)
        }
    }

    @Test func `A session opens no network that its person has left`() async throws {
        try await withBrowser { network, browser, person in
            try await browser.send(.get, network.path("/people/me")).expecting(200)
            _ = try await network.server.superuser.query(
                "update kith.people set ended_at = now() where person_id = \(person.id)::text::uuid")
            #expect(try await browser.send(.get, network.path("/people/me")).status == 404)
        }
    }

    @Test func `A session ends when it was not used, and in any case after its time`() async throws {
        try await withBrowser { network, browser, _ in
            let (server, path) = (network.server, network.path("/people/me"))
            _ = try await server.superuser.query("update kith.sessions set idle_at = now() + interval '1 second'")
            #expect(try await browser.send(.get, path).status == 200)
            let kept = try await server.superuser.query("select idle_at > now() + interval '1 hour' from kith.sessions").decode(Bool.self)
            #expect(kept == [true])
            _ = try await server.superuser.query("update kith.sessions set idle_at = now()")
            #expect(try await browser.send(.get, path).status == 401)
            #expect(try await browser.send(.get, "/v1/sessions").status == 401)
            _ = try await server.superuser.query("update kith.sessions set idle_at = now() + interval '1 hour', expires_at = now()")
            #expect(try await browser.send(.get, path).status == 401)
            #expect(try await browser.send(.get, "/v1/sessions").status == 401)
        }
    }

    @Test func `An account lists its sessions and ends one elsewhere at once`() async throws {
        try await withBrowser { network, browser, _ in
            let second = TestBrowser(network.server)
            try await second.signIn("ada@example.org", good).expecting(200)
            let mine = try await browser.send(.get, "/v1/session").id
            let sessions = try await browser.send(.get, "/v1/sessions").items.compactMap { $0["id"]?.string }
            #expect(sessions.count == 2)
            let other = try #require(sessions.first { $0 != mine })
            // Nobody else can.
            #expect(try await network.server.delete("/v1/sessions/\(other)", token: network.administrator.token).status == 404)
            #expect(try await second.send(.get, network.path()).status == 200)
            #expect(try await browser.send(.delete, "/v1/sessions/\(other)").status == 204)
            #expect(try await second.send(.get, network.path()).status == 401)
            #expect(try await browser.send(.get, network.path()).status == 200)
        }
    }

    @Test func `Signing out ends the session and takes the cookie away`() async throws {
        try await withBrowser { network, browser, _ in
            let secret = await browser.cookies[Self.cookie]
            try await browser.send(.get, "/v1/session").expecting(200)
            let signedOut = try await browser.send(.delete, "/v1/session").expecting(204)
            #expect(signedOut.headers[HTTPField.Name("Clear-Site-Data")!] == #""cache", "storage""#)
            #expect(await browser.cookies[Self.cookie] == nil)
            #expect(try await network.server.get(network.path(), token: secret).status == 401)
        }
    }

    @Test func `Signing out withdraws the token that came with an invitation, and no token of a program`() async throws {
        try await withBrowser { network, _, _ in
            let person = try await network.person()
            let made = try await network.server.post(
                "/v1/tokens", ["name": "A program", "scopes": ["read", "write"]], token: person.token
            ).expecting(201)
            let program = try #require(made.json["secret"]?.string)
            #expect(try await network.server.delete("/v1/session", token: program).status != 204)
            #expect(try await network.server.get(network.path(), token: program).status == 200)
            _ = try await network.server.delete("/v1/session", token: person.token).expecting(204)
            #expect(try await network.server.get(network.path(), token: person.token).status == 401)
            #expect(try await network.server.get(network.path(), token: program).status == 200)
        }
    }

    @Test func `Signing in again in a browser ends the session that it was in, and no other`() async throws {
        try await withBrowser { network, browser, _ in
            let (first, other) = (await browser.cookies[Self.cookie], TestBrowser(network.server))
            try await other.signIn("ada@example.org", good).expecting(200)
            _ = try await network.person("eve@example.org", password: good)
            let again = try await browser.signIn("ada@example.org", good).expecting(200)
            let second = try #require(await browser.cookies[Self.cookie])
            #expect(second != first && second.wholeMatch(of: /kith_session_[0-9a-f]{64}/) != nil)
            #expect(again.headers[HTTPField.Name("Clear-Site-Data")!] == nil)
            #expect(try await network.server.get(network.path(), token: first).status == 401)
            #expect(try await other.send(.get, "/v1/session").status == 200)
            // Somebody else's session is theirs to end.
            try await browser.signIn("eve@example.org", good).expecting(200)
            #expect(try await network.server.get(network.path(), token: second).status == 200)
        }
    }

    @Test func `Disabling an account and ending a role act on the very next request`() async throws {
        try await withBrowser { network, browser, person in
            #expect(try await browser.send(.get, network.path("/people")).status == 200)
            let grant = try await network.get("/role-grants?person_id=\(person.id)").items[0]["id"]?.string ?? ""
            _ = try await network.delete("/role-grants/\(grant)").expecting(204)
            #expect(try await browser.send(.get, network.path("/people")).status == 403)
            let (server, path) = (network.server, "/v1/accounts/\(person.account)")
            #expect(try await server.post("\(path)/disable", token: network.administrator.token).status == 403)
            #expect(try await browser.send(.get, network.path()).status == 200)
            _ = try await server.send(.post, "\(path)/disable", token: server.operatorToken).expecting(204)
            #expect(try await browser.send(.get, network.path()).status == 401)
            #expect(try await browser.send(.get, "/v1/session").status == 401)
            #expect(try await browser.signIn("ada@example.org", good).status == 401)
            _ = try await server.send(.post, "\(path)/enable", token: server.operatorToken).expecting(204)
            #expect(try await browser.send(.get, network.path()).status == 200)
        }
    }

    @Test func `A session without a second factor does not operate the server`() async throws {
        try await withSignIn { network in
            let server = network.server
            let person = try await network.person("op@example.org", password: good)
            _ = try await server.superuser.query(
                "update kith.accounts set is_operator = true where account_id = \(person.account)::text::uuid")
            let browser = TestBrowser(server)
            try await browser.signIn("op@example.org", good).expecting(200)
            #expect(try await browser.send(.post, "/v1/networks", ["name": "N", "administrator_name": "A"]).status == 403)
            let made = try await browser.send(.post, "/v1/tokens", ["name": "T", "scopes": ["operate"]])
            #expect(made.status == 403)
        }
    }

    @Test func `A program gets the secret once, and sends it as a bearer token without a CSRF token`() async throws {
        try await withBrowser { network, _, person in
            let browser = TestBrowser(network.server)
            let answer = try await browser.signIn("ada@example.org", good, ["answer_secret": true]).expecting(200)
            #expect(await browser.cookies[Self.cookie] == nil)
            let secret = try #require(answer.json["secret"]?.string)
            #expect(try await network.server.get(network.path("/people/me"), token: secret).id == person.id)
            #expect(try await network.server.send(.delete, "/v1/session", token: secret).status == 204)
        }
    }
}
