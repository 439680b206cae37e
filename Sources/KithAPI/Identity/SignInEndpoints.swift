import HTTPTypes
import Kith
import Postgres

extension Endpoint {
    static func signingIn(_ signIn: SignIn) -> [Endpoint] {
        [
            .signIn(
                "request_sign_in_link", "/sign-in/link", "Ask for a link to sign in, by e-mail", records: "link.requested", returns: nil,
                body: SignIn.LinkRequest.self
            ) {
                try await signIn.requestLink(by: $0.actor, $0.input, from: $1)
                return (nil, [])
            },
            .signIn(
                "sign_in_with_link", "/sign-in/link/open", "Sign in with a link, in the browser that asked for it",
                records: "session.opened", returns: Sessions.opened, body: SignIn.ByLink.self
            ) { try await answer(signIn.withLink(by: $0.actor, $0.input, from: $1), signIn) },
            .signIn(
                "sign_in_with_letter", "/sign-in/letter", "Sign in with a code that came by letter", records: "session.opened",
                returns: Sessions.opened, body: SignIn.ByLetter.self
            ) { try await answer(signIn.withLetter(by: $0.actor, $0.input, from: $1), signIn) },
            .beginOpenID(signIn),
            .signIn(
                "sign_in_with_openid", "/sign-in/openid/finish", "Sign in with what the OpenID provider sent the browser back with",
                records: "session.opened", returns: Sessions.opened, body: SignIn.ByOpenID.self
            ) { call, browser in
                let opened = try await signIn.withOpenID(
                    by: call.actor, call.input, attempt: call.presented.openID, holding: call.token, from: browser)
                var (row, cookies) = answer(opened, signIn)
                cookies.append(Cookie(name: Cookie.openID, value: "", seconds: 0))
                return (row, cookies)
            },
            .create(
                "create_sign_in_letter", "/networks/{network}/people/{person}/sign-in-letters",
                "Make a code by letter for somebody without e-mail", .permission(.managePeople, .network), records: "letter.created",
                returns: SignInLetters.resource, answersSecret: true, body: NoInput.self
            ) { try await SignInLetters.create(by: $0.actor, $0.id("person")) },
        ]
    }

    // Answers no row: nothing is kept of an attempt but the cookie.
    private static func beginOpenID(_ signIn: SignIn) -> Endpoint {
        Endpoint(
            name: "begin_openid", method: .post, path: "/sign-in/openid", summary: "Begin to sign in through the OpenID provider",
            access: .anyone, action: "openid.begun", query: nil, body: .none,
            answer: .value(
                .object(
                    name: "OpenIDBegun",
                    members: [("authorization_url", .inline(["type": "string"]), "Where the browser goes now.")],
                    required: ["authorization_url"])), isPaged: false, needsVersion: false, answersSecret: true
        ) { incoming in
            _ = try incoming.call()
            let (address, attempt) = try await signIn.beginOpenID()
            var reply = Reply.json(JSON.object(["authorization_url": .string(address)]).bytes)
            reply.headers[.cacheControl] = "no-store"
            reply.headers[.setCookie] = Cookie(name: Cookie.openID, value: attempt, seconds: SignIn.openIDSeconds).header
            return reply
        }
    }
}
