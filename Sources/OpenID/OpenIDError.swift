/// Why a sign-in through an OpenID provider did not succeed. Carries no token, code or claim.
public struct OpenIDError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Kind: String, Sendable {
        /// The provider does not answer, or not as an OpenID provider does.
        case unavailable
        /// The provider would not exchange the code.
        case codeRefused
        /// The token is none, or breaks a rule.
        case tokenRefused
    }

    /// The kind.
    public let kind: Kind
    /// Which rule, for the log of whoever runs the site.
    public let reason: String

    /// The kind and the rule.
    public var description: String { "\(kind.rawValue): \(reason)" }

    static func unavailable(_ reason: String) -> OpenIDError { OpenIDError(kind: .unavailable, reason: reason) }
    static func tokenRefused(_ reason: String) -> OpenIDError { OpenIDError(kind: .tokenRefused, reason: reason) }
}
