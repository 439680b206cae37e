import Crypto
import FoundationEssentials
import Glibc
import KithServer
import KithTesting
import Postgres
import Testing

@testable import Kith

@Suite struct SealingTests {
    private static let secret = Array("otter".utf8)

    /// An administrator of a network, as functions of the core meet them.
    private func actor(of network: TestNetwork, _ keyring: KeyringFile? = nil) -> Actor {
        Actor(
            credential: .token(hash: Secret.hash(of: network.administrator.token)), access: .member, scope: .write,
            network: UUID(uuidString: network.id), keyring: keyring ?? network.server.keyring, client: network.server.app)
    }

    private func withNetwork(_ body: @escaping @Sendable (TestNetwork) async throws -> Void) async throws {
        try await withTestServer(Distribution([]), worker: false) { server in try await body(server.makeNetwork()) }
    }

    @Test func `What is sealed at one place opens there and nowhere else`() async throws {
        try await withNetwork { network in
            let other = try await network.server.makeNetwork()
            let (here, there) = (actor(of: network), actor(of: other))
            let (row, key) = (UUID.version7(), UUID.version7())
            let place = SealedPlace("kith.things.secret", row, version: 2)
            let sealed = try await here.seal(Self.secret, at: place)
            #expect(try await here.open(sealed, at: place) == Self.secret)
            #expect(try await here.seal(Self.secret, at: place) != sealed)
            for elsewhere in [
                SealedPlace("kith.things.secret", key, version: 2), SealedPlace("kith.things.other", row, version: 2),
                SealedPlace("kith.things.secret", row, version: 3), SealedPlace("kith.things.secret", row, key, version: 2),
            ] {
                await #expect(throws: Refusal.damaged) { _ = try await here.open(sealed, at: elsewhere) }
            }
            await #expect(throws: Refusal.damaged) { _ = try await there.open(sealed, at: place) }
            let changed = Array(sealed.dropLast()) + [sealed[sealed.count - 1] ^ 1]
            await #expect(throws: Refusal.damaged) { _ = try await here.open(changed, at: place) }
        }
    }

    @Test func `The place is sealed in, even under the same keys`() throws {
        var keyring = Keyring()
        keyring.add(.sealing)
        let key = keyring.keys.map(\.secret)
        let (network, row) = (UUID.version7(), UUID.version7())
        let sealed = try SealedPlace("a.b", row).seal(Self.secret, in: network, with: key)
        let opened = try SealedPlace("a.b", row).open(sealed, in: network, with: key)
        #expect(opened == Self.secret)
        for (place, network) in [
            (SealedPlace("a.b", .version7()), network), (SealedPlace("a.bc", row), network), (SealedPlace("a.b", row, version: 1), network),
            (SealedPlace("a.b", row), .version7()),
        ] {
            #expect((try? place.open(sealed, in: network, with: key)) == nil)
        }
        #expect((try? SealedPlace("a.b", row).open([], in: network, with: key)) == nil)
    }

    @Test func `A value without a network is sealed for the server`() async throws {
        try await withNetwork { network in
            let outside = Actor(
                credential: .none, access: .anyone, scope: .write, keyring: network.server.keyring, client: network.server.app)
            let place = SealedPlace("kith.things.secret", .version7())
            let sealed = try await outside.seal(Self.secret, at: place)
            #expect(try await outside.open(sealed, at: place) == Self.secret)
            await #expect(throws: Refusal.damaged) { _ = try await actor(of: network).open(sealed, at: place) }
        }
    }

    @Test func `A data key that a superuser moved to another row does not open`() async throws {
        try await withNetwork { network in
            let other = try await network.server.makeNetwork()
            let place = SealedPlace("kith.things.secret", .version7())
            let sealed = try await actor(of: network).seal(Self.secret, at: place)
            _ = try await actor(of: other).seal(Self.secret, at: place)
            _ = try await network.server.superuser.query(
                """
                update kith.data_keys k set wrapped = o.wrapped from kith.data_keys o
                where k.network_id = \(network.id)::text::uuid and o.network_id = \(other.id)::text::uuid
                """)
            await #expect(throws: Refusal.damaged) { _ = try await actor(of: network).open(sealed, at: place) }
        }
    }

    @Test func `Without its keyring, or with one that others can read, the server says what to do`() async throws {
        try await withNetwork { network in
            let place = SealedPlace("kith.things.secret", .version7())
            let actor = actor(of: network)
            let sealed = try await actor.seal(Self.secret, at: place)
            let path = network.server.keyring.path
            chmod(path, 0o640)
            for mode in [0o640, 0o604, 0o660] as [mode_t] {
                chmod(path, mode)
                let refusal = await #expect(throws: Refusal.self) { _ = try await actor.open(sealed, at: place) }
                #expect(refusal?.kind == .unavailable)
            }
            chmod(path, 0o600)
            #expect(try await actor.open(sealed, at: place) == Self.secret)
            rename(path, "\(path).away")
            let refusal = await #expect(throws: Refusal.self) { _ = try await actor.open(sealed, at: place) }
            #expect(refusal?.kind == .unavailable)
            #expect(refusal?.detail.contains("kith keys create") == true)
            // A new keyring is not the old one, and says which key is missing.
            try network.server.keyring.create()
            let missing = await #expect(throws: Refusal.self) { _ = try await actor.open(sealed, at: place) }
            #expect(missing?.detail.contains("not in the server's keyring") == true)
            rename("\(path).away", path)
            #expect(try await actor.open(sealed, at: place) == Self.secret)
        }
    }

    @Test func `A keyring is never overwritten, and is closed to others`() async throws {
        try await withNetwork { network in
            let before = try network.server.keyring.read().keys.map(\.name)
            #expect(throws: Keyring.Failure.self) { try network.server.keyring.create() }
            #expect(try network.server.keyring.read().keys.map(\.name) == before)
            let attributes = try FileManager.default.attributesOfItem(atPath: network.server.keyring.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `A destroyed key of a person opens nothing and is not made again`() async throws {
        try await withNetwork { network in
            let actor = actor(of: network)
            let person = try #require(UUID(uuidString: network.administrator.id))
            #expect(try await actor.dataKey(of: .person(person)) != nil)
            try await DataKeys.destroyKey(ofPerson: person, by: actor)
            #expect(try await actor.dataKey(of: .person(person)) == nil)
            // Before they ever had one, too.
            let other = try #require(UUID(uuidString: await network.person().id))
            try await DataKeys.destroyKey(ofPerson: other, by: actor)
            #expect(try await actor.dataKey(of: .person(other)) == nil)
        }
    }

    @Test func `Keys rotate while values are sealed and opened`() async throws {
        try await withNetwork { network in
            let (actor, server) = (actor(of: network), network.server)
            let old = try server.keyring.read().current(.sealing)?.name
            let person = try #require(UUID(uuidString: network.administrator.id))
            let holders = (0..<300).map { _ in KeyHolder.space(.version7()) } + [.person(person)]
            let before = try await withThrowingTaskGroup(of: (KeyHolder, SymmetricKey).self) { group in
                // Another process, with its own view of the file.
                let other = self.actor(of: network, KeyringFile(path: server.keyring.path))
                for holder in holders {
                    group.addTask {
                        (holder, try #require(try await other.dataKey(of: holder)))
                    }
                }
                let rotation = KeyRotation(KeyringFile(path: server.keyring.path), owner: server.owner)
                for _ in 0..<3 { _ = try await rotation.run() }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            // What was written in the last moment is found by the next one.
            var last = try await KeyRotation(server.keyring, owner: server.owner).run()
            if last.wasResumed { last = try await KeyRotation(server.keyring, owner: server.owner).run() }
            #expect(last.lost == 0)
            #expect(last.current != old)
            #expect(try await DataKeys.usage(server.app) == [last.current: holders.count])
            for holder in holders {
                #expect(try await actor.dataKey(of: holder) == before[holder])
            }
        }
    }

    @Test func `A rotation that was interrupted goes on without another key`() async throws {
        try await withNetwork { network in
            let (actor, server) = (actor(of: network), network.server)
            let place = SealedPlace("kith.things.secret", .version7())
            let sealed = try await actor.seal(Self.secret, at: place)
            try server.keyring.change { $0.add(.sealing) }
            let result = try await KeyRotation(server.keyring, owner: server.owner).run()
            #expect(result.wasResumed && result.rewrapped == 1 && result.lost == 0)
            #expect(try server.keyring.read().keys.count == 2)
            #expect(try await actor.open(sealed, at: place) == Self.secret)
        }
    }
}
