import Crypto

/// What a drand network published in one round, as the public value of a draw (https://docs.drand.love, HTTP API of 2024).
///
/// The network signs each round's number together; nobody knows the signature before, and its SHA-256 is the randomness. That the hash is the
/// right one is checked here. The signature itself is not: it is of BLS12-381, which is in none of the libraries of Kith. So compare it with what
/// the network publishes at ``address``, or check it there with another program.
public struct DrandRound: Sendable, Hashable {
    /// The network, by the hash of its chain.
    public let chain: String

    /// The number of the round.
    public let number: Int

    /// In hexadecimal: the public value.
    public let randomness: String

    /// In hexadecimal.
    public let signature: String

    /// Where the network publishes it.
    public let address: String

    /// A round as it was published or kept.
    public init(chain: String, number: Int, randomness: String, signature: String, address: String) {
        self.chain = chain
        self.number = number
        self.randomness = randomness
        self.signature = signature
        self.address = address
    }

    /// Whether the randomness is the SHA-256 of the signature.
    public var isWhole: Bool {
        guard let bytes = Self.bytes(signature), !bytes.isEmpty else { return false }
        return Self.bytes(randomness) == Array(SHA256.hash(data: bytes))
    }

    /// The round as the source of a public value, in the words that are committed to before anybody knows it.
    public static func source(_ number: Int, of chain: String) -> String { "drand round \(number) of the chain \(chain)" }

    /// Reads the source of a public value; `nil` where it is not a round of drand.
    public static func read(source: String) -> (number: Int, chain: String)? {
        let parts = source.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 7, let number = Int(parts[2]), source == Self.source(number, of: String(parts[6])) else { return nil }
        return (number, String(parts[6]))
    }

    // Of lower-case hexadecimal only, so that there is one way to write it.
    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8).map { digit -> UInt8? in
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
