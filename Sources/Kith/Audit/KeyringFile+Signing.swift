import Crypto

extension KeyringFile {
    /// The key that signs checkpoints of the audit log. The first one is made when it is needed.
    /// - Throws: ``Keyring/Failure`` where there is no keyring
    public func signingKey() throws -> SignedNote.SigningKey {
        if let key = try read().current(.signing) { return try SignedNote.SigningKey(name: key.name, seed: key.seed) }
        try change { keyring in
            if keyring.current(.signing) == nil { keyring.add(.signing) }
        }
        return try signingKey()
    }

    /// The keys whose signature on a checkpoint counts: the current one and those that it replaced.
    /// - Throws: ``Keyring/Failure`` where there is no keyring
    public func checkingKeys() throws -> [SignedNote.PublicKey] {
        try read().keys.filter { $0.kind == .signing }.map { try SignedNote.SigningKey(name: $0.name, seed: $0.seed).publicKey }
    }
}

extension Keyring.Key {
    fileprivate var seed: [UInt8] { secret.withUnsafeBytes { Array($0) } }
}
