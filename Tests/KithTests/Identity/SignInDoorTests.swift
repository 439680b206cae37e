import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

/// What the doors of an account look at beside the proof itself.
@Suite struct SignInDoorTests {
    /// Opens a link of the account in a browser, as if a mail had brought it.
    private func openLink(_ browser: TestBrowser, _ more: [String: JSON] = [:], to email: String = "ada@example.org") async throws
        -> TestResponse
    {
        let (secret, code) = (Secret.generate(.browser).text, Secret.generate(.link).text)
        await browser.set("__Host-kith-browser", to: secret)
        let issued = try await browser.server.app.query(
            "select kith.issue_link(\(email), gen_random_uuid(), \(Secret.hash(of: code)), \(Secret.hash(of: secret)))"
        ).decode(Bool.self)
        #expect(issued == [true])
        return try await browser.send(.post, "/v1/sign-in/link/open", .object(["code": .string(code)].merging(more) { $1 }))
    }

    @Test func `No link is made for an account that is disabled, or for none`() async throws {
        try await withSignIn { network in
            _ = try await network.person("ada@example.org", password: good)
            _ = try await network.server.superuser.query("update kith.accounts set disabled_at = now() where email = 'ada@example.org'")
            for email in ["ada@example.org", "nobody@example.org"] {
                let hash = Secret.hash(of: email)
                let issued = try await network.server.app.query(
                    "select kith.issue_link(\(email), gen_random_uuid(), \(hash), \(hash))"
                ).decode(Bool.self)
                #expect(issued == [false])
            }
            #expect(try await network.server.superuser.query("select from kith.sign_in_links").isEmpty)
        }
    }

    @Test func `Whoever proves an address first leaves no way in to whoever had the account before`() async throws {
        try await withSignIn { network in
            let superuser = network.server.superuser
            _ = try await network.person("ada@example.org", password: good)
            let thief = TestBrowser(network.server)
            try await thief.signIn("ada@example.org", good).expecting(200)
            for statement: Query in [
                "insert into kith.second_factors (account_id, sealed_secret) select account_id, '\\x01' from kith.accounts where email = 'ada@example.org'",
                """
                insert into kith.recovery_codes (account_id, code_hash)
                select account_id, sha256('a') from kith.accounts where email = 'ada@example.org'
                """,
                """
                insert into kith.openid_subjects (issuer, subject, account_id)
                select 'https://id.example.org', 's', account_id from kith.accounts where email = 'ada@example.org'
                """,
            ] { _ = try await superuser.query(statement) }
            try await openLink(TestBrowser(network.server)).expecting(200)
            let left = try await superuser.query(
                """
                select (select count(*) from kith.second_factors) + (select count(*) from kith.recovery_codes)
                    + (select count(*) from kith.openid_subjects) + (select count(*) from kith.passwords),
                    (select count(*) from kith.known_browsers), (select count(*) from kith.sessions where ended_at is null)
                """
            ).decode((Int, Int, Int).self)
            #expect(left.map { [$0.0, $0.1, $0.2] } == [[0, 1, 1]])
        }
    }

    @Test func `Whoever gives the second factor with the link has had the account all along, and keeps what opens it`() async throws {
        try await withSignIn { network in
            let superuser = network.server.superuser
            _ = try await network.person("ada@example.org", password: good)
            let browser = TestBrowser(network.server)
            try await browser.signIn("ada@example.org", good).expecting(200)
            _ = try await superuser.query(
                """
                insert into kith.second_factors (account_id, sealed_secret, confirmed_at)
                select account_id, '\\x01', now() from kith.accounts where email = 'ada@example.org'
                """)
            _ = try await superuser.query(
                """
                insert into kith.recovery_codes (account_id, code_hash)
                select account_id, \(Secret.hash(ofTyped: "AAAA-BBBB")) from kith.accounts where email = 'ada@example.org'
                """)
            try await openLink(TestBrowser(network.server), ["second_factor": "AAAA-BBBB"]).expecting(200)
            try await browser.send(.get, "/v1/session").expecting(200)
            #expect(try await superuser.query("select from kith.passwords").count == 1)
        }
    }

    @Test func `A letter is for nobody who can sign in otherwise, runs the server, is disabled or has left, and works for two weeks`()
        async throws
    {
        try await withSignIn { network in
            let superuser = network.server.superuser
            func letter(_ change: String) async throws -> Int {
                let person = try await network.person()
                _ = try await superuser.query(
                    Query(raw: change.replacing("PERSON", with: "'\(person.id)'").replacing("ACCOUNT", with: "'\(person.account)'")))
                return try await network.post("/people/\(person.id)/sign-in-letters").status
            }
            #expect(try await letter("select 1") == 201)
            let days = try await superuser.query(
                "select extract(epoch from expires_at - created_at)::integer / 86400 from kith.sign_in_letters"
            ).decode(Int.self)
            #expect(days == [14])
            #expect(try await letter("update kith.accounts set is_operator = true where account_id = ACCOUNT") == 409)
            #expect(try await letter("update kith.accounts set disabled_at = now() where account_id = ACCOUNT") == 409)
            #expect(try await letter("insert into kith.openid_subjects values ('https://id.example.org', 's', ACCOUNT)") == 409)
            #expect(try await letter("update kith.people set ended_at = now() where person_id = PERSON") == 404)
        }
    }

    @Test func `Whoever runs the server must set up a second factor too, once the time is over, and is not asked for a role that ended`()
        async throws
    {
        try await withSignIn { network in
            let superuser = network.server.superuser
            _ = try await network.person("op@example.org", password: good)
            func mustSetUp() async throws -> Bool? {
                try await TestBrowser(network.server).signIn("op@example.org", good).expecting(200).json["must_set_up_second_factor"]?.bool
            }
            _ = try await superuser.query("update kith.accounts set is_operator = true where email = 'op@example.org'")
            #expect(try await mustSetUp() == false)
            _ = try await superuser.query("update kith.accounts set created_at = now() - interval '15 days' where email = 'op@example.org'")
            #expect(try await mustSetUp() == true)
            _ = try await superuser.query("update kith.accounts set is_operator = false where email = 'op@example.org'")
            #expect(try await mustSetUp() == false)
            let ada = try await network.person("ada@example.org", password: good, .administrator)
            let eve = try await network.person("eve@example.org", password: good, .administrator)
            _ = try await superuser.query("update kith.role_grants set granted_at = now() - interval '15 days'")
            for name in ["ada@example.org", "eve@example.org"] {
                let signedIn = try await TestBrowser(network.server).signIn(name, good).expecting(200)
                #expect(signedIn.json["must_set_up_second_factor"] == true)
            }
            _ = try await superuser.query("update kith.role_grants set ended_at = now() where person_id = \(ada.id)::text::uuid")
            _ = try await superuser.query("update kith.people set ended_at = now() where person_id = \(eve.id)::text::uuid")
            for name in ["ada@example.org", "eve@example.org"] {
                let signedIn = try await TestBrowser(network.server).signIn(name, good).expecting(200)
                #expect(signedIn.json["must_set_up_second_factor"] == false)
            }
        }
    }

    @Test(arguments: ["sessions", "passwords", "openid_subjects", "second_factors", "recovery_codes", "api_tokens", "accounts"])
    func `An account sees its own ways in and nobody else's`(table: String) async throws {
        try await withSignIn { network in
            let server = network.server
            for name in ["ada@example.org", "eve@example.org"] {
                _ = try await network.person(name, password: good)
                try await TestBrowser(server).signIn(name, good).expecting(200)
            }
            for statement: Query in [
                "insert into kith.second_factors (account_id, sealed_secret) select account_id, '\\x01' from kith.accounts",
                "insert into kith.recovery_codes (account_id, code_hash) select account_id, sha256('a') from kith.accounts",
                "insert into kith.openid_subjects select 'https://id.example.org', account_id::text, account_id from kith.accounts",
            ] { _ = try await server.superuser.query(statement) }
            let eve = try await server.superuser.query("select account_id::text from kith.accounts where email = 'eve@example.org'")
                .decode(String.self)[0]
            let seen = try await server.app.batch([
                "select set_config('kith.account', \(eve), true)", "select distinct account_id::text from kith.\(raw: table)",
            ])[1].decode(String.self)
            #expect(seen == [eve])
        }
    }

    @Test func `No session operates the server without a second factor, whoever writes it`() async throws {
        try await withSignIn { network in
            _ = try await network.person("ada@example.org", password: good)
            try await TestBrowser(network.server).signIn("ada@example.org", good).expecting(200)
            let error = await #expect(throws: PostgresError.self) {
                _ = try await network.server.superuser.query("update kith.sessions set scopes = array['read', 'operate']")
            }
            #expect(error?.sqlState?.rawValue == "23514")
        }
    }

    @Test func `The operator sets a password and a second factor with the token of the first start`() async throws {
        try await withSignIn { network in
            let server = network.server
            let set = try await server.send(
                .put, "/v1/account/password", ["password": .string(good), "sign_in_name": "operator"], token: server.operatorToken)
            #expect(set.status == 200)
            try await TestBrowser(server).signIn("operator", good).expecting(200)
            try await server.post("/v1/account/second-factor", token: server.operatorToken).expecting(200)
        }
    }

    @Test func `What has had its time is forgotten, and nothing before`() async throws {
        try await withSignIn { network in
            let superuser = network.server.superuser
            _ = try await network.person("ada@example.org", password: good)
            let browser = TestBrowser(network.server)
            try await browser.signIn("ada@example.org", good).expecting(200)
            try await browser.send(.delete, "/v1/session").expecting(204)
            try await TestBrowser(network.server).signIn("ada@example.org", "wrong wrong").expecting(401)
            func left() async throws -> [Int] {
                _ = try await network.server.app.query("select kith.expire_sign_ins()")
                return try await superuser.query(
                    """
                    select count(*) from kith.sessions union all select count(*) from kith.sign_in_tries
                    union all select count(*) from kith.known_browsers
                    """
                ).decode(Int.self)
            }
            #expect(try await left() == [1, 2, 1])
            _ = try await superuser.query("update kith.sessions set ended_at = now() - interval '31 days'")
            _ = try await superuser.query("update kith.sign_in_tries set since = now() - interval '25 hours'")
            _ = try await superuser.query("update kith.known_browsers set seen_at = now() - interval '367 days'")
            #expect(try await left() == [0, 0, 0])
        }
    }

    @Test func `Nobody but the operator shuts an account, and the operator not their own`() async throws {
        try await withSignIn { network in
            let server = network.server
            // The function asks for itself, whatever came before.
            let denied = await #expect(throws: PostgresError.self) {
                _ = try await server.app.batch([
                    "select set_config('kith.account', \(network.administrator.account), true)",
                    "select kith.disable_account(\(network.administrator.account)::text::uuid, true)",
                ])
            }
            #expect(denied?.sqlState?.rawValue == "KH403")
            let own = try await server.get("/v1/account", token: server.operatorToken).expecting(200).id
            #expect(try await server.post("/v1/accounts/\(own)/disable", token: server.operatorToken).status == 409)
            try await server.get("/v1/account", token: server.operatorToken).expecting(200)
        }
    }
}
