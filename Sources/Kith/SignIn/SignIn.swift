import OpenID
public import Postgres

/// The ways into an account. Each proves something in the database first, which opens the account for the rest of the transaction; the
/// session is written there.
public struct SignIn: Sendable {
    /// What the site wants.
    public let policy: SignInPolicy
    let passwords: PasswordHashing
    let provider: OpenIDProvider?
    let links: SignInLinks?

    /// Makes the ways in.
    /// - Parameters:
    ///   - policy: what the site wants
    ///   - links: mails links; nil where the server sends no mail
    public init(_ policy: SignInPolicy = SignInPolicy(), links: SignInLinks? = nil) {
        self.links = links
        self.policy = policy
        passwords = PasswordHashing(policy.passwordCost)
        provider = policy.openID.map { OpenIDProvider($0) }
    }

    /// How a session came about.
    enum Method: String, PostgresCodable, CaseIterable {
        case password, link, openid, letter
    }

    /// A session as it is answered once, and the secret that the browser keeps in a cookie.
    public struct Opened: Sendable {
        /// The answer.
        public let row: Row
        /// What goes into the cookie; nil where a program keeps it.
        public let secret: String?
    }

    /// Writes the session of the account that has just been proved in this transaction. One that the browser was in before ends.
    func open(
        by actor: Actor, _ method: Method, _ end: SignInEnd, from browser: Browser, name: String? = nil, factor: Bool
    ) async throws -> Opened {
        let secret = Secret.generate(.session)
        let shown = end.answersSecret ? secret.text : nil
        let rows = try await actor.run(
            "select kith.welcome(\(name), \(browser.hash), \(browser.address))",
            actor.recorded(
                """
                insert into kith.sessions (session_id, account_id, secret_hash, method, scopes, second_factor_at, idle_for, idle_at, expires_at)
                select \(actor.newID), kith.current_account(), \(secret.hash), \(method),
                    case when \(factor) then array['read', 'write', 'operate']
                         when \(method != .openid) and kith.needs_second_factor(make_interval(days => \(policy.secondFactorDays)::integer))
                         then array['enrol'] else array['read', 'write'] end,
                    case when \(factor) then now() end, make_interval(mins => \(policy.idleMinutes)::integer),
                    now() + make_interval(mins => \(policy.idleMinutes)::integer), now() + make_interval(hours => \(policy.sessionHours)::integer)
                returning session_id as id, \(query: Sessions.columns), \(Sessions.csrfToken(of: secret.text)) as csrf_token,
                    \(shown)::text as secret
                """),
            """
            update kith.sessions set ended_at = now()
            where account_id = kith.current_account() and secret_hash = \(browser.session.map { Secret.hash(of: $0) }) and ended_at is null
            """)
        return Opened(row: try rows[1].only(Sessions.opened), secret: end.answersSecret ? nil : secret.text)
    }
}

/// What every way in also takes: the second factor, and who keeps the session's secret.
public struct SignInEnd: Input {
    let secondFactor: String?
    let answersSecret: Bool

    init(secondFactor: String?, answersSecret: Bool) {
        self.secondFactor = secondFactor
        self.answersSecret = answersSecret
    }

    public init(from fields: inout Fields) {
        secondFactor = fields.optional(
            "second_factor", .text(1...50), "Six digits from the app, or a recovery code, where the account has a second factor.")
        answersSecret = fields.optional(
            "answer_secret", .boolean, default: false,
            "True for a program that keeps the session's secret itself and sends it as a bearer token; no cookie is set.")
    }
}
