import struct FoundationEssentials.UUID

/// A path with parameters in braces, as in `/networks/{network}/organisations/{organisation}`. Parameters are identifiers, but for
/// those that end in `_name`, which are words.
public struct PathTemplate: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The path below the version, as written.
    public let text: String
    /// The names of the parameters, in order.
    public let parameters: [String]

    /// Reads a template.
    public init(stringLiteral text: String) {
        self.text = text
        parameters = text.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// The path as it is served.
    public var served: String { "/v1\(text)" }

    /// Whether a parameter is a word and not an identifier.
    static func isWord(_ parameter: String) -> Bool { parameter.hasSuffix("_name") }
}
