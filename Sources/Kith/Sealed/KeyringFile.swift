// Where Foundation is in the build, `stat` is found there and not in Glibc.
import CoreFoundation
import Glibc
import Synchronization

/// The file that holds the keyring. It is read again when it has changed, so that keys can be rotated while servers run.
public final class KeyringFile: Sendable {
    // A file that is replaced has another inode or another time.
    private struct Stamp: Equatable {
        let inode: UInt
        let size: Int
        let seconds: Int
        let nanoseconds: Int

        init(_ information: stat) {
            inode = information.st_ino
            size = information.st_size
            seconds = information.st_mtim.tv_sec
            nanoseconds = information.st_mtim.tv_nsec
        }
    }

    /// Where it is.
    public let path: String
    private let known = Mutex<(stamp: Stamp, keyring: Keyring)?>(nil)

    /// The file at a path, whether it is there or not.
    public init(path: String) {
        self.path = path
    }

    /// Whether there is one.
    public var exists: Bool { access(path, F_OK) == 0 }

    /// What it holds now.
    /// - Throws: ``Keyring/Failure`` where it is missing, damaged, or others may read it
    public func read() throws -> Keyring {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw failure("cannot be opened: \(String(cString: strerror(errno)))") }
            throw Keyring.Failure(
                description: "There is no keyring at \(path), so nothing sealed can be written or read. If there was one, put it back from "
                    + "where you keep its copy. If there never was, make one with: kith keys create")
        }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { throw failure("is not a file") }
        guard information.st_mode & 0o077 == 0 else {
            throw failure("can be read by other users. Close it to them with: chmod 600 '\(path)'")
        }
        return try known.withLock { known in
            if let known, known.stamp == Stamp(information) { return known.keyring }
            var bytes = [UInt8](repeating: 0, count: Int(information.st_size))
            guard Glibc.read(descriptor, &bytes, bytes.count) == bytes.count else { throw failure("cannot be read") }
            do {
                let keyring = try Keyring(reading: bytes)
                known = (Stamp(information), keyring)
                return keyring
            } catch let reason as Keyring.Failure {
                throw failure("cannot be used: \(reason.description). Put it back from where you keep its copy")
            }
        }
    }

    /// Makes a keyring with a first key for sealing. Never replaces a file that is there.
    /// - Throws: ``Keyring/Failure``
    public func create() throws {
        try locked {
            guard !exists else { throw failure("is there already, and nothing was changed. New keys are made with: kith keys rotate") }
            var keyring = Keyring()
            keyring.add(.sealing)
            try write(keyring)
        }
    }

    /// Changes what it holds, one process at a time. Once it answers, the change outlives a power cut.
    /// - Throws: ``Keyring/Failure``, or what `change` throws
    public func change(_ change: (inout Keyring) throws -> Void) throws {
        try locked {
            var keyring = try read()
            try change(&keyring)
            try write(keyring)
        }
    }

    private func locked(_ body: () throws -> Void) throws {
        let descriptor = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be written: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX) == 0 else { throw failure("cannot be locked: \(String(cString: strerror(errno)))") }
        try body()
    }

    // A new file takes the place of the old one, and is on the disk before its keys wrap anything.
    private func write(_ keyring: Keyring) throws {
        let draft = "\(path).new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be written: \(String(cString: strerror(errno)))") }
        let bytes = keyring.bytes
        let isWritten = Glibc.write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, rename(draft, path) == 0 else { throw failure("cannot be written. Is the disk full?") }
        let folder = open(path.contains("/") ? String(path[..<path.lastIndex(of: "/")!]) + "/" : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private func failure(_ what: String) -> Keyring.Failure {
        Keyring.Failure(description: "The keyring \(path) \(what).")
    }
}
