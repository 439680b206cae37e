import Glibc

/// The claim of one process on one data folder, held until the object goes away or the process ends, however it ends.
final class FolderLock: Sendable {
    private let descriptor: CInt

    /// Claims the folder and writes this process's id into `<folder>/kith.lock`.
    ///
    /// The file stays when the lock is gone: removing it would let two processes lock two files of the same name.
    init(folder: String) throws(EmbeddedClusterError) {
        let path = folder + "/kith.lock"
        // O_CLOEXEC: PostgreSQL must not inherit the claim, or it would outlive this process.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .folderNotWritable(folder, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            defer { close(descriptor) }
            guard reason == EWOULDBLOCK else { throw .folderNotWritable(folder, reason) }
            let holder = Self.processID(in: descriptor)
            throw EmbeddedClusterError(
                .folderInUse,
                "The data folder \(folder) is in use by another Kith server\(holder.map { " (process \($0))" } ?? "").",
                remedy: "Stop that server first, or give this one another data folder with KITH_DATA."
            )
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
            let reason = errno
            close(descriptor)
            throw .folderNotWritable(folder, reason)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    private static func processID(in descriptor: CInt) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}

extension EmbeddedClusterError {
    /// The error for a system call that failed on something in the data folder.
    static func folderNotWritable(_ path: String, _ reason: CInt) -> EmbeddedClusterError {
        let words = String(cString: strerror(reason))
        if reason == ENOSPC || reason == EDQUOT { return diskFull(path, words) }
        return EmbeddedClusterError(
            .folderNotUsable,
            "The data folder \(path) cannot be written: \(words).",
            remedy: "Give the user that runs Kith the right to write there, or choose another data folder with KITH_DATA."
        )
    }

    /// The error for a disk without room.
    static func diskFull(_ path: String, _ detail: String) -> EmbeddedClusterError {
        EmbeddedClusterError(
            .diskFull,
            "The disk that holds \(path) has too little room: \(detail).",
            remedy: "Free at least 200 MB there, or choose a data folder on another disk with KITH_DATA."
        )
    }
}
