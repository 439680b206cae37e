/// A further header whose text is written as it stands, so it can hold printable ASCII alone and never a second header.
public struct HeaderField: Sendable, Hashable {
    /// Its name, as in `Auto-Submitted`.
    public let name: String
    /// Its text.
    public let value: String

    /// Makes a header; nil where the name is no field name (RFC 5322, section 2.2), or the text is longer than 900 bytes or not
    /// printable ASCII.
    public init?(_ name: String, _ value: String) {
        guard (1...76).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: ":") }),
            value.utf8.count <= 900, value.utf8.allSatisfy({ (0x20...0x7e).contains($0) })
        else { return nil }
        self.name = name
        self.value = value
    }
}
