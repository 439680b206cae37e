public import Postgres
public import struct FoundationEssentials.UUID

/// API tokens: what a program presents in place of a person. Each account makes and withdraws its own.
public enum Tokens {
    /// What the API answers for a token; never the secret.
    public static let resource = Resource(
        "Token", "token", table: "kith.api_tokens", key: "token_id",
        [
            .text("name", "What it is for."),
            .texts("scopes", "What it is good for."),
            .id("network_id", "The only network in which it works; null for every network of the account.").orNull,
            .createdAt,
            .moment("expires_at", "Until when it works."),
            .moment("revoked_at", "When it was withdrawn.").orNull,
        ])

    /// What is answered when a token is made, once.
    public static let created = Resource(
        "TokenCreated", "token", table: "kith.api_tokens", key: "token_id",
        [
            .text("name", "What it is for."),
            .texts("scopes", "What it is good for."),
            .text("secret", "The token. Shown only now."),
            .moment("expires_at", "Until when it works."),
        ])

    /// A new token.
    public struct New: Input {
        let name: String
        let scopes: [TokenScope]
        let days: Int
        let network: UUID?

        public init(from fields: inout Fields) {
            name = fields.required("name", .text(), "What it is for.")
            scopes = fields.optional(
                "scopes", .list(of: .choice(TokenScope.self), 1...3), default: [.read], "What it is good for: read, write, operate.")
            days = fields.optional("expires_in_days", .integer(1...365), default: 90, "After how many days it stops working.")
            network = fields.optional("network_id", .id, "The only network in which it works.")
        }
    }

    /// Makes a token for the account that asks. It can do no more than the one that was presented.
    public static func create(by actor: Actor, _ new: New, holding presented: [UInt8]) async throws -> Row {
        let secret = Secret.generate(.token)
        let scopes = Set(new.scopes).map(\.rawValue).sorted()
        return try await actor.write(
            """
            \(query: issue(secret, id: actor.newID, name: new.name, scopes: scopes, days: new.days, network: new.network, within: presented))
            returning token_id as id, name, scopes, \(secret.text) as secret, expires_at
            """
        ).first.orThrow(
            Refusal.forbidden("The new token would be good for more than the one that you use. Leave out what yours cannot do."))
    }

    /// Withdraws a token at once.
    public static func revoke(by actor: Actor, _ id: UUID) async throws {
        _ = try await actor.write(
            """
            update kith.api_tokens set revoked_at = coalesce(revoked_at, now()) where token_id = \(id) and account_id = kith.current_account()
            returning token_id as id
            """
        ).only(resource)
    }

    /// The tokens of the account that asks.
    public static func list(by actor: Actor, _ page: Page) async throws -> Rows {
        let after: Query = page.after.map { "and token_id > \($0)" } ?? ""
        return try await actor.read(
            """
            select \(query: resource.columns) from kith.api_tokens where account_id = kith.current_account() \(query: after)
            order by token_id \(query: page.oneMore)
            """)
    }

    /// The statement that stores a token for the account at the door.
    static func issue(
        _ secret: Secret, id: UUID, name: String, scopes: [String], days: Int, network: UUID? = nil, within presented: [UInt8]? = nil,
        signsIn: Bool = false
    ) -> Query {
        let bound: Query =
            presented.map { "where exists (select from kith.credential(\($0)) p where p.scopes @> \(scopes)::text[])" } ?? ""
        return """
            insert into kith.api_tokens (token_id, account_id, name, secret_hash, scopes, network_id, expires_at, signed_in_at)
            select \(id), kith.current_account(), \(name), \(secret.hash), \(scopes)::text[], \(network)::uuid, now() + make_interval(days => \(days)::integer),
                   case when \(signsIn) then now() end
            \(query: bound)
            """
    }
}

extension Optional {
    /// The value, or the refusal where there is none.
    func orThrow(_ refusal: Refusal) throws -> Wrapped {
        guard let self else { throw refusal }
        return self
    }
}
