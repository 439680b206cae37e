import Foundation
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct AuditTreeTests {
    private func withNetwork(_ body: @escaping @Sendable (TestNetwork) async throws -> Void) async throws {
        try await withTestServer(Distribution([]), worker: false) { server in try await body(server.makeNetwork()) }
    }

    @Test func `Entries that are written at the same time get positions without a gap, each one once`() async throws {
        try await withNetwork { network in
            let server = network.server
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask { for _ in 0..<15 { _ = try await network.post("/people", ["name": "P"]).expecting(201) } }
                    group.addTask { for _ in 0..<10 { _ = try await server.app.query("select kith.number_audit_entries(7)") } }
                }
                try await group.waitForAll()
            }
            try await server.numberAuditEntries()
            let (entries, leaves, first, last) = try await server.superuser.query(
                """
                select (select count(*) from kith.audit_entries e where e.network_id = l.network_id), count(*), min(position), max(position)
                from kith.audit_leaves l where network_id = \(network.id)::text::uuid group by network_id
                """
            ).decode((Int, Int, Int, Int).self)[0]
            #expect(entries > 60)
            #expect((leaves, first, last) == (entries, 0, entries - 1))
        }
    }

    @Test func `A transaction that ends late is numbered late, and not forgotten`() async throws {
        try await withNetwork { network in
            let server = network.server
            try await server.superuser.withTransaction { slow in
                try await slow.query(
                    """
                    insert into kith.audit_entries (network_id, entry_id, action, subject_id)
                    values (\(network.id)::text::uuid, kith.new_id(), 'slow', gen_random_uuid())
                    """)
                for _ in 0..<5 {
                    _ = try await network.post("/people", ["name": "P"]).expecting(201)
                    _ = try await server.app.query("select kith.number_audit_entries(100)")
                }
            }
            try await server.numberAuditEntries()
            let late = try await server.superuser.query(
                "select e.entry_id from kith.audit_entries e join kith.audit_leaves l using (network_id, entry_id) where e.action = 'slow'")
            #expect(late.count == 1)
        }
    }

    @Test func `A database that was restored into a younger cluster goes on being numbered`() async throws {
        try await withNetwork { network in
            let server = network.server
            _ = try await server.superuser.query("update kith.audit_numbering set settled_before = '1000000000000'")
            _ = try await network.post("/people", ["name": "P"]).expecting(201)
            try await server.numberAuditEntries()
            let missing = try await server.superuser.query(
                "select from kith.audit_entries e where not exists (select from kith.audit_leaves l where l.entry_id = e.entry_id)")
            #expect(missing.isEmpty)
        }
    }

    @Test(arguments: [
        "insert into kith.audit_leaves (network_id, position, entry_id, hash) select network_id, 1000, kith.new_id(), sha256('') from kith.audit_entries limit 1",
        "update kith.audit_leaves set hash = sha256('')", "delete from kith.audit_leaves", "truncate kith.audit_leaves",
        "insert into kith.audit_checkpoints (network_id, size, note) select network_id, 1, '' from kith.networks",
        "update kith.audit_checkpoints set note = ''", "delete from kith.audit_checkpoints",
        "update kith.audit_numbering set settled_before = '0'", "update kith.access_reasons set reason = 'x'",
        "insert into kith.audit_entries (network_id, entry_id, at, action, subject_id) select network_id, kith.new_id(), now(), '', network_id from kith.networks",
        "insert into kith.audit_entries (network_id, entry_id, transaction_id, action, subject_id) select network_id, kith.new_id(), '1', '', network_id from kith.networks",
    ])
    func `The server can only append, and says neither when nor where`(statement: String) async throws {
        try await withNetwork { network in
            _ = try await network.server.app.query("select kith.number_audit_entries(100)")
            let error = await #expect(throws: PostgresError.self) {
                _ = try await network.server.app.batch([
                    "select set_config('kith.network', \(network.id), true)", Query(raw: statement),
                ])
            }
            #expect(error?.sqlState?.rawValue == "42501", "\(String(describing: error))")
        }
    }

    @Test func `Nobody changes the tree by mistake, the owner neither`() async throws {
        try await withNetwork { network in
            try await SignedLog.with { log in
                try await log.write(network.server.app)
                for table in ["audit_leaves", "audit_checkpoints"] {
                    for client in [network.server.owner, network.server.superuser] {
                        let error = await #expect(throws: PostgresError.self) {
                            _ = try await client.query("delete from kith.\(raw: table)")
                        }
                        #expect(error?.sqlState?.rawValue == "KH409", "\(table)")
                    }
                }
            }
        }
    }

    @Test func `Checkpoints follow the log, and are refused once it is not what was signed`() async throws {
        try await withNetwork { network in
            try await SignedLog.with { log in
                let server = network.server
                try await log.write(server.app)
                let first = try log.checkpoint(of: network.id)
                try await network.fillLog(70)
                try await log.write(server.app)
                let second = try log.checkpoint(of: network.id)
                #expect(second.size == first.size + 70)
                #expect(second.time > first.time)
                let leaves = try log.leaves(of: network.id)
                #expect(leaves.count == second.size * 32)
                // Both are of one log.
                let both = AuditVerification([second, first], leaves: leaves)
                #expect(try await server.owner.withTransaction { try await both.firstFinding($0) } == nil)
                // A new key signs what follows, and the old one's signatures still count.
                try log.keyring.change { $0.add(.signing) }
                try await log.write(server.app)
                #expect(try log.checkpoint(of: network.id).root == second.root)
                // A copy that is lost is made again from the database, and must lead to what was signed.
                try FileManager.default.removeItem(atPath: log.folder.leavesFile(of: second.network))
                try await log.write(server.app)
                #expect(try log.leaves(of: network.id) == leaves)
                #expect(
                    try await server.superuser.query("select from kith.audit_checkpoints where network_id = \(second.network)").count == 2)

                _ = try await server.superuser.batch([
                    "set local session_replication_role = replica",
                    """
                    delete from kith.audit_entries e using kith.audit_leaves l where l.network_id = e.network_id and l.entry_id = e.entry_id
                      and l.network_id = \(second.network) and l.position > 60
                    """,
                    "delete from kith.audit_leaves where network_id = \(second.network) and position > 60",
                ])
                await #expect(throws: AuditFailure.self) { try await log.write(server.app) }
                #expect(try log.checkpoint(of: network.id).size == second.size)
            }
        }
    }

    @Test func `Proofs of an entry and of two checkpoints are checked without the server`() async throws {
        try await withNetwork { network in
            try await SignedLog.with { log in
                let server = network.server
                let entry = try await network.get("/audit-entries").items[0]["id"]?.string ?? ""
                #expect(try await network.get("/audit-entries/\(entry)/proof").status == 409)
                try await log.write(server.app)
                try await network.fillLog(33)
                try await log.write(server.app)
                let proof = try await network.get("/audit-entries/\(entry)/proof").expecting(200).json
                let checkpoint = try AuditProof.check(proof, signedBy: log.keyring.checkingKeys())
                #expect(try checkpoint == log.checkpoint(of: network.id))
                guard case .object(var members) = proof, case .object(var fields)? = members["entry"] else { return }
                for (name, value) in fields where name != "subject_until" {
                    let original = fields
                    fields[name] = value == .null ? "00000000-0000-0000-0000-000000000001" : .null
                    members["entry"] = .object(fields)
                    if !["role", "digest"].contains(name) {
                        #expect(throws: AuditFailure.self, "\(name)") {
                            _ = try AuditProof.check(.object(members), signedBy: log.keyring.checkingKeys())
                        }
                    }
                    fields = original
                }
                let checkpoints = try await network.get("/audit-checkpoints").items
                #expect(checkpoints.count == 2)
                let (earlier, later) = (checkpoints[0]["id"]?.string ?? "", checkpoints[1]["id"]?.string ?? "")
                let consistency = try await network.get("/audit-checkpoints/\(later)/since/\(earlier)").expecting(200).json
                #expect(try AuditProof.check(consistency, signedBy: log.keyring.checkingKeys()) == checkpoint)
                #expect(try await network.get("/audit-checkpoints/\(earlier)/since/\(later)").status == 409)
                // Anyone in the network may keep checkpoints; entries are for auditors.
                let member = try await network.person()
                #expect(try await network.get("/audit-checkpoints", as: member).status == 200)
                #expect(try await network.get("/audit-entries/\(entry)/proof", as: member).status == 403)
                let other = try await server.makeNetwork()
                #expect(try await other.get("/audit-entries/\(entry)/proof").status == 404)
                #expect(try await other.get("/audit-checkpoints/\(later)").status == 404)
            }
        }
    }
}
