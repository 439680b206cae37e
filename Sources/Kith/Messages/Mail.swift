public import SMTP
public import struct FoundationEssentials.UUID
public import typealias FoundationEssentials.uuid_t

/// How a server sends mail.
public struct Mail: Sendable {
    /// The server that takes it.
    public var smtp: SMTPConfiguration
    /// Whom it is from.
    public var from: Mailbox
    /// Where mail that cannot be delivered comes back to, with the message named behind a plus sign; nil for the sender's address.
    public var bounces: EmailAddress?
    /// Where people find Kith, as it stands in messages.
    public var site: String

    /// Makes a configuration.
    public init(smtp: SMTPConfiguration, from: Mailbox, bounces: EmailAddress? = nil, site: String) {
        self.smtp = smtp
        self.from = from
        self.bounces = bounces
        self.site = site
    }
}

/// The address that a mail comes back to, which names the message and its network (variable envelope return path).
public struct ReturnPath: Sendable, Equatable {
    /// The network.
    public let network: UUID
    /// The message.
    public let message: UUID

    /// Names a message.
    public init(network: UUID, message: UUID) {
        self.network = network
        self.message = message
    }

    /// Reads it from an address; nil where it names no message.
    public init?(_ address: String) {
        let local = address.prefix { $0 != "@" }
        guard let name = local.split(separator: "+").last, name.utf8.count == 52,
            let network = Self.read(name.prefix(26)), let message = Self.read(name.suffix(26))
        else { return nil }
        self.init(network: network, message: message)
    }

    /// The address. 52 letters and digits stand behind the plus sign, so the part before it has at most 11 of the 64 that are allowed.
    public func address(at bounces: EmailAddress) -> EmailAddress? {
        EmailAddress("\(bounces.localPart)+\(Self.text(network))\(Self.text(message))@\(bounces.domain)")
    }

    // Base 32 of RFC 4648 in lower case: mail servers may change the case.
    private static let digits = Array("abcdefghijklmnopqrstuvwxyz234567")

    private static func text(_ id: UUID) -> String {
        var value = withUnsafeBytes(of: id.uuid) { $0.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } }
        var text: [Character] = []
        for _ in 0..<26 {
            text.append(digits[Int(value & 31)])
            value >>= 5
        }
        return String(text.reversed())
    }

    private static func read(_ text: Substring) -> UUID? {
        var value = UInt128(0)
        for character in text.lowercased() {
            guard let digit = digits.firstIndex(of: character), value >> 123 == 0 else { return nil }
            value = value << 5 | UInt128(digit)
        }
        return withUnsafeBytes(of: value.bigEndian) { UUID(uuid: $0.load(as: uuid_t.self)) }
    }
}
