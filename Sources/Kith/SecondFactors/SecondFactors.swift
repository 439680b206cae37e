import Crypto
public import Postgres
import struct FoundationEssentials.Date
import struct FoundationEssentials.UUID

/// What an account proves itself with beside the first proof: codes of an app, and recovery codes for when the app is lost.
public enum SecondFactors {
    /// What is answered to somebody who sets one up, once.
    public static let begun = Resource(
        "SecondFactorBegun", "second factor", table: "kith.second_factors", key: "account_id",
        [
            .text("secret", "What the app is told, as text."),
            .text("otpauth_uri", "The same as an address, to show as a QR code."),
        ])

    /// What is answered when the app has shown that it works, once.
    public static let confirmed = Resource(
        "SecondFactorConfirmed", "second factor", table: "kith.second_factors", key: "account_id",
        [.texts("recovery_codes", "Ten codes, each good once in place of the app. Shown only now: keep them on paper.")])

    /// A code of the app, or a recovery code.
    public struct Code: Input {
        let code: String

        public init(from fields: inout Fields) {
            code = fields.required("code", .text(1...50), "Six digits from the app, or a recovery code.")
        }
    }

    private static let wrong = Refusal.notSignedIn(
        "The code of the second factor is not right, or was used before. Wait for the next one in your app, and check the time of its device."
    )

    private static let wrongCode = Refusal.invalid([
        FieldProblem(
            "/code", "This is not right, or was used before. Wait for the next code in your app, and check the time of its device.")
    ])

    // Whoever found a session open must not shut its holder out with an app of their own.
    private static let stale = Refusal.forbidden("Sign in again, then set up your second factor within 15 minutes.")

    /// Begins to set up an app, within 15 minutes after signing in. Nothing changes until a code of it was given.
    /// - Throws: ``Refusal`` where the sign-in is older, or the account has a second factor already
    public static func begin(by actor: Actor, holding credential: [UInt8]) async throws -> Row {
        let secret = SymmetricKey(size: .init(bitCount: 160)).withUnsafeBytes { Array($0) }
        let text = TOTP.base32(secret)
        return try await actor.transaction { actor in
            guard try await Sessions.isFresh(by: actor, holding: credential) else { throw stale }
            let rows = try await actor.read(
                "select account_id, coalesce(email, sign_in_name, 'account') from kith.accounts where account_id = kith.current_account()")
            guard let (account, name) = try rows.decode((UUID, String).self).first(where: { _ in true }) else {
                throw Refusal.unauthenticated
            }
            let sealed = try await actor.seal(secret, at: place(account))
            let label = name.filter { $0.isLetter || $0.isNumber || "@.-_".contains($0) }.replacing("@", with: "%40")
            return try await actor.write(
                """
                insert into kith.second_factors as f (account_id, sealed_secret) values (\(account), \(sealed))
                on conflict (account_id) do update set sealed_secret = excluded.sealed_secret, created_at = now() where f.confirmed_at is null
                returning account_id as id, \(text) as secret,
                    \("otpauth://totp/Kith:\(label)?secret=\(text)&issuer=Kith&algorithm=SHA1&digits=6&period=30") as otpauth_uri
                """
            ).first.orThrow(Refusal.conflict("You have a second factor already. Remove it first, with one of its codes."))
        }
    }

    /// Takes the first code of the app, and answers recovery codes. The session that asks has given its second factor by that; others, which
    /// were opened without, end.
    public static func confirm(by actor: Actor, _ given: Code, holding credential: [UInt8], _ signIn: SignIn)
        async throws -> Row
    {
        try await signIn.count(by: actor)
        return try await actor.transaction { actor in
            guard try await use(by: actor, given.code, confirmed: false) else { throw wrongCode }
            let codes = (0..<10).map { _ in Secret.generate(.letter) }
            let rows = try await actor.run(
                "delete from kith.recovery_codes where account_id = kith.current_account()",
                "insert into kith.recovery_codes (account_id, code_hash) select kith.current_account(), unnest(\(codes.map(\.hash))::bytea[])",
                stepped(credential),
                """
                update kith.sessions set ended_at = now() where account_id = kith.current_account() and ended_at is null
                    and secret_hash <> \(credential)
                """,
                actor.recorded(
                    """
                    update kith.second_factors set confirmed_at = now() where account_id = kith.current_account()
                    returning account_id as id, \(codes.map(\.text))::text[] as recovery_codes
                    """))
            return try rows[4].only(confirmed)
        }
    }

    /// Gives the second factor to a session that was opened without.
    public static func stepUp(by actor: Actor, _ given: Code, holding credential: [UInt8], _ signIn: SignIn) async throws {
        try await signIn.count(by: actor)
        try await actor.transaction { actor in
            guard try await use(by: actor, given.code, confirmed: true) else { throw wrongCode }
            _ = try await actor.write("\(query: stepped(credential)) returning session_id as id").only(Sessions.resource)
        }
    }

    /// Removes the second factor, with one of its codes.
    public static func remove(by actor: Actor, _ given: Code, _ signIn: SignIn) async throws {
        try await signIn.count(by: actor)
        try await actor.transaction { actor in
            guard try await use(by: actor, given.code, confirmed: true) else { throw wrongCode }
            _ = try await actor.run(
                actor.recorded("delete from kith.second_factors where account_id = kith.current_account() returning account_id as id"),
                "delete from kith.recovery_codes where account_id = kith.current_account()",
                """
                update kith.sessions set second_factor_at = null, scopes = array['read', 'write']
                where account_id = kith.current_account() and second_factor_at is not null
                """)
        }
    }

    /// Asks for the second factor of the account at the door, where it has one.
    /// - Returns: whether one was given
    /// - Throws: ``Refusal`` of kind `secondFactorRequired`, or where it is wrong
    static func prove(by actor: Actor, _ given: String?) async throws -> Bool {
        let accounts = try await actor.read(
            "select account_id from kith.second_factors where account_id = kith.current_account() and confirmed_at is not null"
        ).decode(UUID.self)
        guard let account = accounts.first else { return false }
        guard let given else { throw Refusal.secondFactorRequired.concerning(account) }
        guard try await use(by: actor, given, confirmed: true) else { throw wrong.concerning(account) }
        return true
    }

    // Takes a code once: the step is written in the statement that checks that it is a later one.
    private static func use(by actor: Actor, _ given: String, confirmed: Bool) async throws -> Bool {
        let digits = given.filter { !$0.isWhitespace }
        guard digits.utf8.count == 6, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            guard confirmed else { return false }
            let hash = Secret.hash(ofTyped: given)
            return try await !actor.read(
                """
                update kith.recovery_codes set used_at = now()
                where account_id = kith.current_account() and code_hash = \(hash) and used_at is null returning account_id
                """
            ).isEmpty
        }
        let rows = try await actor.read(
            """
            select account_id, sealed_secret from kith.second_factors
            where account_id = kith.current_account() and (confirmed_at is not null) = \(confirmed)
            """)
        guard let (account, sealed) = try rows.decode((UUID, [UInt8]).self).first(where: { _ in true }) else { return false }
        let secret = try await actor.open(sealed, at: place(account))
        let now = TOTP.step(at: Date().timeIntervalSince1970)
        for step in now - 1...now + 1 where TOTP.code(secret, step: step) == digits {
            return try await !actor.read(
                """
                update kith.second_factors set last_step = \(step)
                where account_id = kith.current_account() and last_step < \(step) returning account_id
                """
            ).isEmpty
        }
        return false
    }

    private static func stepped(_ credential: [UInt8]) -> Query {
        """
        update kith.sessions set second_factor_at = now(), scopes = array['read', 'write', 'operate']
        where account_id = kith.current_account() and secret_hash = \(credential)
        """
    }

    private static func place(_ account: UUID) -> SealedPlace { SealedPlace("kith.second_factors.sealed_secret", account) }
}

extension SignIn {
    /// Counts a try of the account that is signed in.
    func count(by actor: Actor) async throws {
        let rows = try await actor.read("select account_id::text from kith.accounts where account_id = kith.current_account()")
        guard let account = try rows.decode(String.self).first(where: { _ in true }) else { throw Refusal.unauthenticated }
        // Whoever is signed in does not use up what an address may try.
        let waits = try await actor.read("select kith.count_sign_in(\("account \(account)"), null, null) as wait").decode(Int.self)
        if let wait = waits.first, wait > 0 { throw Refusal.tooManyTries(wait) }
    }
}
