import Crypto
import struct FoundationEssentials.Data

/// What signs a webhook's calls (Standard Webhooks 1.0.0, symmetric signatures).
struct WebhookSecret {
    let bytes: [UInt8]

    /// A new one of 256 bits.
    static func generate() -> WebhookSecret {
        WebhookSecret(bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    /// As it is shown, once.
    var text: String { "whsec_\(Data(bytes).base64EncodedString())" }

    /// The signature of one call.
    func signature(_ id: String, _ timestamp: Int, _ body: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(id).\(timestamp).".utf8) + body, using: SymmetricKey(data: bytes))
        return "v1,\(Data(code).base64EncodedString())"
    }
}
