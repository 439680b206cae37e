import Crypto
import struct FoundationEssentials.Data
import struct FoundationEssentials.UUID

/// The key pair of one copy of somebody's data. The server keeps the public half, to which the copy is sealed; the private half is the code
/// that whoever asked is shown once. Neither the database nor a backup of it, nor the server's keyring, can open the copy.
///
/// HPKE, RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305; the request is bound in as associated data.
struct ExportKey {
    private static let suite = HPKE.Ciphersuite.Curve25519_SHA256_ChachaPoly
    private static let info = Data("kith export v1".utf8)
    private static let prefix = "kith_export_"

    private let key: Curve25519.KeyAgreement.PrivateKey

    init() {
        key = Curve25519.KeyAgreement.PrivateKey()
    }

    /// Nil for a text that is no such code.
    init?(code: String) {
        let digits = Array(code.dropFirst(Self.prefix.count).utf8)
        guard code.hasPrefix(Self.prefix), digits.count == 64 else { return nil }
        let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) }
        guard bytes.count == 32, let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: bytes) else { return nil }
        self.key = key
    }

    var code: String {
        Self.prefix + key.rawRepresentation.hexadecimal
    }

    var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

    /// Seals to the holder of the code: the encapsulated key, then the ciphertext.
    static func seal(_ bytes: [UInt8], to publicKey: [UInt8], for request: UUID) throws -> [UInt8] {
        let recipient = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: publicKey)
        var sender = try HPKE.Sender(recipientKey: recipient, ciphersuite: suite, info: info)
        return try Array(sender.encapsulatedKey + sender.seal(bytes, authenticating: binding(request)))
    }

    /// Opens what was sealed for a request; nil where the code is another's.
    func open(_ sealed: [UInt8], for request: UUID) -> [UInt8]? {
        guard sealed.count > 32 else { return nil }
        do {
            var recipient = try HPKE.Recipient(
                privateKey: key, ciphersuite: Self.suite, info: Self.info, encapsulatedKey: Data(sealed.prefix(32)))
            return try Array(recipient.open(Data(sealed.dropFirst(32)), authenticating: Self.binding(request)))
        } catch {
            return nil
        }
    }

    private static func binding(_ request: UUID) -> Data {
        withUnsafeBytes(of: request.uuid) { Data($0) }
    }
}
