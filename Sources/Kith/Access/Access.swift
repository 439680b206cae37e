public import struct FoundationEssentials.UUID

/// Who may use an endpoint. The database enforces it in the same transaction as the work (see `Migrations/core/0002_entry.sql`).
public enum Access: Sendable {
    /// Anyone, without a token.
    case anyone
    /// Anyone, also without an account, through a door of the module's own: an SQL function of a secret (`bytea`, empty where none was
    /// presented as a bearer token), the network, and what the path parameter names. It opens the network as nobody, or refuses.
    case visitor(door: String, at: String? = nil)
    /// Whoever has an account.
    case account
    /// Whoever has signed in, also those who must set up a second factor before anything else.
    case signIn
    /// The operator of the server, who sees no network from within.
    case `operator`
    /// Every person of the network.
    case member
    /// Every person of the network, and those who have left it: for what is theirs alone. Nobody's role counts for those who have left.
    case everMember
    /// A person of the network whose role carries the permission, where the role must hold.
    case permission(Permission, Reach)

    /// Whether it is for visitors, who come through a door of a module's own.
    package var isForVisitors: Bool { if case .visitor = self { true } else { false } }

    /// Where a role must be held.
    public enum Reach: Sendable {
        /// In the whole network.
        case network
        /// In any programme of it; the function itself narrows what is seen.
        case anywhere
        /// In the whole network, or in the programme or activity that this path parameter names.
        case parameter(String)
    }
}

/// What a request presents to prove who makes it.
public enum Credential: Sendable {
    /// Nothing.
    case none
    /// The SHA-256 of an API token or of a session's secret.
    case token(hash: [UInt8])
    /// The lease of a worker on a job.
    case lease(worker: UUID, job: UUID)
    /// The lease of a worker on a message, which carries the rights of the person it is for.
    case message(worker: UUID, message: UUID)
    /// The lease of a worker on a call to a webhook.
    case webhookDelivery(worker: UUID, delivery: UUID)
}

/// What a token may be used for.
public enum TokenScope: String, Sendable, CaseIterable {
    case read, write, operate
    /// One's own ways to sign in: a session is good for it, and a token that may write.
    case signIn = "sign_in"

    /// What a token can be made for.
    public static let allCases: [TokenScope] = [.read, .write, .operate]
}
