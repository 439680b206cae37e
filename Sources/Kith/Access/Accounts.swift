public import Postgres

/// Logins. An account holds no personal data beyond an address, and may be a person in several networks.
public enum Accounts {
    /// What the API answers for an account.
    public static let resource = Resource(
        "Account", "account", table: "kith.accounts", key: "account_id",
        [
            .text("email", "The address; null for an account without one.").orNull,
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
}
