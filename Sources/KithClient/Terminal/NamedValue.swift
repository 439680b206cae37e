public import ArgumentParser
public import Kith

/// Something said about something, as NAME=VALUE on the command line.
public struct NamedValue: ExpressibleByArgument, Sendable {
    /// About what.
    public let name: String
    /// What is said; it may hold further equals signs.
    public let value: String

    public init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        (name, value) = (parts[0], parts[1])
    }
}

extension [NamedValue] {
    /// All of them as the members of an object; of a name that is given twice the last.
    public var members: [String: JSON] { Dictionary(map { ($0.name, .string($0.value)) }) { $1 } }
}
