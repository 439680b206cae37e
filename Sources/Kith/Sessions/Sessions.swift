import Crypto
public import Postgres
public import struct FoundationEssentials.UUID

/// Where an account is signed in. Each account sees its own and ends them.
public enum Sessions {
    private static let fields: [Resource.Field] = [
        .choice("method", SignIn.Method.self, "How it was signed in: with a password, a link by e-mail, OpenID, or a code by letter."),
        .boolean("has_second_factor", "Whether a second factor was given.", from: "second_factor_at is not null"),
        .boolean(
            "must_set_up_second_factor", "Whether a second factor must be set up before anything else.", from: "'enrol' = any (scopes)"),
        .createdAt,
        .moment("expires_at", "Until when it works at most.", from: "least(idle_at, expires_at)"),
    ]

    /// What the API answers for a session; never the secret.
    public static let resource = Resource("Session", "session", table: "kith.sessions", key: "session_id", fields)

    /// What is answered to a browser for the session that it is in.
    public static let current = Resource(
        "CurrentSession", "session", table: "kith.sessions", key: "session_id",
        fields + [
            .text("csrf_token", "What a browser sends as X-CSRF-Token with each request that changes something; null for a bearer.").orNull
        ])

    /// What is answered when somebody has signed in, once.
    public static let opened = Resource(
        "SessionOpened", "session", table: "kith.sessions", key: "session_id",
        fields + [
            .text("csrf_token", "What a browser sends as X-CSRF-Token with each request that changes something."),
            .text("secret", "The session's secret, for a program that asked for it. Shown only now.").orNull,
        ])

    static let columns: Query = """
        method, second_factor_at is not null as has_second_factor, 'enrol' = any (scopes) as must_set_up_second_factor, created_at,
        least(idle_at, expires_at) as expires_at
        """

    /// What a page of this site sends to show that it is one: other sites can neither read it nor work it out. Derived from the session's
    /// secret, so that there is nothing more to keep.
    public static func csrfToken(of secret: String) -> String {
        SHA256.hash(data: Array("csrf:\(secret)".utf8)).hexadecimal
    }

    private static let open: Query = """
        account_id = kith.current_account() and ended_at is null and idle_at > now() and expires_at > now()
        """

    /// Whether whoever asks proved who they are within the last 15 minutes: for what could shut the holder of an account out of it.
    static func isFresh(by actor: Actor, holding credential: [UInt8]) async throws -> Bool {
        try await actor.read(
            "select signed_in_at > now() - interval '15 minutes' is true as is_fresh from kith.credential(\(credential))"
        ).decode(Bool.self) == [true]
    }

    /// The session that asks.
    /// - Parameters:
    ///   - actor: who asks
    ///   - credential: the hash of what was presented
    ///   - cookie: the secret, where it came in a cookie
    /// - Returns: the session
    /// - Throws: ``Refusal`` of kind `notFound` for an API token
    public static func me(by actor: Actor, holding credential: [UInt8], cookie: String?) async throws -> Row {
        try await actor.read(
            """
            select session_id as id, \(query: columns), \(cookie.map { csrfToken(of: $0) })::text as csrf_token from kith.sessions
            where secret_hash = \(credential) and \(query: open)
            """
        ).only(resource)
    }

    /// Where the account is signed in now.
    public static func list(by actor: Actor, _ page: Page) async throws -> Rows {
        let after: Query = page.after.map { "and session_id > \($0)" } ?? ""
        return try await actor.read(
            """
            select \(query: resource.columns) from kith.sessions where \(query: open) \(query: after)
            order by session_id \(query: page.oneMore)
            """)
    }

    /// Ends a session of the account at once.
    public static func end(by actor: Actor, _ id: UUID) async throws {
        _ = try await actor.write(
            "update kith.sessions set ended_at = now() where session_id = \(id) and \(query: open) returning session_id as id"
        ).only(resource)
    }

    /// Ends the session that asks, or withdraws the token that an invitation was accepted with. Tokens of programs stay: see ``Tokens``.
    public static func signOut(by actor: Actor, holding credential: [UInt8]) async throws {
        try await actor.transaction { actor in
            let ended = try await actor.write(
                "update kith.sessions set ended_at = now() where secret_hash = \(credential) and \(query: open) returning session_id as id")
            if !ended.isEmpty { return }
            _ = try await actor.write(
                """
                update kith.api_tokens set revoked_at = now()
                where secret_hash = \(credential) and account_id = kith.current_account() and signed_in_at is not null and revoked_at is null
                returning token_id as id
                """
            ).only(resource)
        }
    }
}
