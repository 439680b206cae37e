import Glibc
import Kith

/// The tokens of this user, a server each, in a file that only they may read.
public struct Credentials: Sendable {
    /// The file.
    public let path: String

    /// The credentials in a file.
    public init(path: String) {
        self.path = path
    }

    /// The token for a server, or nil.
    /// - Throws: ``CommandFailure`` where the file is damaged or open to others
    public func token(for url: String) throws -> String? {
        try read()[Self.name(url)]?.string
    }

    /// Keeps the token for a server; nil forgets it.
    /// - Throws: ``CommandFailure`` where the file cannot be written
    public func keep(_ token: String?, for url: String) throws {
        var known = try read()
        known[Self.name(url)] = token.map(JSON.string)
        try write(JSON.object(known).bytes + [UInt8(ascii: "\n")])
    }

    private static func name(_ url: String) -> String {
        String(url.lowercased().reversed().drop { $0 == "/" }.reversed())
    }

    private func read() throws -> [String: JSON] {
        var information = stat()
        guard stat(path, &information) == 0 else { return [:] }
        guard information.st_mode & 0o077 == 0 else {
            throw CommandFailure("Others can read your tokens in \(path). Close the file to them: chmod 600 '\(path)'", .notAllowed)
        }
        guard let known = try? JSON(reading: Terminal.read(file: path)).object else {
            throw CommandFailure("Your tokens in \(path) cannot be read. Remove the file and sign in again: kith token use", .notAllowed)
        }
        return known
    }

    // A new file takes the place of the old one, so that a full disk loses nothing.
    private func write(_ bytes: [UInt8]) throws {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        for count in parts.indices.dropFirst() { mkdir(parts[...count].joined(separator: "/"), 0o700) }
        let draft = "\(path).new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        let written = Glibc.write(descriptor, bytes, bytes.count)
        guard close(descriptor) == 0, written == bytes.count, rename(draft, path) == 0 else { throw failure() }
    }

    private func failure() -> CommandFailure {
        CommandFailure("Your token could not be kept in \(path): \(String(cString: strerror(errno))).")
    }
}
