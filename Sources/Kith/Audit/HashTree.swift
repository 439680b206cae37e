/// The Merkle hash tree of RFC 6962, section 2.1: roots, inclusion proofs and consistency proofs, from leaf hashes.
public enum HashTree {
    /// What must be kept of a tree to append to it: the roots of its complete subtrees, largest first, at most one a power of two.
    public struct Frontier: Sendable {
        /// How many leaves the tree has.
        public private(set) var size = 0
        private var subtrees: [TreeHash] = []

        /// A tree without leaves.
        public init() {}

        /// Appends a leaf.
        public mutating func append(_ leaf: TreeHash) {
            var hash = leaf
            var rest = size
            while rest & 1 == 1 {
                hash = .node(subtrees.removeLast(), hash)
                rest >>= 1
            }
            subtrees.append(hash)
            size += 1
        }

        /// The root.
        public var root: TreeHash {
            guard let last = subtrees.last else { return .empty }
            return subtrees.dropLast().reversed().reduce(last) { .node($1, $0) }
        }
    }

    /// The root over leaves.
    public static func root(_ leaves: some Sequence<TreeHash>) -> TreeHash {
        var frontier = Frontier()
        for leaf in leaves { frontier.append(leaf) }
        return frontier.root
    }

    /// The proof that a leaf is in the tree over all leaves: its audit path (RFC 6962, section 2.1.1), lowest first.
    public static func inclusionProof(of index: Int, in leaves: ArraySlice<TreeHash>) -> [TreeHash] {
        guard leaves.count > 1 else { return [] }
        let middle = leaves.startIndex + split(leaves.count)
        return leaves.startIndex + index < middle
            ? inclusionProof(of: index, in: leaves[..<middle]) + [root(leaves[middle...])]
            : inclusionProof(of: leaves.startIndex + index - middle, in: leaves[middle...]) + [root(leaves[..<middle])]
    }

    /// The proof that the tree over all leaves only appends to the tree over the first ones (RFC 6962, section 2.1.2).
    public static func consistencyProof(from size: Int, in leaves: ArraySlice<TreeHash>) -> [TreeHash] {
        func proof(_ size: Int, _ leaves: ArraySlice<TreeHash>, _ isWhole: Bool) -> [TreeHash] {
            if size == leaves.count { return isWhole ? [] : [root(leaves)] }
            let left = split(leaves.count)
            let middle = leaves.startIndex + left
            return size <= left
                ? proof(size, leaves[..<middle], isWhole) + [root(leaves[middle...])]
                : proof(size - left, leaves[middle...], false) + [root(leaves[..<middle])]
        }
        return size == 0 ? [] : proof(size, leaves, true)
    }

    /// The root that an inclusion proof leads to, or nil where the proof has another length than the tree asks for
    /// (RFC 9162, section 2.1.3.2, December 2021).
    public static func root(provenBy path: [TreeHash], of leaf: TreeHash, at index: Int, size: Int) -> TreeHash? {
        guard index >= 0, index < size else { return nil }
        var (position, last, hash) = (index, size - 1, leaf)
        for sibling in path {
            if last == 0 { return nil }
            if position & 1 == 1 || position == last {
                hash = .node(sibling, hash)
                while position & 1 == 0, position != 0 { (position, last) = (position >> 1, last >> 1) }
            } else {
                hash = .node(hash, sibling)
            }
            (position, last) = (position >> 1, last >> 1)
        }
        return last == 0 ? hash : nil
    }

    /// Whether a consistency proof leads from one root to the other (RFC 9162, section 2.1.4.2, December 2021).
    public static func isConsistent(_ first: (size: Int, root: TreeHash), _ second: (size: Int, root: TreeHash), _ proof: [TreeHash])
        -> Bool
    {
        if first.size == second.size { return proof.isEmpty && first.root == second.root }
        guard first.size > 0, first.size < second.size else { return false }
        // The tree over the first leaves is a complete subtree of the other and not repeated in the proof.
        let path = first.size.nonzeroBitCount == 1 ? [first.root] + proof : proof
        guard let start = path.first else { return false }
        var (position, last) = (first.size - 1, second.size - 1)
        while position & 1 == 1 { (position, last) = (position >> 1, last >> 1) }
        var (old, new) = (start, start)
        for hash in path.dropFirst() {
            if last == 0 { return false }
            if position & 1 == 1 || position == last {
                (old, new) = (.node(hash, old), .node(hash, new))
                while position & 1 == 0, position != 0 { (position, last) = (position >> 1, last >> 1) }
            } else {
                new = .node(new, hash)
            }
            (position, last) = (position >> 1, last >> 1)
        }
        return last == 0 && old == first.root && new == second.root
    }

    // The largest power of two below the size.
    private static func split(_ size: Int) -> Int {
        1 << (Int.bitWidth - 1 - (size - 1).leadingZeroBitCount)
    }
}
