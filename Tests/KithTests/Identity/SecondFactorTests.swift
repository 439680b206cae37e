import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing
import struct FoundationEssentials.Date

@Suite struct SecondFactorTests {
    // RFC 6238, appendix B, with six digits in place of eight.
    @Test(arguments: [(59.0, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")])
    func `Codes are those of the standard`(seconds: Double, code: String) {
        #expect(TOTP.code(Array("12345678901234567890".utf8), step: TOTP.step(at: seconds)) == code)
        #expect(TOTP.base32(Array("12345678901234567890".utf8)) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    }

    private static func code(_ secret: [UInt8], offset: Int64 = 0) -> JSON {
        .string(TOTP.code(secret, step: TOTP.step(at: Date().timeIntervalSince1970) + offset))
    }

    private static func bytes(base32 text: String) -> [UInt8] {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var bytes: [UInt8] = []
        var (value, count) = (0, 0)
        for character in text {
            value = value << 5 | (digits.firstIndex(of: character) ?? 0)
            count += 5
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(value >> count & 255))
                value &= (1 << count) - 1
            }
        }
        return bytes
    }

    /// Somebody with an app, whose secret is given to the test, and with recovery codes. Codes of earlier steps count as not used.
    private func withApp(
        _ roles: Role..., body: @escaping @Sendable (TestNetwork, TestBrowser, [UInt8], [JSON]) async throws -> Void
    ) async throws {
        try await withSignIn { network in
            let person = try await network.person("ada@example.org", password: good)
            for role in roles {
                _ = try await network.post("/role-grants", ["person_id": .string(person.id), "role": .string(role.rawValue)]).expecting(201)
            }
            let browser = TestBrowser(network.server)
            try await browser.signIn("ada@example.org", good).expecting(200)
            let begun = try await browser.send(.post, "/v1/account/second-factor").expecting(200)
            let secret = Self.bytes(base32: begun.json["secret"]?.string ?? "")
            let codes = try await browser.send(.post, "/v1/account/second-factor/confirm", ["code": Self.code(secret)]).expecting(200)
            _ = try await network.server.superuser.query("update kith.second_factors set last_step = 0")
            try await body(network, browser, secret, codes.json["recovery_codes"]?.array ?? [])
        }
    }

    @Test func `An account with an app signs in with a code of it, once`() async throws {
        try await withApp { network, _, secret, _ in
            let browser = TestBrowser(network.server)
            let without = try await browser.signIn("ada@example.org", good)
            #expect(without.status == 401 && without.problem == "second-factor-required")
            #expect(try await browser.signIn("ada@example.org", good, ["second_factor": "000000"]).problem == "unauthenticated")
            #expect(try await browser.signIn("ada@example.org", "wrong wrong", ["second_factor": Self.code(secret)]).status == 401)
            let code = Self.code(secret)
            #expect(try await browser.signIn("ada@example.org", good, ["second_factor": code]).json["has_second_factor"] == true)
            #expect(try await TestBrowser(network.server).signIn("ada@example.org", good, ["second_factor": code]).status == 401)
        }
    }

    @Test func `Of several who use one code at once, one gets in`() async throws {
        try await withApp { network, _, secret, _ in
            let code = Self.code(secret)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        try await TestBrowser(network.server).signIn("ada@example.org", good, ["second_factor": code]).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 401, 401, 401, 401])
        }
    }

    @Test(arguments: [(-2, 401), (-1, 200), (1, 200), (3, 401)])
    func `A clock may be a step off, and no more`(offset: Int64, status: Int) async throws {
        try await withApp { network, _, secret, _ in
            let code = Self.code(secret, offset: offset)
            let answer = try await TestBrowser(network.server).signIn("ada@example.org", good, ["second_factor": code])
            #expect(answer.status == status)
        }
    }

    @Test func `A recovery code works once, however it is typed`() async throws {
        try await withApp { network, _, _, codes in
            #expect(codes.count == 10)
            let code = JSON.string((codes[0].string ?? "").lowercased().replacing("-", with: " "))
            try await TestBrowser(network.server).signIn("ada@example.org", good, ["second_factor": code]).expecting(200)
            #expect(try await TestBrowser(network.server).signIn("ada@example.org", good, ["second_factor": code]).status == 401)
        }
    }

    @Test func `Guessing codes is stopped, with the right password too`() async throws {
        try await withApp { network, _, secret, _ in
            for _ in 0..<10 {
                try await TestBrowser(network.server).signIn("ada@example.org", good, ["second_factor": "000000"]).expecting(401)
            }
            let right = try await TestBrowser(network.server).signIn("ada@example.org", good, ["second_factor": Self.code(secret)])
            #expect(right.status == 429)
        }
    }

    @Test(arguments: ["/v1/session/second-factor", "/v1/account/second-factor/remove"])
    func `Whoever sits at a session that was left open cannot guess codes either`(path: String) async throws {
        try await withApp { _, browser, secret, _ in
            for _ in 0..<10 { try await browser.send(.post, path, ["code": "000000"]) }
            #expect(try await browser.send(.post, path, ["code": Self.code(secret)]).status == 429)
        }
    }

    @Test func `The secret of the app is nowhere in the database, nor are the recovery codes`() async throws {
        try await withApp { network, _, secret, codes in
            let kept = try await network.server.superuser.query(
                """
                select (select string_agg(f::text, '') from kith.second_factors f) || (select string_agg(r::text, '') from kith.recovery_codes r)
                    || (select string_agg(a::text, '') from kith.audit_entries a)
                """
            ).decode(String.self)[0]
            let hex = secret.hexadecimal
            #expect(!kept.contains(hex) && !kept.contains(TOTP.base32(secret)))
            for code in codes { #expect(!kept.contains(code.string ?? "")) }
        }
    }

    @Test func `With a second factor a session operates; removing it needs a code and takes that away`() async throws {
        try await withApp { network, browser, secret, codes in
            _ = try await network.server.superuser.query("update kith.accounts set is_operator = true where email = 'ada@example.org'")
            try await browser.send(.post, "/v1/networks", ["name": "N", "administrator_name": "A"]).expecting(201)
            #expect(try await browser.send(.post, "/v1/account/second-factor").status == 409)
            #expect(try await browser.send(.post, "/v1/account/second-factor/remove", ["code": "000000"]).status == 422)
            try await browser.send(.post, "/v1/account/second-factor/remove", ["code": codes[1]]).expecting(204)
            #expect(try await browser.send(.post, "/v1/networks", ["name": "N", "administrator_name": "A"]).status == 403)
            #expect(try await TestBrowser(network.server).signIn("ada@example.org", good).status == 200)
        }
    }

    @Test func `An administrator without a second factor can set one up, and nothing else, once the time is over`() async throws {
        try await withSignIn { network in
            let person = try await network.person("ada@example.org", password: good, .administrator)
            let early = TestBrowser(network.server)
            #expect(try await early.signIn("ada@example.org", good).json["must_set_up_second_factor"] == false)
            try await early.send(.get, network.path("/people")).expecting(200)
            _ = try await network.server.superuser.query(
                "update kith.role_grants set granted_at = now() - interval '15 days' where person_id = \(person.id)::text::uuid")
            let browser = TestBrowser(network.server)
            #expect(try await browser.signIn("ada@example.org", good).json["must_set_up_second_factor"] == true)
            for path in [network.path("/people"), network.path("/people/me"), "/v1/account", "/v1/tokens"] {
                let answer = try await browser.send(.get, path)
                #expect(answer.status == 403, "\(path)")
                #expect(answer.json["detail"]?.string?.contains("second factor") == true, "\(path)")
            }
            #expect(try await browser.send(.post, "/v1/tokens", ["name": "T"]).status == 403)
            let begun = try await browser.send(.post, "/v1/account/second-factor").expecting(200)
            let secret = Self.bytes(base32: begun.json["secret"]?.string ?? "")
            #expect(begun.json["otpauth_uri"]?.string?.hasPrefix("otpauth://totp/Kith:ada%40example.org?secret=") == true)
            #expect(try await browser.send(.post, "/v1/account/second-factor/confirm", ["code": "000000"]).status == 422)
            try await browser.send(.post, "/v1/account/second-factor/confirm", ["code": Self.code(secret)]).expecting(200)
            try await browser.send(.get, network.path("/people")).expecting(200)
        }
    }

    @Test func `A second factor is set up soon after signing in, and ends the sessions that were opened without`() async throws {
        try await withSignIn { network in
            let person = try await network.person("ada@example.org", password: good)
            let (browser, other) = (TestBrowser(network.server), TestBrowser(network.server))
            try await browser.signIn("ada@example.org", good).expecting(200)
            try await other.signIn("ada@example.org", good).expecting(200)
            _ = try await network.server.superuser.query("update kith.sessions set signed_in_at = now() - interval '16 minutes'")
            #expect(try await browser.send(.post, "/v1/account/second-factor").status == 403)
            // Nor with a token that was made by a token.
            let token = try await network.server.post("/v1/tokens", ["name": "T", "scopes": ["write"]], token: person.token)
                .expecting(201).json["secret"]?.string
            #expect(try await network.server.post("/v1/account/second-factor", token: token).status == 403)
            _ = try await network.server.superuser.query("update kith.sessions set signed_in_at = now()")
            let begun = try await browser.send(.post, "/v1/account/second-factor").expecting(200)
            #expect(try await other.send(.get, "/v1/session").status == 200)
            let code = Self.code(Self.bytes(base32: begun.json["secret"]?.string ?? ""))
            try await browser.send(.post, "/v1/account/second-factor/confirm", ["code": code]).expecting(200)
            #expect(try await browser.send(.get, "/v1/session").json["has_second_factor"] == true)
            #expect(try await other.send(.get, "/v1/session").status == 401)
        }
    }

    @Test func `A token that may only read changes no way to sign in`() async throws {
        try await withSignIn { network in
            let token = try await network.server.post("/v1/tokens", ["name": "T"], token: network.administrator.token).expecting(201)
                .json["secret"]?.string
            for path in ["/v1/account/second-factor", "/v1/account/second-factor/confirm", "/v1/session/second-factor"] {
                #expect(try await network.server.post(path, ["code": "123456"], token: token).status == 403, "\(path)")
            }
            #expect(try await network.server.get("/v1/sessions", token: token).status == 403)
        }
    }

    @Test func `A session that was opened without can be given the second factor`() async throws {
        try await withApp { network, browser, secret, _ in
            _ = try await network.server.superuser.query(
                "update kith.sessions set second_factor_at = null, scopes = array['read', 'write']")
            #expect(try await browser.send(.post, "/v1/session/second-factor", ["code": "000000"]).status == 422)
            try await browser.send(.post, "/v1/session/second-factor", ["code": Self.code(secret)]).expecting(204)
            #expect(try await browser.send(.get, "/v1/session").json["has_second_factor"] == true)
        }
    }
}
