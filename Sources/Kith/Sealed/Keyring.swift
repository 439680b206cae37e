public import Crypto
public import struct FoundationEssentials.Date
public import struct FoundationEssentials.Data

/// The server's own keys, which are never in the database. They wrap the data keys that are (see ``DataKeys``).
///
/// Each kind of key has one that is current; those that it replaced stay for what they wrapped.
public struct Keyring: Sendable {
    /// What a key is for.
    public enum Kind: String, Sendable, CaseIterable {
        /// Wraps data keys: the input of HKDF-SHA256.
        case sealing
        /// Signs checkpoints of the audit: the seed of an Ed25519 key (RFC 8032).
        case signing
    }

    /// Why a keyring cannot be used, in words for whoever runs the server.
    public struct Failure: Error, CustomStringConvertible {
        /// What is wrong and what to do.
        public let description: String
    }

    /// One key, of 256 bits.
    public struct Key: Sendable {
        /// Its name, unique in the keyring; rows in the database say by it which key wrapped them.
        public let name: String
        /// What it is for.
        public let kind: Kind
        /// When it was made.
        public let createdAt: Date
        /// When another became current; nil for the current one.
        public fileprivate(set) var replacedAt: Date?
        /// The key itself.
        public let secret: SymmetricKey
    }

    /// All keys, the oldest first.
    public private(set) var keys: [Key] = []

    /// A keyring without keys.
    public init() {}

    /// The key of a kind that is used for what is new, or nil where there is none.
    public func current(_ kind: Kind) -> Key? {
        keys.last { $0.kind == kind && $0.replacedAt == nil }
    }

    /// A key by its name, or nil where it is not in the keyring.
    public func key(named name: String) -> Key? {
        keys.first { $0.name == name }
    }

    /// Makes a key that becomes the current one of its kind.
    public mutating func add(_ kind: Kind, at now: Date = Date()) {
        for index in keys.indices where keys[index].kind == kind && keys[index].replacedAt == nil { keys[index].replacedAt = now }
        let suffix = (0..<4).map { _ in String(UInt8.random(in: 0...15), radix: 16) }.joined()
        keys.append(
            Key(
                name: "\(kind.rawValue)-\(now.ISO8601Format().prefix(10))-\(suffix)", kind: kind, createdAt: now, replacedAt: nil,
                secret: SymmetricKey(size: .bits256)))
    }

    /// Takes a key away, for good.
    public mutating func remove(named name: String) {
        keys.removeAll { $0.name == name }
    }
}

extension Keyring {
    private static let format: Int64 = 1

    /// Reads the text of a keyring's file.
    /// - Throws: ``Failure`` where it is not one
    init(reading bytes: [UInt8]) throws {
        let document = try? JSON(reading: bytes)
        guard let format = document?["format"]?.integer, let entries = document?["keys"]?.array else {
            throw Failure(description: "it is not a keyring")
        }
        guard format == Self.format else { throw Failure(description: "it is of the format \(format), which this release does not know") }
        keys = try entries.map { entry in
            guard let name = entry["name"]?.string, let kind = entry["kind"]?.string.flatMap(Kind.init(rawValue:)),
                let createdAt = entry["created_at"]?.string.flatMap(Moment.parse),
                let secret = entry["secret"]?.string.flatMap({ Data(base64Encoded: $0) }), secret.count == 32
            else { throw Failure(description: "one of its keys is damaged, or of a kind that this release does not know") }
            return Key(
                name: name, kind: kind, createdAt: createdAt, replacedAt: entry["replaced_at"]?.string.flatMap(Moment.parse),
                secret: SymmetricKey(data: secret))
        }
    }

    /// The text of the file.
    var bytes: [UInt8] {
        let entries = keys.map { key -> JSON in
            var entry: [String: JSON] = [
                "name": .string(key.name), "kind": .string(key.kind.rawValue), "created_at": .string(key.createdAt.ISO8601Format()),
                "secret": .string(key.secret.withUnsafeBytes { Data($0).base64EncodedString() }),
            ]
            entry["replaced_at"] = key.replacedAt.map { .string($0.ISO8601Format()) }
            return .object(entry)
        }
        return JSON.object(["format": .integer(Self.format), "keys": .array(entries)]).bytes + [UInt8(ascii: "\n")]
    }
}
