import Crypto

/// A secret that is shown once and kept only as its SHA-256: 256 bits from the system's generator, so that no slow hash is needed.
public struct Secret: Sendable, CustomStringConvertible {
    /// What the secret opens; its prefix lets leak scanners recognise it.
    public enum Purpose: String, Sendable {
        case token = "kith_token_"
        case invitation = "kith_invite_"
        case calendar = "kith_calendar_"
        case letter = "kith_letter_"
        case session = "kith_session_"
        case link = "kith_link_"
        case browser = "kith_browser_"
        case openid = "kith_openid_"
        case interest = "kith_interest_"
    }

    /// The secret itself.
    public let text: String

    /// What the database keeps.
    public var hash: [UInt8] { Self.hash(ofTyped: text) }

    /// Never the secret.
    public var description: String { "secret" }

    /// A new secret.
    public static func generate(_ purpose: Purpose) -> Secret {
        if [.invitation, .letter, .interest].contains(purpose) { return typed() }
        let digits = SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
            bytes.hexadecimal
        }
        return Secret(text: purpose.rawValue + digits)
    }

    // What people type from a letter: 100 bits in four groups, of letters and digits that cannot be taken for each other (Crockford's base 32).
    private static func typed() -> Secret {
        let digits = SymmetricKey(size: .init(bitCount: 160)).withUnsafeBytes { $0.map { base32[Int($0 & 31)] } }
        return Secret(text: stride(from: 0, to: 20, by: 5).map { String(digits[$0..<$0 + 5]) }.joined(separator: "-"))
    }

    private static let base32 = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    /// The hash by which a typed code is found: small letters, spaces, hyphens and letters that look like digits make no difference. A code
    /// with a prefix is taken as it is.
    public static func hash(ofTyped text: String) -> [UInt8] {
        if text.hasPrefix("kith_") { return hash(of: text) }
        let alike: [Character: Character] = ["O": "0", "I": "1", "L": "1"]
        return hash(of: String(text.uppercased().filter { $0 != "-" && !$0.isWhitespace }.map { alike[$0] ?? $0 }))
    }

    /// The hash by which a presented secret is found.
    public static func hash(of text: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(text.utf8)))
    }
}
