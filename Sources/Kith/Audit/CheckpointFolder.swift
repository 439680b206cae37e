import Glibc
public import FoundationEssentials

/// Where checkpoints are kept outside the database: of each network `ID.checkpoint`, the last one that was signed, and `ID.leaves`, the
/// leaf hashes that it covers, 32 bytes an entry, by which the first entry that differs can be named.
public struct CheckpointFolder: Sendable {
    /// The folder.
    public let path: String

    /// Names a folder. It is made when something is written.
    public init(_ path: String) {
        self.path = path
    }

    /// The file of the last checkpoint.
    public func checkpointFile(of network: UUID) -> String { "\(path)/\("\(network)".lowercased()).checkpoint" }

    /// The file of the leaf hashes.
    public func leavesFile(of network: UUID) -> String { "\(path)/\("\(network)".lowercased()).leaves" }

    /// The checkpoints that are there, in order.
    public var checkpointFiles: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".checkpoint") }.sorted().map {
                "\(path)/\($0)"
            }
        }
    }

    /// The first leaf hashes of a network, at most so many; none where there is no file.
    func leaves(of network: UUID, most: Int) throws -> Data {
        let file = leavesFile(of: network)
        guard FileManager.default.fileExists(atPath: file) else { return Data() }
        return try Data(contentsOf: URL(filePath: file), options: .alwaysMapped).prefix(most * TreeHash.size)
    }

    /// The last checkpoint of a network; nil where there is none.
    func checkpoint(of network: UUID, signedBy keys: [SignedNote.PublicKey]) throws -> AuditCheckpoint? {
        let file = checkpointFile(of: network)
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        return try AuditCheckpoint(String(decoding: Data(contentsOf: URL(filePath: file)), as: UTF8.self), signedBy: keys)
    }

    /// Keeps leaf hashes from a position on, dropping what stood there, so that they last.
    func append(_ leaves: [UInt8], from first: Int, of network: UUID) throws {
        try withFile(leavesFile(of: network), O_WRONLY | O_CREAT) { descriptor in
            ftruncate(descriptor, first * TreeHash.size) == 0 && lseek(descriptor, 0, SEEK_END) >= 0 && write(leaves, descriptor)
        }
    }

    /// Keeps a checkpoint, whole or not at all.
    func keep(_ note: String, of network: UUID) throws {
        let file = checkpointFile(of: network)
        try withFile("\(file).new", O_WRONLY | O_CREAT | O_TRUNC) { write(Array(note.utf8), $0) }
        guard rename("\(file).new", file) == 0 else { throw Self.failure(file) }
    }

    /// Does something while no other process writes into the folder.
    func locked<Result>(_ body: () async throws -> Result) async throws -> Result {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        let descriptor = open("\(path)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw Self.failure(path) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw Self.failure(path) }
            try await Task.sleep(for: .milliseconds(50))
        }
        return try await body()
    }

    private func withFile(_ file: String, _ flags: Int32, _ body: (Int32) -> Bool) throws {
        let descriptor = open(file, flags | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw Self.failure(file) }
        defer { close(descriptor) }
        guard body(descriptor), fsync(descriptor) == 0 else { throw Self.failure(file) }
    }

    private func write(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest.removeFirst(count)
        }
        return true
    }

    private static func failure(_ file: String) -> AuditFailure {
        AuditFailure("Checkpoints cannot be kept in \(file): \(String(cString: strerror(errno))).")
    }
}
