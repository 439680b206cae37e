/// Why a mail was not handed over. Never holds an address or the server's own words, which often repeat it.
public struct SMTPError: Error, Sendable, Equatable, CustomStringConvertible {
    /// How far the conversation was.
    public enum Stage: String, Sendable {
        case connecting, greeting, securing, authentication, sender, recipient, message
    }

    /// What happened.
    public enum Reason: Sendable, Equatable {
        /// Nobody answers at the host and port.
        case unreachable
        /// The server ended the connection.
        case closed
        /// The server took too long.
        case timedOut
        /// The task that sent was cancelled.
        case cancelled
        /// The connection could not be encrypted with a certificate for this host, or encryption was not offered where it is required.
        case notSecure
        /// The server takes neither PLAIN nor LOGIN, or would take them without encryption only.
        case noMechanism
        /// The server said something that is no SMTP, or something that nobody had asked for.
        case protocolViolation
        /// The server refused: the reply code, and the status of RFC 3463 where it names one.
        case refused(code: Int, status: String?)
    }

    /// How far the conversation was.
    public let stage: Stage
    /// What happened.
    public let reason: Reason

    /// Makes an error.
    public init(stage: Stage, reason: Reason) {
        self.stage = stage
        self.reason = reason
    }

    /// Whether the server refused for good (a reply of 500 or above), so that the same mail will be refused again.
    public var isPermanent: Bool {
        if case .refused(let code, _) = reason { code >= 500 } else { false }
    }

    /// Whether it is the recipient's address that was refused for good: at `RCPT`, or after the text with a status of class 5.1 or 5.2.
    public var rejectsRecipient: Bool {
        guard isPermanent, case .refused(_, let status) = reason else { return false }
        return stage == .recipient || stage == .message && (status?.hasPrefix("5.1.") == true || status?.hasPrefix("5.2.") == true)
    }

    /// For a log.
    public var description: String {
        switch reason {
        case .refused(let code, let status): "\(stage.rawValue): refused with \(code)\(status.map { " \($0)" } ?? "")"
        default: "\(stage.rawValue): \(reason)"
        }
    }
}
