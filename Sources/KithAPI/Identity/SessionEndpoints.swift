import HTTPTypes
import Kith
import Postgres

extension Endpoint {
    static func sessions(_ signIn: SignIn) -> [Endpoint] {
        [
            .signIn(
                "sign_in_with_password", "/sign-in/password", "Sign in with a password", records: "session.opened",
                returns: Sessions.opened, body: SignIn.ByPassword.self
            ) { try await answer(signIn.withPassword(by: $0.actor, $0.input, from: $1), signIn) },
            .get("get_session", "/session", "Read the session that you are in", .signIn, returns: Sessions.current) {
                try await Sessions.me(
                    by: $0.actor, holding: $0.token ?? [], cookie: $0.presented.bearer == nil ? $0.presented.session : nil)
            },
            .signIn(
                "sign_out", method: .delete, "/session", "Sign out", .signIn, records: "session.ended", returns: nil, body: NoInput.self
            ) { call, _ in
                try await Sessions.signOut(by: call.actor, holding: call.token ?? [])
                return (nil, [Cookie(name: Cookie.session, value: "", seconds: 0)])
            },
            .list("list_sessions", "/sessions", "List where you are signed in", .signIn, of: Sessions.resource) {
                try await Sessions.list(by: $0.actor, $0.page)
            },
            .end("end_session", "/sessions/{session}", "Sign out somewhere else, at once", .signIn, records: "session.ended") {
                try await Sessions.end(by: $0.actor, $0.id("session"))
            },
            .act(
                "set_password", method: .put, "/account/password", "Set or change your password", .account, records: "password.set",
                returns: Passwords.resource, body: Passwords.New.self
            ) { try await Passwords.set(by: $0.actor, $0.input, holding: $0.token ?? [], from: $0.browser, signIn) },
            .end(
                "disable_account", method: .post, "/accounts/{account}/disable", "Shut every way into an account, at once", .operator,
                records: "account.disabled"
            ) { try await Accounts.setDisabled(true, by: $0.actor, $0.id("account")) },
            .end(
                "enable_account", method: .post, "/accounts/{account}/enable", "Open an account again", .operator,
                records: "account.enabled"
            ) { try await Accounts.setDisabled(false, by: $0.actor, $0.id("account")) },
        ]
    }

    /// The answer to somebody who has signed in: the browser keeps the secret in a cookie, a program takes it from the answer.
    static func answer(_ opened: SignIn.Opened, _ signIn: SignIn) -> (row: Row?, cookies: [Cookie]) {
        let seconds = signIn.policy.sessionHours * 3600
        return (opened.row, opened.secret.map { [Cookie(name: Cookie.session, value: $0, seconds: seconds)] } ?? [])
    }
}
