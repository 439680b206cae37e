/// Words that whoever guesses a password here tries first: the name of the system, and what the account is called
/// (NIST SP 800-63B-4, 3.1.1.2: context-specific words).
enum ExpectedWords {
    /// Whether fewer than eight characters of a password are left without them, whatever their case.
    /// - Parameters:
    ///   - password: the new password
    ///   - name: the address or the name that the account signs in by, of which each part of at least four characters counts
    /// - Returns: true where it must be refused
    static func fill(_ password: String, of name: String) -> Bool {
        let parts = name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init).filter { $0.count >= 4 }
        let rest = (parts + ["kith"]).reduce(password.lowercased()) { $0.replacing($1, with: "") }
        return rest.count < 8
    }
}
