import Foundation
import Kith
import KithTesting
import Postgres
import Testing

/// A place outside the database for the checkpoints of a test, gone with it.
struct SignedLog {
    let folder: CheckpointFolder
    let keyring: KeyringFile

    static func with<Value>(_ body: (SignedLog) async throws -> Value) async throws -> Value {
        let path = FileManager.default.temporaryDirectory.appending(path: "kith-test-\(UUID())").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let keyring = KeyringFile(path: "\(path)/keyring")
        try keyring.create()
        return try await body(SignedLog(folder: CheckpointFolder(path), keyring: keyring))
    }

    /// Signs what the logs are now.
    @discardableResult
    func write(_ client: PostgresClient) async throws -> [AuditCheckpoint] {
        var trees: [UUID: HashTree.Frontier] = [:]
        return try await CheckpointWriter(client: client, folder: folder, keyring: keyring).write(&trees)
    }

    func checkpoint(of network: String) throws -> AuditCheckpoint {
        let id = try #require(UUID(uuidString: network))
        return try AuditCheckpoint(String(contentsOfFile: folder.checkpointFile(of: id), encoding: .utf8), signedBy: keyring.checkingKeys())
    }

    func leaves(of network: String) throws -> Data {
        try Data(contentsOf: URL(filePath: folder.leavesFile(of: #require(UUID(uuidString: network)))))
    }

    /// Compares the log of a network with its last checkpoint.
    func firstFinding(in network: String, _ client: PostgresClient, withLeaves: Bool = true) async throws -> AuditVerification.Finding? {
        let verification = AuditVerification([try checkpoint(of: network)], leaves: withLeaves ? try leaves(of: network) : nil)
        return try await client.withTransaction(isolation: .repeatableRead, readOnly: true) { try await verification.firstFinding($0) }
    }
}

extension TestNetwork {
    /// Puts entries of all kinds into the log, a minute apart, the last of them an hour ago.
    func fillLog(_ count: Int) async throws {
        _ = try await server.superuser.query(
            """
            insert into kith.audit_entries
                (network_id, entry_id, at, account_id, person_id, action, subject_id, subject_until, request_id, role, digest)
            select \(id)::text::uuid, kith.new_id(), now() - (\(count) + 60 - i) * interval '1 minute' + i * interval '1 microsecond',
                case when i % 3 > 0 then gen_random_uuid() end, case when i % 4 > 0 then gen_random_uuid() end,
                (array['person.created', 'read.get_person', 'caffè.größer', ''])[1 + i % 4], gen_random_uuid(),
                case when i % 5 = 0 then gen_random_uuid() end, case when i % 7 > 0 then gen_random_uuid() end,
                case when i % 4 = 1 then 'facilitator' end, case when i % 6 = 0 then sha256(int8send(i)) end
            from generate_series(1, \(count)) i
            """)
    }
}

extension TestServer {
    /// Gives every entry its position.
    func numberAuditEntries() async throws {
        while try await app.query("select kith.number_audit_entries(100)").decode(Int.self).first ?? 0 > 0 {}
    }
}
