/// Passwords that everybody who guesses tries first.
///
/// The 8,455 of at least eight characters in Django 4.2's list of 20,000 (`common-passwords.txt.gz`, BSD 3-clause licence), which Royce
/// Williams drew up in 2018 from the passwords in Troy Hunt's Pwned Passwords.
enum CommonPasswords {
    private static let all = Set(PackageResources.common_passwords_txt.split(separator: UInt8(ascii: "\n")))

    /// Whether a password is one of them, whatever its case.
    static func contains(_ password: String) -> Bool {
        all.contains(Array(password.lowercased().utf8)[...])
    }
}
