import Crypto
import struct FoundationEssentials.UUID

extension Refusal {
    /// What is stored is not what was sealed there.
    static let damaged = Refusal(
        .unavailable,
        "This is sealed, and what is stored is not what was written: it was changed or moved in the database. Tell whoever runs the server."
    )
}

extension UUID {
    static let zero = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}

extension Actor {
    /// The network in which the actor's sealed values and their keys are: the server's own ledger, which is zero, where there is none.
    var ledger: UUID { network ?? .zero }

    /// The server's keys.
    /// - Throws: ``Refusal`` of kind `unavailable` where the keyring is missing or open to others
    func keyring() throws -> Keyring {
        do {
            guard let keyringFile else { throw Keyring.Failure(description: "none is configured") }
            return try keyringFile.read()
        } catch is Keyring.Failure {
            throw Refusal.unavailable(
                "This is kept sealed, and the server cannot use its keyring, so it can be neither written nor read now. Whoever runs the "
                    + "server finds out why with kith doctor, and makes a first keyring with kith keys create.")
        }
    }

    /// Hashes of something that must not be guessed from them (HMAC-SHA256): by the current key of the keyring, then by each that it replaced.
    /// - Throws: ``Refusal`` of kind `unavailable` where the keyring cannot be used
    package func keyedHashes(of bytes: [UInt8]) throws -> [[UInt8]] {
        let keys = try keyring().keys.reversed().filter { $0.kind == .sealing }
        if keys.isEmpty { throw DataKeys.nothingToSealWith }
        return keys.map { key in
            let derived = HKDF<SHA256>.deriveKey(inputKeyMaterial: key.secret, info: Array("kith fingerprint 1".utf8), outputByteCount: 32)
            return Array(HMAC<SHA256>.authenticationCode(for: bytes, using: derived))
        }
    }

    /// The data key of a holder, made where there is none; nil where it was destroyed.
    func dataKey(of holder: KeyHolder) async throws -> SymmetricKey? {
        var rows = try await read(DataKeys.find(holder))
        if rows.isEmpty { rows = try await run(DataKeys.create(for: holder, in: ledger, keyring()), DataKeys.find(holder))[1] }
        guard let row = rows.first else { throw Refusal.damaged }
        // Read after the row: while keys rotate, the row may be wrapped by a key that was not in the keyring a moment ago.
        return try DataKeys.open(row, of: holder, in: ledger, keyring())
    }

    /// Seals a value that the server itself must read again: the secret of a second factor, the secret of a webhook.
    ///
    /// The value is readable to whoever has both the database and the keyring, and to nobody who has one of them. It is bound to its
    /// place: made in one row, it opens in no other. An actor in a network seals with that network's key; an actor in none (an account,
    /// a sign-in) with the server's. Rotation of the keyring does not touch the value.
    ///
    /// ```swift
    /// let place = SealedPlace("kith.totp_secrets.secret", id)
    /// let sealed = try await actor.seal(secret, at: place)   // store as bytea
    /// let secret = try await actor.open(sealed, at: place)
    /// ```
    /// - Throws: ``Refusal`` of kind `unavailable` without a keyring
    public func seal(_ plaintext: [UInt8], at place: SealedPlace) async throws -> [UInt8] {
        try await place.seal(plaintext, in: ledger, with: [serverKey()])
    }

    /// Opens a value that ``seal(_:at:)`` sealed at the same place.
    /// - Throws: ``Refusal`` of kind `unavailable` without the keyring, or where the value was changed or moved
    public func open(_ sealed: [UInt8], at place: SealedPlace) async throws -> [UInt8] {
        do {
            return try await place.open(sealed, in: ledger, with: [serverKey()])
        } catch is SealedPlace.Damaged {
            throw Refusal.damaged
        }
    }

    private func serverKey() async throws -> SymmetricKey {
        guard let key = try await dataKey(of: .server(ledger)) else { throw Refusal.damaged }
        return key
    }
}
