// The normal forms of Unicode are behind this name in the standard library; the public way to them is all of Foundation, with 40 MB of ICU.
@_spi(_Unicode) import Swift
import Crypto
import CryptoExtras
import Dispatch
import Synchronization

/// How much work scrypt is (RFC 7914: N, r and p).
public struct PasswordCost: Sendable, Hashable {
    /// N, a power of two.
    let rounds: Int
    /// r.
    let blockSize: Int
    /// p.
    let parallelism: Int

    /// OWASP, Password Storage Cheat Sheet (2025): N = 2^15 (32 MiB), r = 8, p = 3.
    public static let recommended = PasswordCost(rounds: 1 << 15, blockSize: 8, parallelism: 3)

    /// Makes a cost.
    public init(rounds: Int, blockSize: Int, parallelism: Int) {
        self.rounds = rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }
}

/// Hashes passwords, two at a time and on threads of its own: each takes 32 MiB and some hundred milliseconds.
struct PasswordHashing: Sendable {
    /// A hash with what it was made with.
    struct Hashed: Sendable {
        let salt: [UInt8]
        let verifier: [UInt8]
        let cost: PasswordCost
    }

    let cost: PasswordCost
    private let line = Line()

    init(_ cost: PasswordCost) {
        self.cost = cost
    }

    /// Hashes a new password.
    func hash(_ password: String) async throws -> Hashed {
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }
        let derived = try await derive(password, salt, cost)
        return Hashed(salt: salt, verifier: Array(SHA256.hash(data: derived)), cost: cost)
    }

    /// What scrypt makes of a password: 256 bits.
    /// - Throws: ``Refusal`` of kind `unavailable` where too many wait already
    func derive(_ password: String, _ salt: [UInt8], _ cost: PasswordCost) async throws -> [UInt8] {
        let normalised = Array(Self.normalised(password).utf8)
        return try await line.run {
            try KDF.Scrypt.deriveKey(
                from: normalised, salt: salt, outputByteCount: 32, rounds: cost.rounds, blockSize: cost.blockSize,
                parallelism: cost.parallelism
            ).withUnsafeBytes { Array($0) }
        }
    }

    /// The same bytes for the same letters, however a keyboard composes them (Unicode normal form C; NIST SP 800-63B-4, 3.1.1.2).
    static func normalised(_ password: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in password._nfc { scalars.append(scalar) }
        return String(scalars)
    }
}

extension PasswordCost {
    /// What the database keeps of a password, for tests that put it there.
    package static func verifier(_ password: String, _ salt: [UInt8], _ cost: PasswordCost) async throws -> [UInt8] {
        Array(SHA256.hash(data: try await PasswordHashing(cost).derive(password, salt, cost)))
    }
}

/// Two threads, and not too many who wait for them.
private final class Line: Sendable {
    private let queues = [DispatchQueue(label: "kith.password.0"), DispatchQueue(label: "kith.password.1")]
    private let waiting = Mutex((count: 0, next: 0))

    func run(_ work: @escaping @Sendable () throws -> [UInt8]) async throws -> [UInt8] {
        let place = waiting.withLock { waiting -> Int? in
            guard waiting.count < 64 else { return nil }
            waiting.count += 1
            waiting.next = (waiting.next + 1) % queues.count
            return waiting.next
        }
        guard let place else { throw Refusal.unavailable("Many people are signing in at the moment. Try again in a minute.") }
        defer { waiting.withLock { $0.count -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queues[place].async { continuation.resume(with: Result { try work() }) }
        }
    }
}
