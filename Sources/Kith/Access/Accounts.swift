public import Postgres
public import struct FoundationEssentials.UUID

/// Logins. An account holds no personal data beyond an address, and may be a person in several networks.
public enum Accounts {
    /// What the API answers for an account.
    public static let resource = Resource(
        "Account", "account", table: "kith.accounts", key: "account_id",
        [
            .text("email", "The address; null for an account without one.").orNull,
            .text("sign_in_name", "What it signs in by, where it has no address.").orNull,
            .boolean("is_operator", "Whether it runs the server."),
            .createdAt,
        ])

    /// The account that asks.
    /// - Parameter actor: who asks
    /// - Returns: the account
    /// - Throws: ``Refusal`` where the token is no good
    public static func me(by actor: Actor) async throws -> Row {
        try await actor.read(
            "select \(query: resource.columns) from kith.accounts where account_id = kith.current_account()"
        ).only(resource)
    }

    /// Shuts every way into an account at once, or opens them again. Only the operator may; nothing else of the account changes.
    public static func setDisabled(_ isDisabled: Bool, by actor: Actor, _ account: UUID) async throws {
        _ = try await actor.write("select id from kith.disable_account(\(account), \(isDisabled)) as id where id is not null").only(
            resource)
    }
}
