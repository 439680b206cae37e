public import Postgres

/// The password of an account, where it has one.
public enum Passwords {
    /// What is answered when a password was set.
    public static let resource = Resource(
        "PasswordSet", "password", table: "kith.passwords", key: "account_id",
        [
            .moment("changed_at", "When it was set."),
            .integer("ended_sessions", "How many sessions ended elsewhere."),
            .integer("revoked_tokens", "How many API tokens were withdrawn: whoever knew the old password may have made them."),
        ])

    /// A new password.
    public struct New: Input {
        let password: String
        let old: String?
        let name: String?

        public init(from fields: inout Fields) {
            password = fields.required("password", .password, "The new password, 8 to 200 characters.")
            old = fields.optional(
                "old_password", .text(1...1000), "The password that it replaces. Not needed within 15 minutes after you signed in.")
            name = fields.optional(
                "sign_in_name", .signInName, "What to sign in by, where the account has no e-mail address: small letters, digits, . _ -")
        }
    }

    /// Sets or changes the password of the account that asks, ends its other sessions, withdraws its other tokens, and tells its holder.
    /// - Parameters:
    ///   - actor: who asks
    ///   - new: the password
    ///   - credential: what was presented, to see how fresh it is
    ///   - browser: where the request came from
    ///   - signIn: counts tries and hashes
    /// - Returns: when it was set, and what ended by it
    /// - Throws: ``Refusal`` where neither the old password nor a fresh sign-in proves who asks
    public static func set(
        by actor: Actor, _ new: New, holding credential: [UInt8], from browser: Browser, _ signIn: SignIn
    ) async throws -> Row {
        let rows = try await actor.read(
            """
            select coalesce(email, \(new.name), sign_in_name) as name, coalesce(email, sign_in_name) as old_name,
                   (select signed_in_at > now() - interval '15 minutes' from kith.credential(\(credential))) is true as is_fresh
            from kith.accounts where account_id = kith.current_account()
            """)
        guard let (name, oldName, isFresh) = try rows.decode((String?, String?, Bool).self).first(where: { _ in true }) else {
            throw Refusal.unauthenticated
        }
        guard let name else {
            throw Refusal.invalid([FieldProblem("/sign_in_name", "Your account has no e-mail address. Choose a name to sign in by.")])
        }
        if ExpectedWords.fill(new.password, of: name) { throw expected }
        var derived: [UInt8]?
        if !isFresh {
            guard let old = new.old, let oldName else { throw stale }
            try await signIn.count(by: actor, oldName, from: browser)
            let known = try await signIn.parameters(of: oldName, by: actor)
            derived = try await signIn.passwords.derive(old, known.salt, known.cost)
        }
        let hashed = try await signIn.passwords.hash(new.password)
        return try await actor.transaction { [derived] actor in
            if let derived, let oldName, try await !signIn.isProved(by: actor, "select kith.prove_password(\(oldName), \(derived))") {
                throw Refusal.invalid([FieldProblem("/old_password", "This is not your password.")])
            }
            let rows = try await actor.run(
                "update kith.accounts set sign_in_name = \(new.name) where account_id = kith.current_account() and \(new.name)::text is not null",
                actor.recorded(store(hashed)),
                """
                update kith.sessions set ended_at = now() where account_id = kith.current_account() and ended_at is null
                    and least(idle_at, expires_at) > now() and secret_hash <> \(credential)
                """,
                """
                update kith.api_tokens set revoked_at = now() where account_id = kith.current_account() and revoked_at is null
                    and expires_at > now() and secret_hash <> \(credential)
                """,
                MessageTemplate.passwordChanged.queueForAccount())
            return try await actor.read(
                """
                select account_id as id, changed_at, \(rows[2].affected)::bigint as ended_sessions, \(rows[3].affected)::bigint as revoked_tokens
                from kith.passwords where account_id = kith.current_account()
                """
            ).only(resource)
        }
    }

    private static let expected = Refusal.invalid([
        FieldProblem(
            "/password",
            "Most of this is your own name or address, or the name of Kith, so it would be guessed quickly. Choose another; several words make a good one."
        )
    ])

    private static let stale = Refusal.invalid([
        FieldProblem("/old_password", "Give your present password, or sign in again and set the new one within 15 minutes.")
    ])

    /// The statement that keeps the password of the account at the door.
    static func store(_ hashed: PasswordHashing.Hashed) -> Query {
        """
        select account_id as id, changed_at from kith.store_password(
            \(hashed.salt), \(hashed.verifier), \(hashed.cost.rounds)::integer, \(hashed.cost.blockSize)::integer,
            \(hashed.cost.parallelism)::integer)
        """
    }
}

extension Format where Value == String {
    /// A new password: 8 to 200 characters of any kind, and none that everybody tries first (NIST SP 800-63B-4, 3.1.1.2).
    static let password = Format(
        .inline(["type": "string", "minLength": 8, "maxLength": 200, "format": "password"]), placeholder: ""
    ) { json, pointer, problems in
        let text = PasswordHashing.normalised(json.string ?? "")
        if text.unicodeScalars.count < 8 || text.unicodeScalars.count > 200 {
            problems.append(FieldProblem(pointer, "A password has 8 to 200 characters. Several words make a good one."))
        } else if CommonPasswords.contains(text) {
            problems.append(
                FieldProblem(
                    pointer, "Many people use this password, so it would be guessed quickly. Choose another; several words make a good one."
                ))
        }
        return text
    }

    /// A name to sign in by, without an @, so that it cannot be somebody's address.
    static let signInName = Format(
        ["type": "string", "pattern": "^[a-z0-9][a-z0-9._-]{2,49}$"], placeholder: "",
        expected: "3 to 50 small letters, digits, dots, hyphens or underscores, beginning with a letter or digit"
    ) { $0.string.flatMap { $0.wholeMatch(of: /[a-z0-9][a-z0-9._\-]{2,49}/) == nil ? nil : $0 } }
}
