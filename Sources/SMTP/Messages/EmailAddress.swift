/// An address that mail can be sent to: a dot-string and a domain name in ASCII (RFC 5321, section 4.1.2), and no other.
///
/// Quoted local parts, address literals and addresses beyond ASCII are not taken: nothing that could end a line or a command fits in.
public struct EmailAddress: Sendable, Hashable, CustomStringConvertible {
    /// Before the `@`.
    public let localPart: String
    /// After the `@`.
    public let domain: String

    /// Reads an address; nil where mail cannot be sent to it.
    public init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count), (1...253).contains(parts[1].utf8.count),
            parts[0].split(separator: ".", omittingEmptySubsequences: false).allSatisfy({
                !$0.isEmpty && $0.utf8.allSatisfy(Self.isAtomText)
            }),
            parts[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy(Self.isLabel)
        else { return nil }
        localPart = String(parts[0])
        domain = String(parts[1])
    }

    /// As it is written in a command and in a header.
    public var description: String { "\(localPart)@\(domain)" }

    private static func isAtomText(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
            && label.utf8.first != UInt8(ascii: "-") && label.utf8.last != UInt8(ascii: "-")
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }
}

/// An address with the name that people read.
public struct Mailbox: Sendable, Hashable {
    /// What is shown; anything may be in it, it is encoded.
    public let name: String?
    /// Where mail goes.
    public let address: EmailAddress

    /// Makes a mailbox.
    public init(_ address: EmailAddress, name: String? = nil) {
        self.name = name
        self.address = address
    }
}
