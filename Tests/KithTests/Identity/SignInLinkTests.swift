import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import SMTP
import Testing

@Suite struct SignInLinkTests {
    private func withMail(_ body: @escaping @Sendable (TestNetwork, TestMailServer) async throws -> Void) async throws {
        try await TestMailServer.run { mailServer in
            var smtp = SMTPConfiguration(host: "localhost", port: mailServer.port)
            smtp.trustedCertificates = mailServer.certificate
            let mail = Mail(smtp: smtp, from: Mailbox(try #require(EmailAddress("kith@example.org"))), site: "https://kith.example.org")
            try await withSignIn(configure: { $0.mail = mail }) { network in
                _ = try await network.person("ada@example.org", password: good)
                try await body(network, mailServer)
            }
        }
    }

    /// Asks for a link and reads it from the mail.
    private func link(_ browser: TestBrowser, _ mail: TestMailServer, _ count: Int = 1) async throws -> JSON {
        try await browser.send(.post, "/v1/sign-in/link", ["email": "ada@example.org"]).expecting(204)
        let text = try await eventually("A mail") {
            let links = try mail.mails().compactMap { $0["text"]?.string }.filter { $0.contains("/sign-in#") }
            return links.count == count ? links[count - 1] : nil
        }
        let match = try #require(text.firstMatch(of: /https:\/\/kith\.example\.org\/sign-in#(kith_link_[0-9a-f]{64})/))
        return .string(String(match.1))
    }

    private func open(_ browser: TestBrowser, _ code: JSON) async throws -> TestResponse {
        try await browser.send(.post, "/v1/sign-in/link/open", ["code": code])
    }

    @Test func `A link signs in once, in the browser that asked for it`() async throws {
        try await withMail { network, mail in
            let (browser, other) = (TestBrowser(network.server), TestBrowser(network.server))
            let code = try await link(browser, mail)
            // A scanner looks at the page, and somebody else tries.
            let page = try await network.server.get("/sign-in", token: nil)
            #expect(page.status == 200 && page.text.contains("<button"))
            #expect(try await open(other, code).status == 401)
            let stranger = try await network.server.post("/v1/sign-in/link/open", ["code": code], token: nil)
            #expect(stranger.status == 401)
            #expect(try await open(browser, code).json["method"] == "link")
            try await browser.send(.get, network.path("/people/me")).expecting(200)
            #expect(try await open(browser, code).status == 401)
            let kept = try await network.server.superuser.query("select string_agg(l::text, '') from kith.sign_in_links l").decode(
                String.self)
            #expect(!kept[0].contains((code.string ?? "").dropFirst("kith_link_".count)))
        }
    }

    @Test func `Whoever proves an address first ends what opened its account before, and nothing later does`() async throws {
        try await withMail { network, mail in
            // As if an administrator had accepted the invitation in her place.
            let (server, thief) = (network.server, TestBrowser(network.server))
            try await thief.signIn("ada@example.org", good).expecting(200)
            let token = try await thief.send(.post, "/v1/tokens", ["name": "T"]).expecting(201).json["secret"]?.string
            let ada = TestBrowser(server)
            try await open(ada, link(ada, mail)).expecting(200)
            #expect(try await thief.send(.get, "/v1/session").status == 401)
            #expect(try await thief.signIn("ada@example.org", good).status == 401)
            #expect(try await server.get("/v1/tokens", token: token).status == 401)
            // What is hers stays.
            try await ada.send(.put, "/v1/account/password", ["password": .string("\(good) and hers")]).expecting(200)
            let other = TestBrowser(server)
            try await open(other, link(other, mail, 2)).expecting(200)
            try await ada.send(.get, "/v1/session").expecting(200)
            try await TestBrowser(server).signIn("ada@example.org", "\(good) and hers").expecting(200)
        }
    }

    @Test func `Of several who open a link at once, one gets in`() async throws {
        try await withMail { network, mail in
            let browser = TestBrowser(network.server)
            let code = try await link(browser, mail)
            let cookies = await browser.cookies
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        let copy = TestBrowser(network.server)
                        for (name, value) in cookies { await copy.set(name, to: value) }
                        return try await open(copy, code).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 401, 401, 401, 401])
        }
    }

    @Test func `A link that is late, or that a newer one replaced, does not work, nor does one of a disabled account`() async throws {
        try await withMail { network, mail in
            let browser = TestBrowser(network.server)
            let first = try await link(browser, mail)
            let second = try await link(browser, mail, 2)
            #expect(try await open(browser, first).status == 401)
            let minutes = try await network.server.superuser.query(
                "select extract(epoch from expires_at - created_at)::integer / 60 from kith.sign_in_links where expires_at > now()"
            ).decode(Int.self)
            #expect(minutes == [15])
            _ = try await network.server.superuser.query("update kith.sign_in_links set expires_at = now()")
            #expect(try await open(browser, second).status == 401)
            let third = try await link(browser, mail, 3)
            _ = try await network.server.superuser.query("update kith.accounts set disabled_at = now() where email = 'ada@example.org'")
            #expect(try await open(browser, third).status == 401)
        }
    }

    @Test func `Known and unknown addresses get the same answer in the same time, and only the known one a mail`() async throws {
        try await withMail { network, mail in
            let server = network.server
            var times: [String: [Duration]] = [:]
            var answers: Set<String> = []
            for round in 0..<120 {
                // Each round in the other order, so that what the machine does meanwhile falls on both.
                for email in round.isMultiple(of: 2)
                    ? ["ada@example.org", "nobody@example.org"] : ["nobody@example.org", "ada@example.org"]
                {
                    if round.isMultiple(of: 4) { _ = try await server.superuser.query("delete from kith.sign_in_tries") }
                    let start = ContinuousClock.now
                    let answer = try await server.post("/v1/sign-in/link", ["email": .string(email)], token: nil)
                    times[email, default: []].append(start.duration(to: .now))
                    answers.insert("\(answer.status) \(answer.text) \(answer.headers.map(\.name.rawName).sorted())")
                }
            }
            #expect(answers.count == 1)
            let medians = times.mapValues { $0.sorted()[$0.count / 2] }
            let (known, unknown) = (try #require(medians["ada@example.org"]), try #require(medians["nobody@example.org"]))
            let spread = try #require(times["nobody@example.org"]).sorted()
            // The medians differ by less than the times of one of them do among themselves.
            #expect(
                (known > unknown ? known - unknown : unknown - known) < spread[spread.count * 3 / 4] - spread[spread.count / 4]
                    + .milliseconds(1))
            let recipients = try await eventually("Mails") {
                try mail.mails().count > 20 ? mail.mails().map { $0["recipient"]?.string } : nil
            }
            #expect(Set(recipients) == ["ada@example.org"])
        }
    }

    @Test func `An account with a second factor needs it with a link too, and the link is not used up before`() async throws {
        try await withMail { network, mail in
            _ = try await network.server.superuser.query(
                """
                insert into kith.second_factors (account_id, sealed_secret, confirmed_at)
                select account_id, '\\x01', now() from kith.accounts where email = 'ada@example.org'
                """)
            let browser = TestBrowser(network.server)
            let code = try await link(browser, mail)
            #expect(try await open(browser, code).problem == "second-factor-required")
            _ = try await network.server.superuser.query("delete from kith.second_factors")
            #expect(try await open(browser, code).status == 200)
        }
    }

    @Test func `A code by letter that was used, is late or belongs to nobody gets the same answer`() async throws {
        try await withSignIn { network in
            func person(_ name: String) async throws -> (id: String, account: String) {
                let id = try await network.post("/people", ["name": .string(name)]).expecting(201).id
                let code = try await network.post("/people/\(id)/invitations").expecting(201).json["code"]?.string ?? ""
                return (id, try await network.server.accept(code).account)
            }
            func code(_ person: String) async throws -> JSON {
                try await network.post("/people/\(person)/sign-in-letters").expecting(201).json["code"] ?? .null
            }
            func open(_ code: JSON) async throws -> TestResponse {
                try await TestBrowser(network.server).send(.post, "/v1/sign-in/letter", ["code": code])
            }
            let superuser = network.server.superuser
            let (used, late, disabled, left, addressed) = (
                try await person("A"), try await person("B"), try await person("C"), try await person("D"), try await person("E")
            )
            let codes = [
                try await code(used.id), try await code(late.id), try await code(disabled.id), try await code(left.id),
                try await code(addressed.id),
            ]
            try await open(codes[0]).expecting(200)
            _ = try await superuser.query(
                "update kith.sign_in_letters set expires_at = now() where person_id = \(late.id)::text::uuid")
            _ = try await superuser.query("update kith.accounts set disabled_at = now() where account_id = \(disabled.account)::text::uuid")
            _ = try await superuser.query("update kith.people set ended_at = now() where person_id = \(left.id)::text::uuid")
            // Whoever has an address by now is reached there.
            _ = try await superuser.query(
                "update kith.accounts set email = 'e@example.org' where account_id = \(addressed.account)::text::uuid")
            var answers: Set<[String]> = []
            for code in codes + ["AAAA-BBBB-CCCC-DDDD-EEEE"] {
                let answer = try await open(code)
                #expect(answer.status == 401)
                answers.insert([answer.problem ?? "", answer.json["detail"]?.string ?? ""])
            }
            #expect(answers.count == 1)
        }
    }

    @Test func `Somebody without e-mail joins with a code from a letter, chooses a name, and gets a new code by letter`() async throws {
        try await withSignIn { network in
            let id = try await network.post("/people", ["name": "Post", "contact_by": "post", "postal_address": "1 Street"]).expecting(201)
                .id
            let printed = try await network.post("/people/\(id)/invitations").expecting(201).json["code"]?.string ?? ""
            let letters = "/people/\(id)/sign-in-letters"
            #expect(try await network.post(letters).status == 409)
            let person = try await network.server.accept(printed.lowercased().replacing("-", with: " ").replacing("0", with: "o"))
            #expect(person.id == id)
            let made = try await network.post(letters).expecting(201).json["code"]?.string ?? ""
            let second = try await network.post(letters).expecting(201).json["code"]?.string ?? ""
            let browser = TestBrowser(network.server)
            #expect(try await browser.send(.post, "/v1/sign-in/letter", ["code": .string(made)]).status == 401)
            #expect(try await browser.send(.post, "/v1/sign-in/letter", ["code": .string(second)]).json["method"] == "letter")
            #expect(try await browser.send(.post, "/v1/sign-in/letter", ["code": .string(second)]).status == 401)
            try await browser.send(.put, "/v1/account/password", ["password": .string(good), "sign_in_name": "post"]).expecting(200)
            try await TestBrowser(network.server).signIn("post", good).expecting(200)
            let late = try await network.post(letters).expecting(201).json["code"] ?? .null
            _ = try await network.server.superuser.query("update kith.sign_in_letters set expires_at = now() where used_at is null")
            #expect(try await browser.send(.post, "/v1/sign-in/letter", ["code": late]).status == 401)
            // Nobody opens another's account by letter who has an address, or is somebody elsewhere.
            let ada = try await network.person("ada@example.org", password: good)
            #expect(try await network.post("/people/\(ada.id)/sign-in-letters").status == 409)
            let elsewhere = try await network.server.makeNetwork()
            let again = try await elsewhere.post("/people", ["name": "Post"]).expecting(201).id
            let code = try await elsewhere.post("/people/\(again)/invitations").expecting(201).json["code"] ?? .null
            try await browser.send(.post, "/v1/invitations/accept", ["code": code]).expecting(200)
            #expect(try await network.post(letters).status == 409)
        }
    }
}
