import Crypto
public import struct FoundationEssentials.UUID
public import Postgres

/// Whose content a data key seals.
enum KeyHolder: Sendable, Hashable {
    /// The members of a space.
    case space(UUID)
    /// A person, whose notes cannot be opened any more once their key is destroyed.
    case person(UUID)
    /// The person who raised a concern and its leads.
    case concern(UUID)
    /// The server, for columns that it must read by itself.
    case server(UUID)

    var name: String {
        switch self {
        case .space: "space"
        case .person: "person"
        case .concern: "concern"
        case .server: "server"
        }
    }

    var id: UUID {
        switch self {
        case .space(let id), .person(let id), .concern(let id), .server(let id): id
        }
    }
}

/// The keys that seal content. They are in the database, each wrapped by a key of the server's keyring and bound to its row and holder,
/// so that neither the database nor the keyring opens anything alone.
public enum DataKeys {
    static let columns: Query = "key_id, wrapping_key, wrapped"

    static func find(_ holder: KeyHolder) -> Query {
        """
        select \(query: columns) from kith.data_keys
        where network_id = kith.current_ledger() and holder = \(holder.name) and holder_id = \(holder.id)
        """
    }

    /// The key of a row with the columns of ``columns``; nil where it was destroyed. The keyring must have been read after the row.
    static func open(_ row: Row, of holder: KeyHolder, in network: UUID, _ keyring: Keyring) throws -> SymmetricKey? {
        guard let wrapped = try row["wrapped", as: [UInt8]?.self] else { return nil }
        return try open(id: row["key_id"], wrappedBy: row["wrapping_key"], wrapped, of: holder, in: network, keyring)
    }

    private static func open(
        id: UUID, wrappedBy name: String, _ wrapped: [UInt8], of holder: KeyHolder, in network: UUID, _ keyring: Keyring
    ) throws -> SymmetricKey {
        guard let wrapping = keyring.key(named: name) else {
            throw Refusal.unavailable(
                "This is sealed with the key \(name), which is not in the server's keyring. Whoever runs the server must put back the "
                    + "keyring from its copy."
            )
        }
        return try unwrap(wrapped, id, of: holder.name, holder.id, in: network, wrapping)
    }

    static func unwrap(
        _ wrapped: [UInt8], _ id: UUID, of holder: String, _ holderID: UUID, in network: UUID, _ key: Keyring.Key
    ) throws -> SymmetricKey {
        do {
            return SymmetricKey(data: try place(id, holder, holderID).open(wrapped, in: network, with: [key.secret]))
        } catch {
            throw Refusal.damaged
        }
    }

    static func wrap(
        _ secret: SymmetricKey, _ id: UUID, of holder: String, _ holderID: UUID, in network: UUID, _ key: Keyring.Key
    ) throws -> [UInt8] {
        try place(id, holder, holderID).seal(secret.withUnsafeBytes { Array($0) }, in: network, with: [key.secret])
    }

    private static func place(_ id: UUID, _ holder: String, _ holderID: UUID) -> SealedPlace {
        SealedPlace("kith.data_keys.wrapped of \(holder)", id, holderID)
    }

    static let nothingToSealWith = Refusal.unavailable(
        "The server's keyring has no key to seal with. Whoever runs the server makes one with: kith keys rotate")

    /// A statement that gives a holder a key, unless they have one.
    static func create(
        _ secret: SymmetricKey = SymmetricKey(size: .bits256), for holder: KeyHolder, in network: UUID, _ keyring: Keyring
    ) throws -> Query {
        guard let current = keyring.current(.sealing) else { throw nothingToSealWith }
        let id = UUID.version7()
        let wrapped = try wrap(secret, id, of: holder.name, holder.id, in: network, current)
        return """
            insert into kith.data_keys (network_id, key_id, holder, holder_id, wrapping_key, wrapped)
            values (\(network), \(id), \(holder.name), \(holder.id), \(current.name), \(wrapped))
            on conflict on constraint data_keys_holder_key do nothing
            """
    }

    /// Destroys the key of a person for good: nothing that they wrote in any space of the network can be opened again, by anyone, and they
    /// cannot write any more. Copies of the database from before still hold the wrapped key; see the README.
    ///
    /// ```swift
    /// try await DataKeys.destroyKey(ofPerson: person, by: actor)
    /// ```
    public static func destroyKey(ofPerson person: UUID, by actor: Actor) async throws {
        _ = try await actor.run("select kith.destroy_person_key(\(person))")
    }

    /// How many data keys each key of the keyring wraps, in all networks.
    public static func usage(_ client: PostgresClient) async throws -> [String: Int] {
        let usage = try await client.query("select wrapping_key, count from kith.data_key_usage()").decode((String, Int).self)
        return Dictionary(uniqueKeysWithValues: usage)
    }
}
