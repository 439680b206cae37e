import Glibc

/// A range of internet addresses, as in `10.0.0.0/8` or `fe80::/10`.
public struct AddressRange: Sendable, Hashable {
    private let prefix: [UInt8]
    private let bits: Int

    /// Reads a range; nil where it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let prefix = Self.bytes(String(parts[0])) else { return nil }
        let bits = parts.count == 2 ? Int(parts[1]) : prefix.count * 8
        guard let bits, (0...prefix.count * 8).contains(bits) else { return nil }
        self.prefix = prefix
        self.bits = bits
    }

    /// Whether an address, of 4 or 16 bytes, lies in it.
    func contains(_ address: [UInt8]) -> Bool {
        guard address.count == prefix.count else { return false }
        let whole = bits / 8
        guard address[..<whole] == prefix[..<whole] else { return false }
        return bits % 8 == 0 || (address[whole] ^ prefix[whole]) >> (8 - bits % 8) == 0
    }

    /// The bytes of an address in its usual notation; nil where it is none.
    static func bytes(_ text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}

/// Which addresses the server may call on behalf of a network: those of the public internet, and what the site allows beside them.
public struct AddressPolicy: Sendable {
    private let allowed: [AddressRange]

    /// Makes a policy.
    /// - Parameter allowed: private ranges that may be called all the same
    public init(allowing allowed: [AddressRange] = []) {
        self.allowed = allowed
    }

    /// Whether an address, of 4 or 16 bytes, may be called.
    func permits(_ address: [UInt8]) -> Bool {
        if allowed.contains(where: { $0.contains(address) }) { return true }
        if address.count == 4 { return !Self.closed.contains { $0.contains(address) } }
        // An IPv4 address in another form is judged as the one that it leads to: mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056).
        if Self.embedding.contains(where: { $0.contains(address) }) { return permits(Array(address[12...])) }
        if Self.sixToFour.contains(address) { return permits(Array(address[2..<6])) }
        return Self.global.contains(address) && !Self.closed.contains { $0.contains(address) }
    }

    private static func ranges(_ texts: String...) -> [AddressRange] { texts.map { AddressRange($0)! } }

    // IANA, special-purpose address registries (RFC 6890 and its updates), with multicast; 169.254.169.254 is every cloud's metadata.
    private static let closed = ranges(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20")
    private static let embedding = ranges("::ffff:0:0/96", "64:ff9b::/96")
    private static let sixToFour = AddressRange("2002::/16")!
    // Everything else of IPv6 is local, multicast or not given to anybody.
    private static let global = AddressRange("2000::/3")!
}
