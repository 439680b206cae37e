public import Postgres
public import struct FoundationEssentials.UUID

/// Signs what the audit log of each network is, and keeps it outside the database.
public struct CheckpointWriter: Sendable {
    private let client: PostgresClient
    private let folder: CheckpointFolder
    private let keyring: KeyringFile

    // 2 MB on their way, as text.
    private static let page = 32_768

    /// Makes a writer.
    /// - Parameters:
    ///   - client: the database, as the server or its owner
    ///   - folder: where checkpoints are kept
    ///   - keyring: holds the key that signs them
    public init(client: PostgresClient, folder: CheckpointFolder, keyring: KeyringFile) {
        self.client = client
        self.folder = folder
        self.keyring = keyring
    }

    /// Writes a checkpoint of every network that has entries.
    /// - Parameter known: the trees as this process last left them, so that their files need not be read again; may be empty
    /// - Returns: the checkpoints
    /// - Throws: ``AuditFailure`` where what was signed before is no longer so, ``Keyring/Failure`` where there is no key
    public func write(_ known: inout [UUID: HashTree.Frontier]) async throws -> [AuditCheckpoint] {
        var trees = known
        defer { known = trees }
        return try await folder.locked {
            // By the database's clock, and before the entries are numbered: what was committed by then is in the tree.
            let time = try await client.query("select (extract(epoch from clock_timestamp()) * 1000000)::bigint").decode(Int64.self)[0]
            while try await AuditNumbering.number(client) > 0 {}
            let key = try keyring.signingKey()
            var checkpoints: [AuditCheckpoint] = []
            for (network, size) in try await client.query("select network_id, size from kith.audit_trees()").decode((UUID, Int).self) {
                checkpoints.append(try await write(network, size: size, time: time, signing: key, &trees[network]))
            }
            return checkpoints
        }
    }

    private func write(
        _ network: UUID, size: Int, time: Int64, signing key: SignedNote.SigningKey, _ known: inout HashTree.Frontier?
    ) async throws -> AuditCheckpoint {
        let last = try folder.checkpoint(of: network, signedBy: keyring.checkingKeys())
        var tree = try await tree(of: network, upTo: last, known)
        known = nil
        guard size >= tree.size else {
            throw AuditFailure(
                "The audit log of the network \(network) has \(size) entries, and had \(tree.size) when it was last signed. Find out what is "
                    + "missing with: kith audit verify", isTampering: true)
        }
        try await extend(&tree, to: size, of: network, checking: last)
        let checkpoint = AuditCheckpoint(network: network, size: size, root: tree.root, time: time)
        let note = try checkpoint.signed(by: key)
        try folder.keep(note, of: network)
        if last?.size != size { _ = try await client.query("select kith.keep_audit_checkpoint(\(network), \(size), \(note))") }
        known = tree
        return checkpoint
    }

    // What is kept outside, as far as it was signed; the rest is read again.
    private func tree(of network: UUID, upTo last: AuditCheckpoint?, _ known: HashTree.Frontier?) async throws -> HashTree.Frontier {
        guard let last else { return HashTree.Frontier() }
        let leaves = try folder.leaves(of: network, most: last.size)
        if let known, known.size == last.size, known.root == last.root, leaves.count == last.size * TreeHash.size { return known }
        let tree = try await Blocking.run { _ in
            leaves.withUnsafeBytes { bytes in
                var tree = HashTree.Frontier()
                for index in 0..<leaves.count / TreeHash.size { tree.append(TreeHash(in: bytes, at: index)) }
                return tree
            }
        }
        return try tree.checked(against: last)
    }

    private func extend(_ tree: inout HashTree.Frontier, to size: Int, of network: UUID, checking last: AuditCheckpoint?) async throws {
        while tree.size < size {
            // A page ends where a signed tree ended, so that its root can be compared.
            let end = min(size, tree.size + Self.page, last.map { $0.size > tree.size ? $0.size : size } ?? size)
            let hashes = try await client.query(
                "select kith.audit_leaf_hashes(\(network), \(tree.size), \(end - tree.size))"
            ).decode([UInt8].self)[0]
            guard hashes.count == (end - tree.size) * TreeHash.size else {
                throw AuditFailure(
                    "The audit log of the network \(network) has gaps. Find out what is missing with: kith audit verify", isTampering: true)
            }
            let first = tree.size
            hashes.withUnsafeBytes { bytes in
                for index in 0..<end - first { tree.append(TreeHash(in: bytes, at: index)) }
            }
            if let last { tree = try tree.checked(against: last) }
            try folder.append(hashes, from: first, of: network)
        }
    }
}

extension HashTree.Frontier {
    fileprivate func checked(against last: AuditCheckpoint) throws -> HashTree.Frontier {
        guard size != last.size || root == last.root else {
            throw AuditFailure(
                "The audit log of the network \(last.network), or the copy of its hashes beside the checkpoints, is not what was last signed. "
                    + "Find out where with: kith audit verify", isTampering: true)
        }
        return self
    }
}
