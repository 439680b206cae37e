public import FoundationEssentials

/// What the audit log of a network was at a time: how many entries, and the root of their hash tree.
///
/// Written as a C2SP tlog-checkpoint (v1.0.0, 2025): the origin, the size, the root, and one line of its own, the time.
///
/// ```text
/// kith/audit/01936b5e-…
/// 5217
/// CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
/// time 1763736000000000
///
/// — kith Az3grl…
/// ```
public struct AuditCheckpoint: Sendable, Hashable {
    /// Whose log; the zero identifier is the server's own.
    public let network: UUID
    /// How many entries.
    public let size: Int
    /// The root of the tree.
    public let root: TreeHash
    /// Until when everything that was committed is in it: microseconds since 1970, by the database's clock.
    public let time: Int64

    private static let origin = "kith/audit/"

    init(network: UUID, size: Int, root: TreeHash, time: Int64) {
        self.network = network
        self.size = size
        self.root = root
        self.time = time
    }

    /// Reads a checkpoint that one of several keys has signed.
    /// - Parameters:
    ///   - note: the checkpoint with its signature
    ///   - keys: whose signature counts
    /// - Throws: ``AuditFailure`` where the signature is of none of these keys, or the text is no checkpoint
    public init(_ note: String, signedBy keys: [SignedNote.PublicKey]) throws {
        guard let text = keys.lazy.compactMap({ $0.open(note) }).first else {
            throw AuditFailure(
                "The checkpoint is not signed by any of these keys, or was changed since: \(keys.map(\.text).joined(separator: ", ")).",
                isTampering: true)
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 5, lines[0].hasPrefix(Self.origin),
            let network = UUID(uuidString: String(lines[0].dropFirst(Self.origin.count))),
            let size = Int(lines[1]), size >= 0, "\(size)" == lines[1],
            let root = Data(base64Encoded: String(lines[2])).flatMap({ TreeHash($0) }),
            lines[3].hasPrefix("time "), let time = Int64(lines[3].dropFirst(5))
        else { throw AuditFailure("This is a signed text, and not a checkpoint of an audit log.") }
        self.init(network: network, size: size, root: root, time: time)
    }

    /// The checkpoint with a signature.
    func signed(by key: SignedNote.SigningKey) throws -> String {
        try key.sign(
            "\(Self.origin)\("\(network)".lowercased())\n\(size)\n\(Data(root.bytes).base64EncodedString())\ntime \(time)\n")
    }
}
