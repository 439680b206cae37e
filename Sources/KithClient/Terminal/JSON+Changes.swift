import ArgumentParser
public import Kith

extension JSON {
    /// The changes of a merge patch (RFC 7396): what was given, and null for what is to be cleared.
    /// - Throws: `ValidationError` where that is nothing
    public static func changes(_ given: [String: JSON?], clearing cleared: [String] = []) throws -> JSON {
        var changes = given.compactMapValues { $0 }
        for field in cleared { changes[field.replacing("-", with: "_")] = .null }
        if changes.isEmpty { throw ValidationError("Say what to change. The options are in --help.") }
        return .object(changes)
    }
}
