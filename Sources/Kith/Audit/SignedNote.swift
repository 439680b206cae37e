import Crypto
import struct FoundationEssentials.Data

/// A text with an Ed25519 signature, in the form of C2SP signed-note (v1.0.0, 2025): the text, an empty line, and a line
/// `— name base64(key id ‖ signature)`.
public enum SignedNote {
    /// Ed25519, as the format numbers its algorithms.
    fileprivate static let algorithm: UInt8 = 1

    /// The key that signs. It is written as Go's sumdb/note writes its keys: `PRIVATE+KEY+name+id+base64(1 ‖ seed)`.
    public struct SigningKey: Sendable {
        /// The name under which it signs.
        public let name: String
        private let key: Curve25519.Signing.PrivateKey

        /// A new key.
        public init(name: String) {
            self.name = name
            key = Curve25519.Signing.PrivateKey()
        }

        /// Reads a key as it was written; nil where it is none.
        public init?(_ text: String) {
            guard text.hasPrefix("PRIVATE+KEY+"), let (name, id, bytes) = parts(of: text.dropFirst("PRIVATE+KEY+".count)),
                let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
            else { return nil }
            self.name = name
            self.key = key
            if publicKey.id != id { return nil }
        }

        /// The key as it is written. A secret.
        public var text: String { "PRIVATE+KEY+" + written(name, publicKey.id, key.rawRepresentation) }

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
            guard let (name, id, bytes) = parts(of: text[...]), let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
            else { return nil }
            self.init(name: name, key: key)
            if self.id != id { return nil }
        }

        /// The key as it is written.
        public var text: String { written(name, id, key.rawRepresentation) }

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

    private static func parts(of text: Substring) -> (name: String, id: [UInt8], key: Data)? {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, !parts[0].contains(where: \.isWhitespace), parts[1].utf8.count == 8,
            let id = UInt32(parts[1], radix: 16), let bytes = Data(base64Encoded: String(parts[2])), bytes.first == algorithm
        else { return nil }
        return (String(parts[0]), withUnsafeBytes(of: id.bigEndian) { Array($0) }, Data(bytes.dropFirst()))
    }

    private static func written(_ name: String, _ id: [UInt8], _ key: Data) -> String {
        let digits = id.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "\(name)+\(digits)+\(Data([algorithm] + key).base64EncodedString())"
    }
}
