import Crypto
import struct FoundationEssentials.Data

/// A text with an Ed25519 signature, in the form of C2SP signed-note (v1.0.0, 2025): the text, an empty line, and a line
/// `— name base64(key id ‖ signature)`.
public enum SignedNote {
    /// Ed25519, as the format numbers its algorithms.
    fileprivate static let algorithm: UInt8 = 1

    /// The key that signs.
    public struct SigningKey: Sendable {
        /// The name under which it signs.
        public let name: String
        private let key: Curve25519.Signing.PrivateKey

        /// Makes a key.
        /// - Parameters:
        ///   - name: the name under which it signs, without spaces and plus signs
        ///   - seed: 32 bytes (RFC 8032)
        /// - Throws: where the seed has another length
        public init(name: String, seed: [UInt8]) throws {
            self.name = name
            key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        }

        /// The key that others check with.
        public var publicKey: PublicKey { PublicKey(name: name, key: key.publicKey) }

        /// Signs a text, which must end with a line break.
        func sign(_ text: String) throws -> String {
            let signature = try key.signature(for: Data(text.utf8))
            return "\(text)\n— \(name) \(Data(publicKey.id + signature).base64EncodedString())\n"
        }
    }

    /// The key that others check with: `name+id+base64(1 ‖ key)`.
    public struct PublicKey: Sendable {
        /// The name under which it signs.
        public let name: String
        private let key: Curve25519.Signing.PublicKey

        fileprivate init(name: String, key: Curve25519.Signing.PublicKey) {
            self.name = name
            self.key = key
        }

        /// Reads a key as it was written; nil where it is none.
        public init?(_ text: String) {
            let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, let bytes = Data(base64Encoded: String(parts[2])), bytes.first == algorithm,
                let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes.dropFirst())
            else { return nil }
            self.init(name: String(parts[0]), key: key)
            if self.text != text { return nil }
        }

        /// The key as it is written.
        public var text: String {
            let digits = id.hexadecimal
            return "\(name)+\(digits)+\(Data([algorithm] + key.rawRepresentation).base64EncodedString())"
        }

        /// The first four bytes of SHA-256(name ‖ newline ‖ 1 ‖ key).
        fileprivate var id: [UInt8] {
            Array(SHA256.hash(data: Array(name.utf8) + [0x0a, algorithm] + key.rawRepresentation).prefix(4))
        }

        /// The text of a note that this key has signed; nil where it has not.
        func open(_ note: String) -> String? {
            // The last empty line is where the signatures begin; the text may have others.
            guard let end = note.ranges(of: "\n\n").last else { return nil }
            let text = note[..<note.index(after: end.lowerBound)]
            for line in note[end.upperBound...].split(separator: "\n") {
                let words = line.split(separator: " ", omittingEmptySubsequences: false)
                guard words.count == 3, words[0] == "—", words[1] == name, let bytes = Data(base64Encoded: String(words[2])),
                    bytes.count == 68, Array(bytes.prefix(4)) == id
                else { continue }
                if key.isValidSignature(bytes.dropFirst(4), for: Data(text.utf8)) { return String(text) }
            }
            return nil
        }
    }
}
