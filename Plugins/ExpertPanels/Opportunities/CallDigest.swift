import Crypto
import PluginKit
import struct FoundationEssentials.UUID

/// What people say of themselves as a digest, by which two who say the same are known as such within one call, and nothing else.
enum CallDigest {
    static func of(_ texts: String..., in opportunity: UUID) -> [UInt8] {
        Array(SHA256.hash(data: Array((["\(opportunity)"] + texts).joined(separator: "\u{0}").utf8)))
    }
}
