import Glibc
import struct FoundationEssentials.URLComponents

/// The address of a webhook, read so that nobody who reads it again can see another host in it.
struct WebhookTarget: Sendable, Hashable {
    /// The address, put together anew from its parts.
    let url: String
    /// The host's name in lower case, or its address without brackets.
    let host: String
    let port: Int

    /// Reads an address; nil where it cannot be called.
    init?(_ text: String) {
        guard text.utf8.count <= 2000, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), !text.contains("\\"),
            let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), ["https", "http"].contains(scheme),
            parts.user == nil, parts.password == nil, parts.fragment == nil, let named = parts.host?.lowercased(), !named.isEmpty
        else { return nil }
        let port = parts.port ?? (scheme == "https" ? 443 : 80)
        guard (1...65_535).contains(port) else { return nil }
        let bare = named.hasPrefix("[") ? String(named.dropFirst().dropLast()) : named
        let isAddress = bare.contains(":")
        guard isAddress ? AddressRange.bytes(bare)?.count == 16 : bare.wholeMatch(of: /[a-z0-9]([a-z0-9.\-]*[a-z0-9])?/) != nil else {
            return nil
        }
        host = bare
        self.port = port
        let query = parts.percentEncodedQuery.map { "?\($0)" } ?? ""
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        url = "\(scheme)://\(isAddress ? "[\(bare)]" : bare):\(port)\(path)\(query)"
    }

    var isEncrypted: Bool { url.hasPrefix("https:") }

    /// The addresses to which the host leads now, each of 4 or 16 bytes; empty where there is none. Blocks.
    func resolve() -> [[UInt8]] {
        if let literal = AddressRange.bytes(host) { return [literal] }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [[UInt8]] = []
        var next = list
        while let entry = next?.pointee {
            switch entry.ai_family {
            case AF_INET:
                entry.ai_addr.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                    addresses.append(withUnsafeBytes(of: address.pointee.sin_addr) { Array($0) })
                }
            case AF_INET6:
                entry.ai_addr.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                    addresses.append(withUnsafeBytes(of: address.pointee.sin6_addr) { Array($0) })
                }
            default: break
            }
            next = entry.ai_next
        }
        return addresses
    }

    /// An address in its usual notation.
    static func text(_ address: [UInt8]) -> String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(address.count == 4 ? AF_INET : AF_INET6, address, &buffer, socklen_t(buffer.count))
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
