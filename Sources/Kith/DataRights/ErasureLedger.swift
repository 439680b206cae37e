import Foundation
public import struct FoundationEssentials.UUID
import Glibc
public import Postgres

/// Who was erased, in a file outside the database, so that nobody comes back from a backup: it is written before an erasure is committed,
/// and a server does not start on a database that holds somebody whom the ledger names.
///
/// One line an erasure, ids only: the time, the network, the person. Lines are added and never changed.
public struct ErasureLedger: Sendable {
    /// Why the ledger cannot be used, or what it forbids.
    public struct Failure: Error, CustomStringConvertible {
        /// What is wrong and what to do.
        public let description: String
    }

    /// A person of a network.
    public struct Entry: Sendable, Hashable {
        /// The network.
        public let network: UUID
        /// The person.
        public let person: UUID
    }

    /// The file.
    public let path: String

    /// The ledger in a file, which is made with its first entry.
    public init(path: String) {
        self.path = path
    }

    /// Adds an entry, and returns when it is on the disk.
    /// - Throws: ``Failure``
    public func append(_ entry: Entry) throws {
        let line = Array("\(Date.now.ISO8601Format()) \(entry.network) \(entry.person)\n".utf8)
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("be written") }
        defer { close(descriptor) }
        guard write(descriptor, line, line.count) == line.count, fsync(descriptor) == 0 else { throw failure("be written") }
    }

    /// Everybody on the ledger; none where there is no file.
    /// - Throws: ``Failure``
    public func entries() throws -> Set<Entry> {
        guard access(path, F_OK) == 0 else { return [] }
        guard let bytes = FileManager.default.contents(atPath: path) else { throw failure("be read") }
        return Set(
            try String(decoding: bytes, as: UTF8.self).split(separator: "\n").enumerated().map { number, line in
                let parts = line.split(separator: " ")
                guard parts.count == 3, let network = UUID(uuidString: String(parts[1])), let person = UUID(uuidString: String(parts[2]))
                else {
                    throw Failure(
                        description: "Line \(number + 1) of the erasure ledger \(path) cannot be read. Restore the file from a copy.")
                }
                return Entry(network: network, person: person)
            })
    }

    /// Of those on the ledger, whoever is in a database with what was erased.
    public func unerased(in client: PostgresClient) async throws -> [Entry] {
        let entries = try Array(entries())
        return try await client.query(
            "select network_id, person_id from kith.list_unerased(\(entries.map(\.network)), \(entries.map(\.person)))"
        ).decode((UUID, UUID).self).map { Entry(network: $0, person: $1) }
    }

    /// Refuses a database that was restored from a backup, until the erasures since then have been done again. Adds those that the
    /// database knows and the file does not, where the file is new.
    /// - Throws: ``Failure``
    public func check(_ client: PostgresClient) async throws {
        let back = try await unerased(in: client)
        if !back.isEmpty {
            throw Failure(
                description: """
                    This database holds \(back.count == 1 ? "somebody" : "\(back.count) people") whose data was erased: it was restored from a backup. \
                    Do the erasures again with: kith restore --replay. The ledger of erasures is \(path).
                    """)
        }
        let known = try entries()
        for (network, person) in try await client.query("select network_id, person_id from kith.list_erased()").decode((UUID, UUID).self) {
            let entry = Entry(network: network, person: person)
            if !known.contains(entry) { try append(entry) }
        }
    }

    private func failure(_ verb: String) -> Failure {
        Failure(description: "The erasure ledger \(path) cannot \(verb): \(String(cString: strerror(errno))). Nobody is erased without it.")
    }
}
