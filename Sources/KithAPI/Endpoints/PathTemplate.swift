import struct FoundationEssentials.UUID

/// A path with parameters in braces, as in `/networks/{network}/organisations/{organisation}`. Parameters are identifiers, but for
/// those that end in `_name`, which are words.
public struct PathTemplate: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The path below the version, as written.
    public let text: String

    /// Reads a template.
    public init(stringLiteral text: String) {
        self.text = text
    }

    /// The path as it is served.
    public var served: String { "/v1\(text)" }

    /// The names of the parameters, in order.
    public var parameters: [String] {
        text.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// Whether a parameter is a word and not an identifier.
    static func isWord(_ parameter: String) -> Bool { parameter.hasSuffix("_name") }
}
