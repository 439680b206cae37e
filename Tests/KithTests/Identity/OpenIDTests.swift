import Crypto
import HTTPTypes
import Kith
import KithServer
import KithTesting
import OpenID
import Postgres
import Testing
import struct FoundationEssentials.Data
import struct FoundationEssentials.Date

@Suite struct OpenIDTests {
    private func withProvider(
        trustsEmail: Bool = false, _ body: @escaping @Sendable (TestNetwork, TestOpenIDProvider) async throws -> Void
    ) async throws {
        try await TestOpenIDProvider.run { provider in
            try await withSignIn {
                $0.signIn.openID = OpenIDConfiguration(
                    issuer: provider.issuer, clientID: "kith", clientSecret: "a secret of the client",
                    redirectURI: "https://kith.example.org/sign-in")
                $0.signIn.trustsOpenIDEmail = trustsEmail
            } _: { network in
                try await body(network, provider)
            }
        }
    }

    private func invited(_ network: TestNetwork) async throws -> JSON {
        let person = try await network.post("/people", ["name": "Ada", "email": "ada@example.org"]).expecting(201).id
        return try await network.post("/people/\(person)/invitations").expecting(201).json["code"] ?? .null
    }

    /// Goes to the provider and back, and presents what came of it.
    private func signIn(
        _ browser: TestBrowser, _ provider: TestOpenIDProvider, _ more: [String: JSON] = [:],
        changing address: (String) -> String = { $0 }
    ) async throws -> TestResponse {
        let begun = try await browser.send(.post, "/v1/sign-in/openid").expecting(200).json["authorization_url"]?.string ?? ""
        let back = try await provider.visit(address(begun))
        let proof: [String: JSON] = ["code": .string(back["code"] ?? ""), "state": .string(back["state"] ?? "")]
        return try await browser.send(.post, "/v1/sign-in/openid/finish", .object(proof.merging(more) { $1 }))
    }

    @Test func `An invitation links a sign-in, and from then on it signs in, also after the provider changed its keys`() async throws {
        try await withProvider { network, provider in
            let browser = TestBrowser(network.server)
            #expect(try await signIn(browser, provider).status == 401)
            let code = try await invited(network)
            let first = try await signIn(browser, provider, ["invitation_code": code]).expecting(200)
            #expect(first.json["method"] == "openid")
            #expect(try await browser.send(.get, network.path("/people/me")).json["name"] == "Ada")
            let other = TestBrowser(network.server)
            try await signIn(other, provider).expecting(200)
            try await provider.control(["rotate": true])
            try await signIn(TestBrowser(network.server), provider).expecting(200)
            try await provider.control(["rotate": true, "algorithm": "ES256"])
            try await signIn(TestBrowser(network.server), provider).expecting(200)
            try await provider.control(["subject": "s-2"])
            #expect(try await signIn(TestBrowser(network.server), provider).status == 401)
        }
    }

    @Test(arguments: [
        "none", "hmac", "hmac_public", "audience", "audiences", "azp", "nonce", "no_nonce", "key", "expired", "issued", "issuer",
        "signature", "alg_other", "swapped_claims",
    ])
    func `A token with something wrong is refused`(fault: String) async throws {
        try await withProvider { network, provider in
            try await signIn(TestBrowser(network.server), provider, ["invitation_code": invited(network)]).expecting(200)
            try await provider.control(["fault": .string(fault)])
            let refused = try await signIn(TestBrowser(network.server), provider)
            #expect(refused.status == 401)
            #expect(refused.json["detail"]?.string?.hasPrefix("The provider did not confirm") == true)
            try await provider.control(["fault": ""])
            try await signIn(TestBrowser(network.server), provider).expecting(200)
        }
    }

    @Test(arguments: ["none", "hmac", "hmac_public"])
    func `A token that anybody could have signed is refused, also where the provider's key names no algorithm`(fault: String) async throws {
        try await withProvider { network, provider in
            try await provider.control(["bare": true])
            try await signIn(TestBrowser(network.server), provider, ["invitation_code": invited(network)]).expecting(200)
            try await provider.control(["fault": .string(fault)])
            #expect(try await signIn(TestBrowser(network.server), provider).status == 401)
        }
    }

    @Test func `What comes back late, or with another state, is refused whatever else is right`() async throws {
        try await withProvider { network, provider in
            try await signIn(TestBrowser(network.server), provider, ["invitation_code": invited(network)]).expecting(200)
            let browser = TestBrowser(network.server)
            #expect(try await signIn(browser, provider, ["state": "another"]).status == 401)
            // As if the attempt had begun then, in this browser, with this secret.
            func finish(begun secondsAgo: Double) async throws -> Int {
                let attempt = "kith_openid_x.\(Int(Date().timeIntervalSince1970 - secondsAgo))"
                let request = AuthorizationRequest(secret: attempt)
                let begun = try await browser.send(.post, "/v1/sign-in/openid").expecting(200).json["authorization_url"]?.string ?? ""
                let back = try await provider.visit(
                    begun.replacing(/state=[^&]*/, with: "state=\(request.state)").replacing(/nonce=[^&]*/, with: "nonce=\(request.nonce)")
                        .replacing(/code_challenge=[^&]*/, with: "code_challenge=\(Self.hash(Self.hash("verifier:\(attempt)")))"))
                await browser.set("__Host-kith-openid", to: attempt)
                let proof: JSON = ["code": .string(back["code"] ?? ""), "state": .string(back["state"] ?? "")]
                return try await browser.send(.post, "/v1/sign-in/openid/finish", proof).status
            }
            #expect(try await finish(begun: 590) == 200)
            #expect(try await finish(begun: 601) == 401)
        }
    }

    private static func hash(_ text: String) -> String {
        Data(SHA256.hash(data: Array(text.utf8))).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    @Test func `A code that another verifier was made for is refused, and one works once`() async throws {
        try await withProvider { network, provider in
            try await signIn(TestBrowser(network.server), provider, ["invitation_code": invited(network)]).expecting(200)
            let stolen = try await signIn(TestBrowser(network.server), provider) { address in
                address.replacing(/code_challenge=[^&]*/, with: "code_challenge=\(AuthorizationRequest(secret: "thief").state)")
            }
            #expect(stolen.status == 401)
            let browser = TestBrowser(network.server)
            let begun = try await browser.send(.post, "/v1/sign-in/openid").expecting(200).json["authorization_url"]?.string ?? ""
            #expect(begun.contains("code_challenge_method=S256"))
            let attempt = await browser.cookies["__Host-kith-openid"]
            let back = try await provider.visit(begun)
            let proof: JSON = ["code": .string(back["code"] ?? ""), "state": .string(back["state"] ?? "")]
            try await browser.send(.post, "/v1/sign-in/openid/finish", proof).expecting(200)
            await browser.set("__Host-kith-openid", to: attempt)
            #expect(try await browser.send(.post, "/v1/sign-in/openid/finish", proof).status == 401)
        }
    }

    @Test func `What began in one browser does not end in another, nor too late`() async throws {
        try await withProvider { network, provider in
            try await signIn(TestBrowser(network.server), provider, ["invitation_code": invited(network)]).expecting(200)
            let (mine, other) = (TestBrowser(network.server), TestBrowser(network.server))
            let begun = try await mine.send(.post, "/v1/sign-in/openid").expecting(200).json["authorization_url"]?.string ?? ""
            let back = try await provider.visit(begun)
            let proof: JSON = ["code": .string(back["code"] ?? ""), "state": .string(back["state"] ?? "")]
            #expect(try await other.send(.post, "/v1/sign-in/openid/finish", proof).status == 401)
            try await other.send(.post, "/v1/sign-in/openid").expecting(200)
            #expect(try await other.send(.post, "/v1/sign-in/openid/finish", proof).status == 401)
            let old = "kith_openid_x.1000"
            await mine.set("__Host-kith-openid", to: old)
            let late: JSON = ["code": .string(back["code"] ?? ""), "state": .string(AuthorizationRequest(secret: old).state)]
            #expect(try await mine.send(.post, "/v1/sign-in/openid/finish", late).status == 401)
        }
    }

    @Test func `An address links an account only where the site trusts the provider, and only a verified one`() async throws {
        for trusts in [false, true] {
            try await withProvider(trustsEmail: trusts) { network, provider in
                _ = try await network.person("ada@example.org", password: good)
                try await provider.control(["email_verified": false])
                #expect(try await signIn(TestBrowser(network.server), provider).status == 401)
                try await provider.control(["email_verified": true])
                #expect(try await signIn(TestBrowser(network.server), provider).status == (trusts ? 200 : 401))
            }
        }
    }

    @Test func `A subject counts with its issuer alone, and an address never for an account that is disabled or a subject that is known`()
        async throws
    {
        try await withProvider(trustsEmail: true) { network, provider in
            let superuser = network.server.superuser
            let ada = try await network.person("ada@example.org", password: good)
            let eve = try await network.person("eve@example.org", password: good)
            func link(_ issuer: String, to person: TestPerson) async throws {
                _ = try await superuser.query(
                    "insert into kith.openid_subjects (issuer, subject, account_id) values (\(issuer), 's-1', \(person.account)::text::uuid)"
                )
            }
            try await provider.control(["email_verified": false])
            try await link("https://another.example.org", to: ada)
            #expect(try await signIn(TestBrowser(network.server), provider).status == 401)
            try await provider.control(["email_verified": true])
            _ = try await superuser.query("update kith.accounts set disabled_at = now() where account_id = \(ada.account)::text::uuid")
            #expect(try await signIn(TestBrowser(network.server), provider).status == 401)
            // The subject is Eve's, who is shut out: it does not become Ada's by an address.
            try await link(provider.issuer, to: eve)
            _ = try await superuser.query("update kith.accounts set disabled_at = now() where account_id = \(eve.account)::text::uuid")
            _ = try await superuser.query("update kith.accounts set disabled_at = null where account_id = \(ada.account)::text::uuid")
            #expect(try await signIn(TestBrowser(network.server), provider).status == 401)
        }
    }

    @Test func `An address that the provider vouches for is proved by that, and ends what opened the account before`() async throws {
        try await withProvider(trustsEmail: true) { network, provider in
            _ = try await network.person("ada@example.org", password: good)
            let thief = TestBrowser(network.server)
            try await thief.signIn("ada@example.org", good).expecting(200)
            try await signIn(TestBrowser(network.server), provider).expecting(200)
            #expect(try await thief.send(.get, "/v1/session").status == 401)
            #expect(try await thief.signIn("ada@example.org", good).status == 401)
        }
    }

    @Test func `Whoever is signed in links a sign-in to their account, which belongs to nobody else then`() async throws {
        try await withProvider { network, provider in
            let ada = try await network.person("ada@example.org", password: good)
            _ = try await network.person("eve@example.org", password: good)
            let browser = TestBrowser(network.server)
            try await browser.signIn("ada@example.org", good).expecting(200)
            // Whoever found her session open does not add their own way in.
            _ = try await network.server.superuser.query("update kith.sessions set signed_in_at = now() - interval '16 minutes'")
            #expect(try await signIn(browser, provider).status == 403)
            try await browser.signIn("ada@example.org", good).expecting(200)
            try await signIn(browser, provider).expecting(200)
            let later = TestBrowser(network.server)
            try await signIn(later, provider).expecting(200)
            #expect(try await later.send(.get, network.path("/people/me")).json["id"]?.string == ada.id)
            let eve = TestBrowser(network.server)
            try await eve.signIn("eve@example.org", good).expecting(200)
            #expect(try await signIn(eve, provider).status == 409)
            _ = try await network.server.superuser.query(
                "update kith.accounts set disabled_at = now() where account_id = \(ada.account)::text::uuid")
            #expect(try await signIn(TestBrowser(network.server), provider).status == 401)
        }
    }

    @Test func `Tokens with invented keys do not make the server ask for keys without end`() async throws {
        try await withProvider { network, provider in
            try await signIn(TestBrowser(network.server), provider, ["invitation_code": invited(network)]).expecting(200)
            for _ in 0..<8 {
                try await provider.control(["rotate": true])
                _ = try await signIn(TestBrowser(network.server), provider)
            }
            #expect(try await provider.control([:])["keys_read"]?.integer == 5)
        }
    }

    @Test func `A provider that calls itself by another name, or leads to an address without TLS, is not used`() async throws {
        try await withProvider { network, provider in
            try await provider.control(["called": "https://another.example.org"])
            try await TestBrowser(network.server).send(.post, "/v1/sign-in/openid").expecting(503)
            try await provider.control(["called": "", "base": "http://192.0.2.1"])
            try await TestBrowser(network.server).send(.post, "/v1/sign-in/openid").expecting(503)
            try await provider.control(["base": ""])
            try await TestBrowser(network.server).send(.post, "/v1/sign-in/openid").expecting(200)
        }
    }

    @Test func `Without a provider the server says so`() async throws {
        try await withSignIn { network in
            try await TestBrowser(network.server).send(.post, "/v1/sign-in/openid").expecting(409)
        }
    }
}
