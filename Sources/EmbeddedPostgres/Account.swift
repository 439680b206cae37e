import Glibc

/// The user that PostgreSQL runs as. PostgreSQL refuses to run as root, so root hands over to the user `postgres`.
struct Account: Sendable, Hashable {
    let userID: uid_t
    let groupID: gid_t
    /// The program that starts others with fewer rights; `nil` when this process runs as the account itself.
    let setpriv: String?

    /// The account for the user that this process runs as.
    static func current() throws(EmbeddedClusterError) -> Account {
        guard geteuid() == 0 else { return Account(userID: geteuid(), groupID: getegid(), setpriv: nil) }
        guard let setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].first(where: { Files.isExecutable($0) }) else {
            throw EmbeddedClusterError(
                .postgresNotFound,
                "PostgreSQL must not run as root, and the program setpriv, which hands over to another user, is not installed.",
                remedy: "Install the package util-linux, or start Kith as an ordinary user."
            )
        }
        guard let entry = lookUp("postgres"), entry.userID != 0 else {
            throw EmbeddedClusterError(
                .postgresNotFound,
                "PostgreSQL must not run as root, and this machine has no user named postgres to run it as.",
                remedy: "Install the package postgresql-15 (or later), which creates it, or start Kith as an ordinary user."
            )
        }
        return Account(userID: entry.userID, groupID: entry.groupID, setpriv: setpriv)
    }

    /// Whether PostgreSQL runs as another user than this process.
    var isSeparate: Bool { setpriv != nil }

    /// Root's home folder, which nobody else is let into.
    static var homeOfRoot: String { lookUp("root")?.home ?? "/root" }

    /// A command that runs as this account.
    ///
    /// `no_new_privs` stays set for PostgreSQL and all that it starts: no set-user-id program can give them more rights.
    func command(_ program: String, _ arguments: [String]) -> Command {
        guard let setpriv else { return Command(program: program, arguments: arguments) }
        let handOver = ["--reuid=\(userID)", "--regid=\(groupID)", "--init-groups", "--no-new-privs", "--", program]
        return Command(program: setpriv, arguments: handOver + arguments)
    }

    private static func lookUp(_ name: String) -> (userID: uid_t, groupID: gid_t, home: String)? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return (entry.pw_uid, entry.pw_gid, String(cString: entry.pw_dir))
    }
}
