import Crypto

/// SHA-256 over a run of netstrings (`length ":" bytes ","`, the length in decimal, the bytes UTF-8; D. J. Bernstein, 1997), which no two different
/// lists of texts have in common.
struct NetstringDigest {
    private var hash = SHA256()

    /// - Parameters:
    ///   - purpose: The first text; keeps digests of different things apart.
    ///   - texts: The texts after it.
    init(_ purpose: String, _ texts: [String] = []) {
        add(purpose)
        for text in texts { add(text) }
    }

    mutating func add(_ text: String) {
        hash.update(data: Array("\(text.utf8.count):".utf8) + Array(text.utf8) + [UInt8(ascii: ",")])
    }

    mutating func add(_ number: Int) { add(String(number)) }

    /// In lower-case hexadecimal.
    var hexadecimal: String { Self.hexadecimal(hash.finalize()) }

    /// Bytes in lower-case hexadecimal, two digits each.
    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
