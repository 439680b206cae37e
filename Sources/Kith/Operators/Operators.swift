public import Postgres
import struct FoundationEssentials.UUID

/// Whoever runs the server: may create networks, and sees none of them from within.
public enum Operators {
    /// Whether there is one.
    /// - Parameter owner: a client connected as the owner of the database
    /// - Returns: true where there is
    /// - Throws: what the database says
    public static func exist(_ owner: PostgresClient) async throws -> Bool {
        try await owner.query("select from kith.accounts where is_operator limit 1").count > 0
    }

    /// Makes an operator and answers the token, for 90 days. Only the owner of the database can.
    /// - Parameter owner: a client connected as the owner of the database
    /// - Returns: the token, which is kept nowhere else
    /// - Throws: what the database says
    public static func create(_ owner: PostgresClient) async throws -> Secret {
        let secret = Secret.generate(.token)
        let account = UUID.version7()
        _ = try await owner.batch([
            "insert into kith.accounts (account_id, is_operator) values (\(account), true)",
            """
            insert into kith.api_tokens (token_id, account_id, name, secret_hash, scopes, expires_at, signed_in_at)
            values (\(UUID.version7()), \(account), 'First operator token', \(secret.hash), '{read,write,operate}',
                now() + interval '90 days', now())
            """,
            """
            insert into kith.audit_entries (network_id, entry_id, action, subject_id)
            values (kith.current_ledger(), kith.new_id(), 'operator.created', \(account))
            """,
        ])
        return secret
    }
}
