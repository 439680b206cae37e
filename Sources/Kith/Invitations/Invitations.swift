public import Postgres
public import struct FoundationEssentials.UUID

/// How a person of a network gets to sign in: a code that works once. Nobody, the operator neither, can make a token for an account
/// that somebody already has.
public enum Invitations {
    /// What is answered when someone is invited.
    public static let resource = Resource(
        "Invitation", "invitation", table: "kith.invitations", key: "invitation_id",
        [
            .id("person_id", "Who is invited."),
            .text("code", "What the person accepts it with. Shown only now; pass it on safely."),
            .moment("expires_at", "Until when it can be accepted."),
        ])

    /// What is answered when an invitation is accepted.
    public static let accepted = Resource(
        "InvitationAccepted", "invitation", table: "kith.people", key: "person_id",
        [
            .id("network_id", "The network joined."),
            .id("person_id", "Who the account is there."),
            .id("account_id", "The account."),
            .text("token", "A token for the new account; null where an account joined that was signed in. Shown only now.").orNull,
            .moment("token_expires_at", "Until when the token works.").orNull,
        ])

    /// The acceptance of an invitation.
    public struct Acceptance: Input {
        let code: String

        public init(from fields: inout Fields) {
            code = fields.required("code", .text(), "The code from the invitation.")
        }
    }

    /// Invites a person of the network to sign in. An earlier invitation of theirs stops working.
    public static func create(by actor: Actor, _ person: UUID) async throws -> Row {
        guard let network = actor.network else { preconditionFailure("invitations are made in a network") }
        let secret = Secret.generate(.invitation)
        return try await actor.transaction { actor in
            _ = try await actor.get(People.resource, person, where: "ended_at is null")
            return try await actor.run(
                "update kith.invitations set expires_at = now() where person_id = \(person) and accepted_at is null and expires_at > now()",
                actor.recorded(
                    """
                    \(query: issue(secret, to: person, in: network))
                    returning invitation_id as id, person_id, \(secret.text) as code, expires_at
                    """)
            )[1].only(resource)
        }
    }

    /// Accepts an invitation: with a token, that account joins; without, a new account is made and answered with its first token.
    public static func accept(by actor: Actor, _ acceptance: Acceptance, holding token: [UInt8]?) async throws -> Row {
        let secret = Secret.generate(.token)
        var statements: [Query] = [
            "select kith.accept_invitation(\(Secret.hash(ofTyped: acceptance.code)), \(UUID.version7()), \(token))"
        ]
        if token == nil {
            statements.append(
                Tokens.issue(secret, id: .version7(), name: "First token", scopes: ["read", "write"], days: 30, signsIn: true))
        }
        statements.append(
            actor.recorded("select person_id as id from kith.people where person_id = kith.current_person()", as: "invitation.accepted"))
        statements.append(
            """
            select person_id as id, network_id, person_id, account_id, \(token == nil ? secret.text : nil)::text as token,
                   (select expires_at from kith.api_tokens where secret_hash = \(secret.hash)) as token_expires_at
            from kith.people where person_id = kith.current_person()
            """)
        do {
            return try await actor.run(statements).last.flatMap(\.first).orThrow(unknownCode)
        } catch let refusal as Refusal where refusal.kind == .notFound {
            throw unknownCode
        }
    }

    private static let unknownCode = Refusal(
        .notFound,
        "This code does not work: it may be mistyped, was used already, or is more than two weeks old. Type it again as it was given to you, "
            + "or ask whoever invited you for a new one.")

    /// The statement that stores an invitation for two weeks.
    static func issue(_ secret: Secret, to person: UUID, in network: UUID) -> Query {
        """
        insert into kith.invitations (network_id, invitation_id, person_id, code_hash, expires_at)
        values (\(network), \(UUID.version7()), \(person), \(secret.hash), now() + interval '14 days')
        """
    }
}

extension Invitations {
    /// Queues a mail or a letter that invites a person. The code is made when it is written.
    public static func send(by actor: Actor, _ person: UUID) async throws -> Row {
        let queued = try await actor.run(
            "select person_id from kith.people where person_id = \(person) and ended_at is null",
            actor.recorded(MessageTemplate.invitation.queue(for: person)))
        _ = try queued[0].only(People.resource)
        guard let message = try queued[1].first?["id", as: UUID.self] else {
            throw Refusal.conflict("There is no way to reach this person yet. Add an e-mail address, a postal address or a phone number.")
        }
        return try await actor.get(Messages.resource, message)
    }

    /// A new code while a mail or a letter to the person is written. An earlier one stops working.
    static func reissue(by actor: Actor, to person: UUID) async throws -> String {
        guard let network = actor.network else { preconditionFailure("invitations are made in a network") }
        let secret = Secret.generate(.invitation)
        _ = try await actor.run(
            "update kith.invitations set expires_at = now() where person_id = \(person) and accepted_at is null and expires_at > now()",
            issue(secret, to: person, in: network))
        return secret.text
    }
}
