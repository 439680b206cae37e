import Crypto
public import struct FoundationEssentials.UUID

/// The one place in the database at which a sealed value opens: a column of a row of a network, in one version.
///
/// The place goes into the derivation of the content key (HKDF-SHA256, RFC 5869) and into the associated data of the encryption
/// (AES-256-GCM, NIST SP 800-38D), so that ciphertext moved to another row, column, version or network does not open.
public struct SealedPlace: Sendable, Hashable {
    /// Why a sealed value does not open: it was changed or moved, or it was sealed with other keys.
    struct Damaged: Error {}

    private let column: String
    private let rows: [UUID]
    private let version: Int64

    /// Names a place.
    /// - Parameters:
    ///   - column: the column with its table and schema, as in `kith.totp_secrets.secret`
    ///   - rows: the identifiers of the row, each of them fixed for as long as the row is there
    ///   - version: the version of the value, where the row keeps several or counts them
    public init(_ column: String, _ rows: UUID..., version: Int64 = 0) {
        self.column = column
        self.rows = rows
        self.version = version
    }

    // Every part has a fixed length or says its length first, so that no two places have the same bytes.
    private func bytes(in network: UUID) -> [UInt8] {
        var bytes = Array("kith sealed 1".utf8)
        bytes.append(UInt8(column.utf8.count))
        bytes += Array(column.utf8)
        bytes.append(UInt8(rows.count))
        for id in [network] + rows { withUnsafeBytes(of: id.uuid) { bytes += Array($0) } }
        withUnsafeBytes(of: version.bigEndian) { bytes += Array($0) }
        return bytes
    }

    private func contentKey(_ keys: [SymmetricKey], _ place: [UInt8]) -> SymmetricKey {
        let material = keys.reduce(into: [UInt8]()) { material, key in key.withUnsafeBytes { material += Array($0) } }
        return HKDF<SHA256>.deriveKey(inputKeyMaterial: SymmetricKey(data: material), info: place, outputByteCount: 32)
    }

    private static let format: UInt8 = 1

    /// The plaintext, sealed: a byte for the format, the nonce, the ciphertext and the tag. All of the keys are needed to open it.
    func seal(_ plaintext: [UInt8], in network: UUID, with keys: [SymmetricKey]) throws -> [UInt8] {
        let place = bytes(in: network)
        let box = try AES.GCM.seal(plaintext, using: contentKey(keys, place), authenticating: place)
        return [Self.format] + Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    /// Opens what was sealed at this place.
    /// - Throws: ``Damaged``
    func open(_ sealed: [UInt8], in network: UUID, with keys: [SymmetricKey]) throws(Damaged) -> [UInt8] {
        guard sealed.first == Self.format else { throw Damaged() }
        let place = bytes(in: network)
        do {
            return Array(
                try AES.GCM.open(AES.GCM.SealedBox(combined: sealed.dropFirst()), using: contentKey(keys, place), authenticating: place))
        } catch {
            throw Damaged()
        }
    }
}
