import Crypto

/// A generator whose numbers follow from a text seed alone, the same on every machine and in every language with SHA-256.
///
/// Block *i* (from 0) is SHA-256 of the UTF-8 bytes of the seed, a zero byte, the UTF-8 bytes of the purpose, a zero byte and *i* as eight bytes, big-endian. The
/// stream of blocks is cut into 64-bit numbers, big-endian.
struct SeededGenerator: RandomNumberGenerator {
    private let prefix: SHA256
    private var counter: UInt64 = 0
    private var block: [UInt64] = []

    /// - Parameters:
    ///   - seed: Any text.
    ///   - purpose: Keeps the streams of one seed apart.
    init(seed: String, purpose: String) {
        var hash = SHA256()
        hash.update(data: Array(seed.utf8) + [0])
        hash.update(data: Array(purpose.utf8) + [0])
        prefix = hash
    }

    mutating func next() -> UInt64 {
        if block.isEmpty { refill() }
        return block.removeLast()
    }

    private mutating func refill() {
        var hash = prefix
        withUnsafeBytes(of: counter.bigEndian) { hash.update(bufferPointer: $0) }
        counter += 1
        var words: [UInt64] = []
        words.reserveCapacity(4)
        hash.finalize().withUnsafeBytes { bytes in
            for word in 0..<4 {
                words.append(UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self)))
            }
        }
        // The last is taken first.
        block = words.reversed()
    }

    /// A whole number below `bound`, each equally likely: numbers in the last, incomplete run of `bound` are thrown away and drawn again.
    mutating func number(below bound: Int) -> Int {
        let bound = UInt64(bound)
        let limit = UInt64.max - (UInt64.max % bound + 1) % bound
        while true {
            let number = next()
            if number <= limit { return Int(number % bound) }
        }
    }

    /// Puts an array in random order (Fisher and Yates, from the end).
    ///
    /// Our own, because the standard library does not promise to keep its way of shuffling.
    mutating func shuffle<Element>(_ array: inout [Element]) {
        guard array.count > 1 else { return }
        for index in stride(from: array.count - 1, to: 0, by: -1) {
            array.swapAt(index, number(below: index + 1))
        }
    }
}
