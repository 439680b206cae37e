public import Postgres
public import FoundationEssentials

/// Compares the audit log of a network with signed checkpoints, and names the first entry that is not as it was.
public struct AuditVerification: Sendable {
    /// What is wrong with the log.
    public struct Finding: Sendable, Hashable {
        /// The kinds of tampering.
        public enum Kind: String, Sendable {
            /// The entry is not what was signed.
            case changed
            /// The entry, or its place in the tree, is gone.
            case missing
            /// There is an entry where none was.
            case inserted
            /// The entry has another place or hash in the tree's own table.
            case misplaced
            /// The copy of the leaf hashes beside the checkpoint is not what was signed; it cannot name what else is wrong.
            case leavesChanged = "leaves_changed"
            /// The log is not what was signed, and there is no copy of the leaf hashes to name the entry by.
            case rootChanged = "root_changed"
            /// Two checkpoints with good signatures contradict each other.
            case checkpointsDiffer = "checkpoints_differ"
        }

        /// What kind.
        public let kind: Kind
        /// The number of the entry in the log, from 0; nil where it has none.
        public let position: Int?
        /// The entry, where it is known.
        public let entry: UUID?
    }

    /// How long a transaction may take between writing an entry and its commit: what is dated longer than this before a checkpoint,
    /// and is not in it, was not there.
    public static let grace: Int64 = 600 * 1_000_000

    private let checkpoints: [AuditCheckpoint]
    private let leaves: Data?

    /// Prepares a comparison.
    /// - Parameters:
    ///   - checkpoints: of one network, with signatures that were checked
    ///   - leaves: the leaf hashes that were kept beside them, of the whole file; nil where there are none
    public init(_ checkpoints: [AuditCheckpoint], leaves: Data?) {
        precondition(!checkpoints.isEmpty && Set(checkpoints.map(\.network)).count == 1, "one network at a time")
        self.checkpoints = checkpoints.sorted { ($0.size, $0.time) < ($1.size, $1.time) }
        self.leaves = leaves
    }

    private var last: AuditCheckpoint { checkpoints[checkpoints.count - 1] }

    /// Reads the whole log in one transaction and compares it.
    /// - Parameter transaction: as the owner or a superuser, `repeatable read` so that one state of the log is seen
    /// - Returns: the first thing that is wrong; nil where all is as it was signed
    /// - Throws: where the log cannot be read
    public func firstFinding(_ transaction: Transaction) async throws -> Finding? {
        guard let leaves, leaves.count >= last.size * TreeHash.size else { return try await compare(transaction, with: nil) }
        if let finding = checkRoots(of: leaves) { return finding }
        return try await compare(transaction, with: leaves)
    }

    private func checkRoots(of leaves: Data) -> Finding? {
        leaves.withUnsafeBytes { bytes in
            var tree = HashTree.Frontier()
            for checkpoint in checkpoints {
                while tree.size < checkpoint.size { tree.append(TreeHash(in: bytes, at: tree.size)) }
                if tree.root != checkpoint.root { return finding(against: checkpoint, .leavesChanged) }
            }
            return nil
        }
    }

    // A root that differs says that something does; a second checkpoint of the same size, that somebody signed twice.
    private func finding(against checkpoint: AuditCheckpoint, _ kind: Finding.Kind) -> Finding {
        let isSplit = checkpoints.contains { $0.size == checkpoint.size && $0.root != checkpoint.root }
        return Finding(kind: isSplit ? .checkpointsDiffer : kind, position: nil, entry: nil)
    }

    private func compare(_ transaction: Transaction, with leaves: Data?) async throws -> Finding? {
        // Memory for the sort and the join of a large log, for this transaction.
        try await transaction.query("set local work_mem = '256MB'", deadline: nil)
        let finding = try await transaction.withRows(
            // In binary, because a log of years has millions of entries.
            Query(
                """
                select l.position, l.hash, l.entry_id, \(query: AuditLeaf.columns)
                from kith.audit_leaves l left join kith.audit_entries e on e.network_id = l.network_id and e.entry_id = l.entry_id
                where l.network_id = \(last.network) order by l.position
                """
            ).inBinary
        ) { rows -> Finding? in
            var tree = HashTree.Frontier()
            var signed = checkpoints[...]
            var position = 0
            for try await row in rows {
                let expected = position < last.size ? leaves?.hash(at: position) : nil
                let hash = AuditLeaf.hash(row, from: 3)
                if let finding = compare(row, hash, at: position, with: expected) { return finding }
                if leaves == nil, position < last.size {
                    tree.append(hash)
                    while let checkpoint = signed.first, checkpoint.size == tree.size {
                        if checkpoint.root != tree.root { return self.finding(against: checkpoint, .rootChanged) }
                        signed.removeFirst()
                    }
                }
                position += 1
            }
            return position < last.size ? Finding(kind: .missing, position: position, entry: nil) : nil
        }
        return if let finding { finding } else { try await findUnnumbered(transaction) }
    }

    private func compare(_ row: Row, _ hash: TreeHash, at position: Int, with expected: TreeHash?) -> Finding? {
        let place = row.withBytes(of: 0) { Int(bigEndian: $0?.loadUnaligned(as: Int.self) ?? -1) }
        let entry = row.withBytes(of: 2) { $0.map { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) } }
        guard place == position else { return Finding(kind: place > position ? .missing : .inserted, position: position, entry: nil) }
        let isMissing = row.withBytes(of: 4) { $0 == nil }
        if isMissing { return Finding(kind: .missing, position: position, entry: entry) }
        if let expected, hash != expected { return Finding(kind: .changed, position: position, entry: entry) }
        if row.withBytes(of: 1, { $0.flatMap { TreeHash($0) } }) != hash {
            // Without the kept hashes the tree's own table is what is left to compare with.
            return Finding(kind: expected == nil ? .changed : .misplaced, position: position, entry: entry)
        }
        // Under no checkpoint, and dated as if it were.
        let time = row.withBytes(of: 5) { $0.map { Int64(bigEndian: $0.loadUnaligned(as: Int64.self)) } }
        if position >= last.size, time.map({ $0 < last.time - Self.grace }) ?? true {
            return Finding(kind: .inserted, position: position, entry: entry)
        }
        return nil
    }

    private func findUnnumbered(_ transaction: Transaction) async throws -> Finding? {
        let entries = try await transaction.query(
            """
            select e.entry_id from kith.audit_entries e
            where e.network_id = \(last.network)
              and not coalesce(e.at >= to_timestamp(\(last.time - Self.grace) / 1000000) and e.at < 'infinity', false)
              and not exists (select from kith.audit_leaves l where l.network_id = e.network_id and l.entry_id = e.entry_id)
            order by e.entry_id limit 1
            """, deadline: .seconds(600)
        ).decode(UUID.self)
        return entries.first.map { Finding(kind: .inserted, position: nil, entry: $0) }
    }
}

extension Data {
    fileprivate func hash(at index: Int) -> TreeHash {
        withUnsafeBytes { TreeHash(in: $0, at: index) }
    }
}
