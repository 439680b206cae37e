import Foundation
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

/// A superuser changes the log after it was signed, in every way that comes to mind, and is found out.
@Suite struct TamperingTests {
    private struct Undo: Error {}

    /// One tampering: the statements, and what must be found.
    private struct Tampering {
        let name: String
        let statements: [Query]
        let position: Int?
        var entry: UUID?
    }

    private static let size = 150

    @Test func `Of 1,000 random tamperings by a superuser all are found, and the first bad entry is named`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            try await SignedLog.with { log in
                let network = try await server.makeNetwork()
                try await network.fillLog(Self.size)
                try await log.write(server.app)
                #expect(try await log.firstFinding(in: network.id, server.owner) == nil)
                let places = try await server.superuser.query(
                    "select entry_id from kith.audit_leaves where network_id = \(network.id)::text::uuid order by position"
                ).decode(UUID.self)
                let columns = try await server.superuser.query(
                    "select attname::text from pg_attribute where attrelid = 'kith.audit_entries'::regclass and attnum > 0 and not attisdropped"
                ).decode(String.self)
                let verification = AuditVerification([try log.checkpoint(of: network.id)], leaves: try log.leaves(of: network.id))
                var generator = SplitMix(seed: 20_261_121)
                var kinds: [String: Int] = [:]
                for round in 0..<1000 {
                    let tampering = Self.tampering(round, network.id, places, columns, &generator)
                    let finding = try await Self.finding(of: verification, after: tampering, server.superuser)
                    #expect(finding != nil, "\(round) \(tampering.name)")
                    #expect(finding?.position == tampering.position, "\(round) \(tampering.name): \(String(describing: finding))")
                    if let entry = tampering.entry { #expect(finding?.entry == entry, "\(round) \(tampering.name)") }
                    kinds[tampering.name, default: 0] += 1
                }
                #expect(kinds.count == 12 + columns.count)
                #expect(try await log.firstFinding(in: network.id, server.owner) == nil)
            }
        }
    }

    private static func finding(
        of verification: AuditVerification, after tampering: Tampering, _ superuser: PostgresClient
    ) async throws -> AuditVerification.Finding? {
        var finding: AuditVerification.Finding?
        do {
            try await superuser.withTransaction { transaction in
                try await transaction.query("set local session_replication_role = replica")
                for statement in tampering.statements {
                    let rows = try await transaction.query(statement)
                    #expect(
                        rows.affected > 0 || statement.sql.hasPrefix("alter") || statement.sql.hasPrefix("truncate"), "\(tampering.name)")
                }
                finding = try await verification.firstFinding(transaction)
                throw Undo()
            }
        } catch is Undo {}
        return finding
    }

    private static func tampering(
        _ round: Int, _ network: String, _ places: [UUID], _ columns: [String], _ generator: inout SplitMix
    ) -> Tampering {
        let place = Int.random(in: 0..<places.count, using: &generator)
        let other = (place + Int.random(in: 1..<places.count, using: &generator)) % places.count
        let first = min(place, other)
        let entry = places[place]
        let here: Query = "network_id = \(network)::text::uuid"
        let it: Query = "\(query: here) and entry_id = \(entry)"
        // Whoever covers up makes the tree's table fit what the entries are now.
        let anyOrder: Query = "alter table kith.audit_leaves drop constraint audit_leaves_pkey, drop constraint audit_leaves_entry_key"
        let rehash: Query = """
            update kith.audit_leaves l set hash = sha256('\\x00'::bytea || kith.audit_leaf(e)) from kith.audit_entries e
            where e.network_id = l.network_id and e.entry_id = l.entry_id and l.\(query: here)
            """
        let backdated: Query = """
            insert into kith.audit_entries (network_id, entry_id, at, action, subject_id)
            values (\(network)::text::uuid, \(UUID(uuid: entry.shifted)), now() - interval '2 hours', 'person.created', gen_random_uuid())
            """
        let new = UUID(uuid: entry.shifted)
        switch round % (12 + columns.count) {
        case 0:
            return Tampering(
                name: "delete", statements: ["delete from kith.audit_entries where \(query: it)"], position: place, entry: entry)
        case 1:
            return Tampering(
                name: "delete and close the gap",
                statements: [
                    anyOrder, "delete from kith.audit_entries where \(query: it)", "delete from kith.audit_leaves where \(query: it)",
                    "update kith.audit_leaves set position = position - (position > \(place))::int where \(query: here)",
                ], position: place)
        case 2:
            return Tampering(
                name: "swap two in the tree",
                statements: [
                    anyOrder,
                    "update kith.audit_leaves set position = \(place) + \(other) - position where \(query: here) and position in (\(place), \(other))",
                ], position: first)
        case 3:
            return Tampering(
                name: "swap what two say",
                statements: [
                    """
                    update kith.audit_entries a set subject_id = b.subject_id, at = b.at from kith.audit_entries b
                    where a.network_id = b.network_id and a.\(query: here) and a.entry_id in (\(entry), \(places[other]))
                      and b.entry_id in (\(entry), \(places[other])) and a.entry_id <> b.entry_id
                    """, rehash,
                ], position: first)
        case 4: return Tampering(name: "insert", statements: [backdated], position: nil, entry: new)
        case 5:
            return Tampering(
                name: "insert into the tree",
                statements: [
                    anyOrder, backdated,
                    "update kith.audit_leaves set position = position + (position >= \(place))::int where \(query: here)",
                    """
                    insert into kith.audit_leaves (network_id, position, entry_id, hash)
                    values (\(network)::text::uuid, \(place), \(new), sha256('x'))
                    """, rehash,
                ], position: place, entry: new)
        case 6:
            return Tampering(
                name: "insert at the end of the tree",
                statements: [
                    backdated,
                    """
                    insert into kith.audit_leaves (network_id, position, entry_id, hash)
                    values (\(network)::text::uuid, \(places.count), \(new), sha256('x'))
                    """, rehash,
                ], position: places.count, entry: new)
        case 7:
            return Tampering(
                name: "truncate",
                statements: [
                    """
                    delete from kith.audit_entries e using kith.audit_leaves l where l.network_id = e.network_id and l.entry_id = e.entry_id
                      and l.\(query: here) and l.position >= \(place)
                    """, "delete from kith.audit_leaves where \(query: here) and position >= \(place)",
                ], position: place)
        case 8:
            return Tampering(
                name: "truncate all", statements: ["truncate kith.audit_entries cascade", "truncate kith.audit_leaves"], position: 0)
        case 9:
            return Tampering(
                name: "change the tree's hash", statements: ["update kith.audit_leaves set hash = sha256(hash) where \(query: it)"],
                position: place, entry: entry)
        case 10:
            return Tampering(
                name: "change whose leaf it is", statements: ["update kith.audit_leaves set entry_id = \(new) where \(query: it)"],
                position: place)
        case 11:
            return Tampering(name: "delete the leaf", statements: ["delete from kith.audit_leaves where \(query: it)"], position: place)
        case let number:
            let column = columns[number - 12]
            // Half of them cover up what they did.
            let isHidden = Bool.random(using: &generator)
            let moves = ["network_id", "entry_id"].contains(column)
            return Tampering(
                name: "edit \(column)",
                statements: ["update kith.audit_entries set \(raw: column) = \(raw: value(of: column)) where \(query: it)"]
                    + (isHidden && !moves ? [rehash] : []), position: place, entry: entry)
        }
    }

    private static func value(of column: String) -> String {
        switch column {
        case "at": "at + interval '1 microsecond'"
        case "action": "action || 'x'"
        case "role": "case when role is null then '' end"
        case "digest": "case when digest is null then sha256('') end"
        case "transaction_id": "(transaction_id::text::bigint + 1)::text::xid8"
        case "subject_until": "case when subject_until is null then subject_id end"
        default: "gen_random_uuid()"
        }
    }

    @Test func `Without the kept hashes the root alone tells that something was changed`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            try await SignedLog.with { log in
                let network = try await server.makeNetwork()
                try await network.fillLog(20)
                try await log.write(server.app)
                #expect(try await log.firstFinding(in: network.id, server.owner, withLeaves: false) == nil)
                _ = try await server.superuser.batch([
                    "set local session_replication_role = replica",
                    "update kith.audit_entries set action = 'x' where network_id = \(network.id)::text::uuid and action = ''",
                    "update kith.audit_leaves l set hash = sha256('\\x00'::bytea || kith.audit_leaf(e)) from kith.audit_entries e where e.entry_id = l.entry_id",
                ])
                #expect(try await log.firstFinding(in: network.id, server.owner, withLeaves: false)?.kind == .rootChanged)
            }
        }
    }

    @Test func `A changed copy of the hashes, and a checkpoint that another key has signed, are found`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            try await SignedLog.with { log in
                let network = try await server.makeNetwork()
                try await network.fillLog(20)
                try await log.write(server.app)
                let checkpoint = try log.checkpoint(of: network.id)
                var leaves = try log.leaves(of: network.id)
                leaves[40] ^= 1
                let changed = AuditVerification([checkpoint], leaves: leaves)
                let finding = try await server.owner.withTransaction { try await changed.firstFinding($0) }
                #expect(finding?.kind == .leavesChanged)
                let note = try String(contentsOfFile: log.folder.checkpointFile(of: checkpoint.network), encoding: .utf8)
                let stranger = try SignedNote.SigningKey(name: "kith", seed: [UInt8](repeating: 7, count: 32)).publicKey
                #expect(throws: AuditFailure.self) { _ = try AuditCheckpoint(note, signedBy: [stranger]) }
                let larger = note.replacing("\n\(checkpoint.size)\n", with: "\n\(checkpoint.size - 1)\n")
                #expect(larger != note)
                #expect(throws: AuditFailure.self) { _ = try AuditCheckpoint(larger, signedBy: log.keyring.checkingKeys()) }
            }
        }
    }
}

extension UUID {
    /// The identifier with its last bits changed.
    fileprivate var shifted: uuid_t {
        var bytes = uuid
        bytes.15 ^= 0xa5
        return bytes
    }
}
