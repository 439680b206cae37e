public import Postgres
import struct FoundationEssentials.UUID

/// Wraps all data keys anew with a new key of the keyring. Content is not touched, and servers go on meanwhile.
///
/// The new key is on the disk before it wraps anything, each data key is replaced by compare-and-set, and the old key stays in the
/// keyring, so a rotation can be interrupted anywhere. The next one goes on with it.
public struct KeyRotation: Sendable {
    /// What a rotation did.
    public struct Result: Sendable {
        /// The key that wraps everything now.
        public let current: String
        /// Whether it went on with a rotation that was interrupted, and made no new key.
        public let wasResumed: Bool
        /// How many data keys were wrapped anew.
        public let rewrapped: Int
        /// How many could not be, because the key that wrapped them is not in the keyring, or they were changed.
        public let lost: Int
    }

    private static let batch = 200
    private let file: KeyringFile
    private let owner: PostgresClient

    /// Prepares a rotation.
    /// - Parameters:
    ///   - file: the keyring
    ///   - owner: a client connected as the owner of the database
    public init(_ file: KeyringFile, owner: PostgresClient) {
        self.file = file
        self.owner = owner
    }

    /// Rotates.
    /// - Parameter progress: told after each step how many data keys were wrapped anew
    /// - Returns: what was done
    /// - Throws: ``Keyring/Failure``, or what the database says
    public func run(_ progress: (Int) -> Void = { _ in }) async throws -> Result {
        var (rewrapped, lost) = try await rewrap(progress)
        let wasResumed = rewrapped > 0
        if !wasResumed {
            try file.change { $0.add(.sealing) }
            (rewrapped, lost) = try await rewrap(progress)
        }
        return Result(current: try current().key.name, wasResumed: wasResumed, rewrapped: rewrapped, lost: lost)
    }

    private func current() throws -> (keyring: Keyring, key: Keyring.Key) {
        let keyring = try file.read()
        guard let key = keyring.current(.sealing) else { throw Keyring.Failure(description: "The keyring has no key for sealing.") }
        return (keyring, key)
    }

    // A server that read the keyring just before it changed may still write a data key under the old one: looks again until none is left.
    private func rewrap(_ progress: (Int) -> Void) async throws -> (rewrapped: Int, lost: Int) {
        var rewrapped = 0
        while true {
            let pass = try await pass { progress(rewrapped + $0) }
            rewrapped += pass.rewrapped
            if pass.rewrapped == 0 { return (rewrapped, pass.lost) }
        }
    }

    private func pass(_ progress: (Int) -> Void) async throws -> (rewrapped: Int, lost: Int) {
        var (rewrapped, lost) = (0, 0)
        var last = (UUID.zero, UUID.zero)
        while true {
            let (keyring, current) = try current()
            let rows = try await owner.query(
                """
                select network_id, key_id, holder, holder_id, wrapping_key, wrapped from kith.data_keys
                where wrapped is not null and wrapping_key <> \(current.name) and (network_id, key_id) > (\(last.0), \(last.1))
                order by network_id, key_id limit \(Self.batch)
                """
            ).decode((UUID, UUID, String, UUID, String, [UInt8]).self)
            var updates: [Query] = []
            for (network, id, holder, holderID, name, wrapped) in rows {
                last = (network, id)
                let new: [UInt8]
                do {
                    guard let old = keyring.key(named: name) else { throw Refusal.damaged }
                    let secret = try DataKeys.unwrap(wrapped, id, of: holder, holderID, in: network, old)
                    new = try DataKeys.wrap(secret, id, of: holder, holderID, in: network, current)
                } catch is Refusal {
                    lost += 1
                    continue
                }
                updates.append(
                    """
                    update kith.data_keys set wrapping_key = \(current.name), wrapped = \(new)
                    where network_id = \(network) and key_id = \(id) and wrapping_key = \(name) and wrapped = \(wrapped)
                    """)
            }
            if !updates.isEmpty { rewrapped += try await owner.batch(updates).reduce(0) { $0 + $1.affected } }
            progress(rewrapped)
            if rows.count < Self.batch { return (rewrapped, lost) }
        }
    }
}
