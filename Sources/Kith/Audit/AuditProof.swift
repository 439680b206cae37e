import Postgres
public import FoundationEssentials

/// Proofs about the audit log that can be checked without the server: that an entry is in it, and that it was only appended to.
public enum AuditProof {
    private static let hashes = Schema.list(.inline(["type": "string", "contentEncoding": "base64"]))
    private static let entry = Schema.inline(["type": "object"])
    private static let version = Schema.inline(["type": "integer", "enum": [1]])
    private static let text = Schema.inline(["type": "string"])
    private static func kind(_ kind: String) -> Schema { .inline(["type": "string", "enum": [.string(kind)]]) }

    /// The proof that an entry is under a checkpoint.
    public static let inclusion = Schema.object(
        name: "AuditInclusionProof",
        members: [
            ("version", version, "Of this form and of the entry's bytes."),
            ("kind", kind("inclusion"), "What is proven."),
            ("entry", entry, "The entry, every field that its hash covers."),
            ("index", .inline(["type": "integer"]), "Its position in the log, from 0."),
            ("path", hashes, "The audit path of RFC 6962, section 2.1.1, lowest first."),
            ("checkpoint", text, "The signed checkpoint to which the path leads."),
        ], required: ["version", "kind", "entry", "index", "path", "checkpoint"])

    /// The proof that a checkpoint only appends to an earlier one.
    public static let consistency = Schema.object(
        name: "AuditConsistencyProof",
        members: [
            ("version", version, "Of this form."),
            ("kind", kind("consistency"), "What is proven."),
            ("earlier", text, "The earlier signed checkpoint."),
            ("checkpoint", text, "The later signed checkpoint."),
            ("path", hashes, "The consistency proof of RFC 6962, section 2.1.2."),
        ], required: ["version", "kind", "earlier", "checkpoint", "path"])

    /// Proves that an entry is in the log, by the latest checkpoint over it.
    /// - Throws: ``Refusal`` of kind `conflict` while there is no checkpoint over the entry yet
    public static func inclusion(by actor: Actor, of entry: UUID) async throws -> JSON {
        let read = try await actor.run(
            """
            select l.position, \(query: AuditLeaf.columns)
            from kith.audit_entries e left join kith.audit_leaves l on l.network_id = e.network_id and l.entry_id = e.entry_id
            where e.network_id = kith.current_network() and e.entry_id = \(entry)
            """,
            """
            select c.size, c.note from kith.audit_checkpoints c join kith.audit_leaves l on l.network_id = c.network_id
            where c.network_id = kith.current_network() and l.entry_id = \(entry) and c.size > l.position order by c.size desc limit 1
            """)
        let row = try read[0].only(AuditEntries.resource)
        guard let (size, note) = try read[1].decode((Int, String).self).first, let index = try row[0, as: Int?.self] else {
            throw Refusal.conflict("No signed checkpoint covers this entry yet. One is made every few minutes: ask again a little later.")
        }
        let leaves = try await leaves(by: actor, size)
        let path = try await Blocking.run { _ in HashTree.inclusionProof(of: index, in: leaves[...]) }
        return [
            "version": 1, "kind": "inclusion", "entry": try AuditLeaf(row, from: 1).json, "index": .integer(Int64(index)),
            "path": path.json, "checkpoint": .string(note),
        ]
    }

    /// Proves that the log under a checkpoint begins with the log under an earlier one.
    public static func consistency(by actor: Actor, of checkpoint: UUID, since earlier: UUID) async throws -> JSON {
        let read = try await actor.run(
            "select size, note from kith.audit_checkpoints where network_id = kith.current_network() and checkpoint_id = \(checkpoint)",
            "select size, note from kith.audit_checkpoints where network_id = kith.current_network() and checkpoint_id = \(earlier)")
        let (size, note) = try read[0].only(AuditCheckpoints.resource).decode((Int, String).self)
        let (first, firstNote) = try read[1].only(AuditCheckpoints.resource).decode((Int, String).self)
        guard first <= size else { throw Refusal.conflict("The second checkpoint is the later one. Ask for them the other way round.") }
        let leaves = try await leaves(by: actor, size)
        let path = try await Blocking.run { _ in HashTree.consistencyProof(from: first, in: leaves[...]) }
        return ["version": 1, "kind": "consistency", "earlier": .string(firstNote), "checkpoint": .string(note), "path": path.json]
    }

    /// Checks a proof without a server.
    /// - Parameters:
    ///   - proof: the proof as it was answered
    ///   - keys: whose signature counts
    /// - Returns: the checkpoint to which it leads
    /// - Throws: ``AuditFailure`` where it proves nothing
    public static func check(_ proof: JSON, signedBy keys: [SignedNote.PublicKey]) throws -> AuditCheckpoint {
        guard proof["version"] == 1, let note = proof["checkpoint"]?.string,
            let path = proof["path"]?.array?.compactMap({ $0.string.flatMap { Data(base64Encoded: $0) }.flatMap { TreeHash($0) } }),
            path.count == proof["path"]?.array?.count
        else { throw AuditFailure("This is no proof of an audit log, or of another version of Kith.") }
        let checkpoint = try AuditCheckpoint(note, signedBy: keys)
        switch proof["kind"]?.string {
        case "inclusion":
            let leaf = AuditLeaf(proof["entry"] ?? .null)
            let root = HashTree.root(provenBy: path, of: leaf.hash, at: Int(proof["index"]?.integer ?? -1), size: checkpoint.size)
            guard root == checkpoint.root, leaf.network == checkpoint.network else {
                throw AuditFailure(
                    "The proof does not lead to the checkpoint: the entry is not in the log, or not as it stands here.", isTampering: true)
            }
        case "consistency":
            let earlier = try AuditCheckpoint(proof["earlier"]?.string ?? "", signedBy: keys)
            guard earlier.network == checkpoint.network,
                HashTree.isConsistent((earlier.size, earlier.root), (checkpoint.size, checkpoint.root), path)
            else { throw AuditFailure("The later log does not begin with the earlier one: it has been changed.", isTampering: true) }
        default: throw AuditFailure("This is no proof of an audit log, or of another version of Kith.")
        }
        return checkpoint
    }

    private static func leaves(by actor: Actor, _ size: Int) async throws -> [TreeHash] {
        var leaves: [TreeHash] = []
        leaves.reserveCapacity(size)
        while leaves.count < size {
            let end = min(size, leaves.count + 32_768)
            let bytes = try await actor.read(
                """
                select coalesce(string_agg(hash, ''::bytea order by position), ''::bytea) from kith.audit_leaves
                where network_id = kith.current_network() and position >= \(leaves.count) and position < \(end)
                """
            ).decode([UInt8].self)[0]
            guard bytes.count == (end - leaves.count) * TreeHash.size else {
                throw Refusal.conflict("The audit log has gaps, so nothing can be proven of it. Tell whoever runs the server.")
            }
            bytes.withUnsafeBytes { buffer in
                for index in 0..<end - leaves.count { leaves.append(TreeHash(in: buffer, at: index)) }
            }
        }
        return leaves
    }
}

extension [TreeHash] {
    fileprivate var json: JSON { .array(map { .string(Data($0.bytes).base64EncodedString()) }) }
}
