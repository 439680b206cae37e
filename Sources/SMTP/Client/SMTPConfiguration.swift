import struct FoundationEssentials.URLComponents

/// Which server takes the mail, and how.
public struct SMTPConfiguration: Sendable {
    /// How the connection is encrypted. A certificate is always checked against the host.
    public enum Security: String, Sendable {
        /// From the first byte (port 465, RFC 8314).
        case implicit
        /// By STARTTLS, and not at all without it (port 587, RFC 3207).
        case required
        /// By STARTTLS where the server offers it.
        case optional
        /// Not at all; for a server on the same machine.
        case none
    }

    /// The host's name or address.
    public var host: String
    /// The port.
    public var port: Int
    /// How the connection is encrypted.
    public var security: Security
    /// Who signs in with what; only ever sent over an encrypted connection.
    public var credentials: (user: String, password: String)?
    /// A file of certificates (PEM) to trust in place of the system's.
    public var trustedCertificates: String?
    /// How long a connection may take.
    public var connectTimeout = Duration.seconds(10)
    /// How long the server may take for each answer; RFC 5321 allows it minutes after the text.
    public var replyTimeout = Duration.seconds(60)

    /// Makes a configuration.
    public init(host: String, port: Int, security: Security = .required, credentials: (user: String, password: String)? = nil) {
        self.host = host
        self.port = port
        self.security = security
        self.credentials = credentials
    }

    /// Reads `smtp://[user@]host[:port][?security=required|optional|none]` (port 587) or `smtps://[user@]host[:port]` (port 465);
    /// nil where the address is no such address, or a user has no password.
    /// - Parameters:
    ///   - url: the address; a password must not stand in it, because addresses end up in logs
    ///   - password: the user's password
    public init?(url: String, password: String? = nil) {
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty, parts.password == nil,
            parts.path.isEmpty || parts.path == "/"
        else { return nil }
        var security: Security
        switch parts.scheme?.lowercased() {
        case "smtp": security = .required
        case "smtps": security = .implicit
        default: return nil
        }
        for item in parts.queryItems ?? [] {
            guard item.name == "security", security != .implicit, let chosen = item.value.flatMap(Security.init), chosen != .implicit
            else { return nil }
            security = chosen
        }
        var credentials: (user: String, password: String)?
        if let user = parts.user {
            guard let password else { return nil }
            credentials = (user, password)
        }
        self.init(
            host: host.trimmingBrackets, port: parts.port ?? (security == .implicit ? 465 : 587), security: security,
            credentials: credentials)
    }
}

extension String {
    // An IPv6 address stands in brackets in a URL and without them everywhere else.
    fileprivate var trimmingBrackets: String { hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self }
}
