/// Why the audit log cannot be checked or signed.
public struct AuditFailure: Error, Sendable, CustomStringConvertible {
    /// What happened and what to do.
    public let description: String
    /// Whether somebody has changed what was signed, rather than something being missing or unreadable.
    public let isTampering: Bool

    init(_ description: String, isTampering: Bool = false) {
        self.description = description
        self.isTampering = isTampering
    }
}
