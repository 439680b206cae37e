import Crypto
import struct FoundationEssentials.Data

/// One attempt to sign in: state, nonce and PKCE verifier, all derived from one secret that only the browser keeps, in a cookie. So the
/// three are bound to that browser, and the server keeps nothing of an attempt that is never finished.
public struct AuthorizationRequest: Sendable {
    /// Comes back with the browser (RFC 6749, 10.12).
    public let state: String
    /// Comes back in the token (OpenID Connect Core 1.0, 3.1.2.1).
    public let nonce: String
    /// Proves to the provider that the code is exchanged by whoever asked for it (RFC 7636).
    let verifier: String

    /// Derives a request.
    /// - Parameter secret: at least 256 random bits, as text
    public init(secret: String) {
        func derived(_ purpose: String) -> String { Array(SHA256.hash(data: Array("\(purpose):\(secret)".utf8))).base64URL }
        state = derived("state")
        nonce = derived("nonce")
        verifier = derived("verifier")
    }

    /// What the provider is told of the verifier: its SHA-256 (`S256`).
    var challenge: String { Array(SHA256.hash(data: Array(verifier.utf8))).base64URL }
}

extension [UInt8] {
    /// Base64 for addresses, without padding (RFC 4648, 5).
    var base64URL: String {
        Data(self).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

extension String {
    /// What base64 for addresses stands for; nil where it is none.
    var base64URLDecoded: [UInt8]? {
        let padded = replacing("-", with: "+").replacing("_", with: "/") + String(repeating: "=", count: (4 - utf8.count % 4) % 4)
        return Data(base64Encoded: padded).map(Array.init)
    }

    /// The text as a value in a form (RFC 3986: everything but unreserved characters is escaped).
    var formEncoded: String {
        utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                String(Unicode.Scalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
