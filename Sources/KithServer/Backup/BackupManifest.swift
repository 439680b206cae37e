import Crypto
import Foundation
import Kith

/// What lies beside a backup: which release made it, when, of which schema, and the digest by which it is known to be whole.
struct BackupManifest: Equatable {
    let kith: String
    let madeAt: String
    let postgres: String
    let migrations: [String]
    let bytes: Int64
    let sha256: String

    static func path(of backup: String) -> String { backup + ".json" }

    func write(beside backup: String) throws {
        let document: JSON = [
            "kith": .string(kith), "made_at": .string(madeAt), "postgres": .string(postgres),
            "migrations": .array(migrations.map(JSON.string)), "bytes": .integer(bytes), "sha256": .string(sha256),
        ]
        try Data(document.bytes).write(to: URL(filePath: Self.path(of: backup)), options: .atomic)
    }

    static func read(beside backup: String) throws -> BackupManifest {
        guard let bytes = FileManager.default.contents(atPath: path(of: backup)), let document = try? JSON(reading: Array(bytes)),
            let kith = document["kith"]?.string, let madeAt = document["made_at"]?.string, let postgres = document["postgres"]?.string,
            let migrations = document["migrations"]?.array, let size = document["bytes"]?.integer, let sha256 = document["sha256"]?.string
        else {
            throw Server.Failure(
                description: "There is no \(path(of: backup)), which lies beside every backup, or it cannot be read. Copy both files.")
        }
        return BackupManifest(
            kith: kith, madeAt: madeAt, postgres: postgres, migrations: migrations.compactMap(\.string), bytes: size, sha256: sha256)
    }

    /// The digest and the size of a file, read piece by piece.
    static func digest(of path: String) throws -> (sha256: String, bytes: Int64) {
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { file.closeFile() }
        var (hash, bytes) = (SHA256(), Int64(0))
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
            hash.update(data: piece)
            bytes += Int64(piece.count)
        }
        return (hash.finalize().hexadecimal, bytes)
    }
}
