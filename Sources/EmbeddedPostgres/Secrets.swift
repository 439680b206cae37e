import Glibc

/// The passwords of the cluster's roles, in a file that only the user who runs Kith can read.
struct Secrets: Sendable {
    /// The passwords by role.
    let passwords: [String: String]

    private static let roles = [ConnectionDetails.superuser, ConnectionDetails.owner, ConnectionDetails.app]

    /// Passwords that nobody has used yet: 192 random bits each, in hexadecimal digits so that they need no quoting anywhere.
    init() {
        var generator = SystemRandomNumberGenerator()
        passwords = Dictionary(
            uniqueKeysWithValues: Self.roles.map { role in
                (role, (0..<3).map { _ in Self.hexadecimal(generator.next()) }.joined())
            }
        )
    }

    /// Reads the file; `nil` when there is none or it lacks a role.
    init?(file: String) {
        guard let text = Files.read(file) else { return nil }
        var found: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { found[String(parts[0])] = String(parts[1]) }
        }
        guard Self.roles.allSatisfy({ found[$0] != nil }) else { return nil }
        passwords = found
    }

    /// Writes the file whole or not at all.
    func write(to file: String) throws(EmbeddedClusterError) {
        let text = Self.roles.compactMap { role in passwords[role].map { "\(role)=\($0)\n" } }.joined()
        try Files.write(text, to: file, mode: 0o600)
    }

    /// The statements that give a new cluster its roles and its database, one a line as single-user mode reads them.
    var setUp: String {
        """
        alter role \(ConnectionDetails.superuser) password \(password(ConnectionDetails.superuser));
        create role \(ConnectionDetails.owner) login nosuperuser nobypassrls password \(password(ConnectionDetails.owner));
        create role \(ConnectionDetails.app) login nosuperuser nobypassrls password \(password(ConnectionDetails.app));
        create database \(ConnectionDetails.database) owner \(ConnectionDetails.owner);
        revoke connect on database \(ConnectionDetails.database) from public;
        grant connect on database \(ConnectionDetails.database) to \(ConnectionDetails.app);

        """
    }

    /// The statements that give the roles of an existing cluster these passwords.
    var reset: String {
        Self.roles.map { "alter role \($0) password \(password($0));\n" }.joined()
    }

    private func password(_ role: String) -> String { "'\(passwords[role] ?? "")'" }

    static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
