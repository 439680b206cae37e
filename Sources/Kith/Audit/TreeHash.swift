import Crypto

/// A hash of a hash tree: SHA-256 with the domains of RFC 6962, section 2.1 (June 2013).
public struct TreeHash: Sendable, Hashable {
    /// How many bytes it has.
    public static let size = 32

    private let words: SIMD4<UInt64>

    private init(_ digest: SHA256.Digest) {
        words = digest.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    }

    /// Takes a hash as it was kept.
    /// - Parameter bytes: 32 bytes; nil for any other number
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.size else { return nil }
        words = Array(bytes).withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    }

    init(in buffer: UnsafeRawBufferPointer, at index: Int) {
        words = buffer.loadUnaligned(fromByteOffset: index * Self.size, as: SIMD4<UInt64>.self)
    }

    /// The bytes.
    public var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

    /// The root of a tree without leaves.
    public static let empty = TreeHash(SHA256.hash(data: [UInt8]()))

    /// The hash of a leaf: SHA-256(0x00 ‖ bytes).
    public static func leaf(_ bytes: [UInt8]) -> TreeHash {
        var hash = SHA256()
        hash.update(data: [0x00])
        hash.update(data: bytes)
        return TreeHash(hash.finalize())
    }

    /// The hash of a node: SHA-256(0x01 ‖ left ‖ right).
    static func node(_ left: TreeHash, _ right: TreeHash) -> TreeHash {
        withUnsafeTemporaryAllocation(byteCount: 1 + 2 * size, alignment: 1) { buffer in
            buffer[0] = 0x01
            buffer.storeBytes(of: left.words, toByteOffset: 1, as: SIMD4<UInt64>.self)
            buffer.storeBytes(of: right.words, toByteOffset: 1 + size, as: SIMD4<UInt64>.self)
            return TreeHash(SHA256.hash(data: UnsafeRawBufferPointer(buffer)))
        }
    }
}
