import Crypto

/// A secret that is shown once and kept only as its SHA-256: 256 bits from the system's generator, so that no slow hash is needed.
public struct Secret: Sendable, CustomStringConvertible {
    /// What the secret opens; its prefix lets leak scanners recognise it.
    public enum Purpose: String, Sendable {
        case token = "kith_token_"
        case invitation = "kith_invite_"
        case calendar = "kith_calendar_"
    }

    /// The secret itself.
    public let text: String

    /// What the database keeps.
    public var hash: [UInt8] { Self.hash(of: text) }

    /// Never the secret.
    public var description: String { "secret" }

    /// A new secret.
    public static func generate(_ purpose: Purpose) -> Secret {
        let digits = SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        return Secret(text: purpose.rawValue + digits)
    }

    /// The hash by which a presented secret is found.
    public static func hash(of text: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(text.utf8)))
    }
}
