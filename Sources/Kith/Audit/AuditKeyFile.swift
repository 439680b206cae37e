import Glibc
import struct FoundationEssentials.Data
import class FoundationEssentials.FileManager
import struct FoundationEssentials.URL

/// The file that holds the key which signs checkpoints, for its user only. Keep it out of the database and its backups.
public struct AuditKeyFile: Sendable {
    /// The path.
    public let path: String

    /// Names a file.
    public init(_ path: String) {
        self.path = path
    }

    /// The key; made and written where there is none.
    /// - Throws: ``AuditFailure`` where the file is open to others, holds no key, or cannot be written
    public func keyMakingOne() throws -> SignedNote.SigningKey {
        if let key = try key() { return key }
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        if !folder.isEmpty {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        let key = SignedNote.SigningKey(name: "kith")
        // Under another name first, so that nobody reads half a key.
        let draft = "\(path).\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw AuditFailure("The audit key cannot be written to \(path): \(String(cString: strerror(errno))).")
        }
        defer {
            close(descriptor)
            unlink(draft)
        }
        let text = Array("\(key.text)\n".utf8)
        guard write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
            throw AuditFailure("The audit key cannot be written to \(path). Is the disk full?")
        }
        if link(draft, path) == 0 { return key }
        // Another process was quicker.
        if errno == EEXIST, let other = try self.key() { return other }
        throw AuditFailure("The audit key cannot be written to \(path): \(String(cString: strerror(errno))).")
    }

    /// The key; nil where there is no file.
    /// - Throws: ``AuditFailure`` where the file is open to others or holds no key
    public func key() throws -> SignedNote.SigningKey? {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        guard information.st_mode & 0o077 == 0 else {
            throw AuditFailure("The audit key in \(path) can be read by others, so it proves nothing. Set its mode: chmod 600 \(path)")
        }
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        guard let key = SignedNote.SigningKey(String(text.prefix { !$0.isNewline })) else {
            throw AuditFailure("The file \(path) holds no audit key. Put the key back from your copy of it.")
        }
        return key
    }
}
