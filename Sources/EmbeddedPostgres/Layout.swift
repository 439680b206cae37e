import Glibc

/// Where everything is in a data folder.
///
/// ```
/// <folder>/kith.lock             who uses the folder
/// <folder>/database-passwords    the roles' passwords, readable by Kith's user only
/// <folder>/cluster/              everything that PostgreSQL may touch; its owner is the user that PostgreSQL runs as, mode 0700
/// <folder>/cluster/data/         the cluster
/// <folder>/cluster/log/          what PostgreSQL says
/// <folder>/cluster/socket/       the socket, unless its path would be too long
/// ```
///
/// Only the owner of `cluster` and root can pass through it, so they alone reach the socket. The passwords keep out whatever else runs as
/// the user `postgres`, such as the machine's own PostgreSQL.
struct Layout: Sendable, Hashable {
    /// The data folder: absolute, without symbolic links.
    let folder: String

    var passwords: String { folder + "/database-passwords" }
    var cluster: String { folder + "/cluster" }
    var data: String { cluster + "/data" }
    var draft: String { cluster + "/data.new" }
    var firstPassword: String { cluster + "/first-password" }
    var log: String { cluster + "/log" }
    var startLog: String { log + "/start.log" }
    var socket: String { EmbeddedCluster.socketFolder(for: folder) }

    /// The name that PostgreSQL's processes carry in the process list, different for each folder.
    var clusterName: String { "kith-" + Self.digest(of: folder) }

    /// FNV-1a, 64 bits: the same in every process, and collisions of a machine's few data folders are out of the question.
    ///
    /// Source: Fowler, Noll, Vo, Eastlake, "The FNV Non-Cryptographic Hash Algorithm", IETF draft-eastlake-fnv.
    static func digest(of text: String) -> String {
        Secrets.hexadecimal(text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
    }

    /// Checks a configured folder and makes it absolute.
    static func absolute(_ folder: String) throws(EmbeddedClusterError) -> String {
        // pg_ctl hands the path to a shell between double quotes without escaping it.
        let isPlain = folder.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 && !"\"$`\\".unicodeScalars.contains($0) }
        guard !folder.isEmpty, isPlain else {
            throw EmbeddedClusterError(
                .invalidConfiguration,
                "The data folder's name is empty or holds a character that PostgreSQL's tools cannot handle (\", $, `, \\ or a control character).",
                remedy: "Choose another data folder with KITH_DATA."
            )
        }
        if folder.hasPrefix("/") { return folder }
        return (Files.resolved(".") ?? "") + "/" + folder
    }

    /// Creates what is missing, for the account that PostgreSQL runs as.
    func prepare(for account: Account) async throws(EmbeddedClusterError) {
        try own(cluster, account)
        try own(log, account)
        try await openWay(to: account)
        try own(socket, account)
    }

    /// Creates a folder that belongs to the account alone, or makes sure that an existing one does.
    ///
    /// The socket's folder may be in a place that everybody can write to, so what is there is not trusted: it has to be a folder, not a
    /// link, and to have the right owner already unless this process has just made it.
    private func own(_ path: String, _ account: Account) throws(EmbeddedClusterError) {
        let created = mkdir(path, 0o700) == 0
        let reason = errno
        guard created || reason == EEXIST else { throw .folderNotWritable(path, reason) }
        if created, account.isSeparate, lchown(path, account.userID, account.groupID) != 0 { throw .folderNotWritable(path, errno) }
        var information = stat()
        guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR, information.st_uid == account.userID else {
            throw EmbeddedClusterError(
                .folderNotUsable,
                "\(path) does not belong to the user that PostgreSQL runs as (user id \(account.userID)).",
                remedy: "Run Kith as the same user as before, or choose another data folder with KITH_DATA."
            )
        }
        if information.st_mode & 0o777 != 0o700, chmod(path, 0o700) != 0 { throw .folderNotWritable(path, errno) }
    }

    /// Makes sure that the account can get to its folder, through folders that may be closed to it.
    ///
    /// Only the data folder itself is opened, and only to the account's group, if it was closed to everybody and is not root's home;
    /// folders above it are somebody else's.
    private func openWay(to account: Account) async throws(EmbeddedClusterError) {
        guard account.isSeparate else { return }
        var information = stat()
        if stat(folder, &information) == 0, information.st_uid == 0, information.st_mode & 0o077 == 0, folder != Account.homeOfRoot {
            guard chown(folder, uid_t.max, account.groupID) == 0, chmod(folder, 0o710) == 0 else { throw .folderNotWritable(folder, errno) }
        }
        guard await !account.command("/usr/bin/test", ["-w", cluster]).run().succeeded else { return }
        var path = ""
        let closed = folder.split(separator: "/").lazy.map { part in
            path += "/" + part
            return path
        }
        let name = closed.first { Self.isClosed($0, to: account) } ?? folder
        throw EmbeddedClusterError(
            .folderNotUsable,
            "PostgreSQL runs as the user postgres, which cannot get to \(folder) because \(name) is closed to it.",
            remedy: "Choose a data folder that is not inside it, such as /var/lib/kith, with KITH_DATA."
        )
    }

    private static func isClosed(_ path: String, to account: Account) -> Bool {
        var information = stat()
        guard stat(path, &information) == 0 else { return true }
        if information.st_uid == account.userID { return information.st_mode & S_IXUSR == 0 }
        if information.st_gid == account.groupID { return information.st_mode & S_IXGRP == 0 }
        return information.st_mode & S_IXOTH == 0
    }
}

extension EmbeddedCluster {
    /// The longest path of a Unix socket in bytes, without the closing zero: `sun_path` of unix(7) has 108.
    static let longestSocketPath = 107

    /// The folder of the socket of the cluster in a data folder.
    ///
    /// It is inside the data folder if the socket's path fits into the 107 bytes that the kernel allows and has only characters that
    /// libpq and PostgreSQL read as they are. Otherwise it is a folder under `/run` for root and under `/tmp` for other users, named by
    /// the user and a hash of the data folder.
    ///
    /// - Parameter folder: The data folder, absolute and without symbolic links.
    /// - Returns: The absolute path.
    public static func socketFolder(for folder: String) -> String {
        let inside = folder + "/cluster/socket"
        let plain = inside.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        if plain, "\(inside)/.s.PGSQL.\(port)".utf8.count <= longestSocketPath { return inside }
        // /run/user/<id> would do for ordinary users, but it is removed when they log out, with the server still running.
        return "\(geteuid() == 0 ? "/run" : "/tmp")/kith-\(geteuid())-\(Layout.digest(of: folder))"
    }
}
