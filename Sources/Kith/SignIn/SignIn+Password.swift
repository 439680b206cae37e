import Postgres

extension SignIn {
    /// Somebody's name and password.
    public struct ByPassword: Input {
        let name: String
        let password: String
        let end: SignInEnd

        public init(from fields: inout Fields) {
            name = fields.required("name", .text(1...254), "The e-mail address, or the name that was chosen to sign in by.").lowercased()
            password = fields.required("password", .text(1...1000), "The password.")
            end = SignInEnd(from: &fields)
        }
    }

    private static let wrong = Refusal.notSignedIn(
        "The name and the password do not belong together. Check both; capital letters count in the password. You can also sign in with a link by e-mail."
    )

    /// Signs in with a password. Whether the account exists makes no difference to the answer or to the work.
    /// - Throws: ``Refusal`` where the password is wrong, a second factor is wanted, or it was tried too often
    public func withPassword(by actor: Actor, _ proof: ByPassword, from browser: Browser) async throws -> Opened {
        try await count(by: actor, proof.name, from: browser)
        let known = try await parameters(of: proof.name, by: actor)
        let derived = try await passwords.derive(proof.password, known.salt, known.cost)
        let opened = try await actor.transaction { actor in
            guard try await isProved(by: actor, "select kith.prove_password(\(proof.name), \(derived))") else { throw Self.wrong }
            let factor = try await SecondFactors.prove(by: actor, proof.end.secondFactor)
            return try await open(by: actor, .password, proof.end, from: browser, name: proof.name, factor: factor)
        }
        if known.cost != passwords.cost { try await rehash(by: actor, proof, derived) }
        return opened
    }

    /// Counts a try before it is made.
    /// - Throws: ``Refusal`` of kind `tooManyTries`
    func count(by actor: Actor, _ name: String, from browser: Browser) async throws {
        let waits = try await actor.read("select kith.count_sign_in(\(name), \(browser.hash), \(browser.address)) as wait").decode(Int.self)
        if let wait = waits.first, wait > 0 { throw Refusal.tooManyTries(wait) }
    }

    /// Asks a door whether a proof holds.
    func isProved(by actor: Actor, _ door: Query) async throws -> Bool {
        try await actor.read(door).decode(Bool.self).first == true
    }

    /// What scrypt needs to know of a name; something as good where nobody has it.
    func parameters(of name: String, by actor: Actor) async throws -> (salt: [UInt8], cost: PasswordCost) {
        let rows = try await actor.read("select * from kith.password_parameters(\(name))")
        guard let (salt, cost, block, parallel) = try rows.decode(([UInt8], Int?, Int?, Int?).self).first(where: { _ in true }) else {
            preconditionFailure("kith.password_parameters answers one row")
        }
        guard let cost, let block, let parallel else { return (salt, passwords.cost) }
        return (salt, PasswordCost(rounds: cost, blockSize: block, parallelism: parallel))
    }

    // The password is known only now: the cost that the site wants today is brought into the row.
    private func rehash(by actor: Actor, _ proof: ByPassword, _ derived: [UInt8]) async throws {
        let hashed = try await passwords.hash(proof.password)
        try await actor.transaction { actor in
            guard try await isProved(by: actor, "select kith.prove_password(\(proof.name), \(derived))") else { return }
            _ = try await actor.run(Passwords.store(hashed))
        }
    }
}
