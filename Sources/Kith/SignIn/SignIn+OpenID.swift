import Logging
import OpenID
import Postgres
import struct FoundationEssentials.Date
import struct FoundationEssentials.UUID

extension SignIn {
    /// What the browser brings back from the OpenID provider.
    public struct ByOpenID: Input {
        let code: String
        let state: String
        let invitation: String?
        let answersSecret: Bool

        public init(from fields: inout Fields) {
            code = fields.required("code", .text(1...2000), "The code that the provider sent the browser back with.")
            state = fields.required("state", .text(1...200), "The state that it sent back.")
            invitation = fields.optional("invitation_code", .text(), "The code of an invitation, to join with this sign-in.")
            answersSecret = fields.optional(
                "answer_secret", .boolean, default: false, "True for a program that keeps the session's secret itself; no cookie is set.")
        }
    }

    /// How long an attempt may take, in seconds.
    public static let openIDSeconds = 600

    private static let notHere = Refusal.notSignedIn(
        "This sign-in did not begin in this browser, or too long ago. Begin again, and stay in one window.")

    /// Begins to sign in through the OpenID provider.
    /// - Returns: where the browser goes, and the attempt, which the browser keeps in a cookie
    /// - Throws: ``Refusal`` of kind `unavailable` where there is no provider, or it does not answer
    public func beginOpenID() async throws -> (address: String, attempt: String) {
        guard let provider else { throw Refusal.conflict("This server has no OpenID provider. Sign in another way.") }
        let attempt = "\(Secret.generate(.openid).text).\(Int(Date().timeIntervalSince1970))"
        do {
            return (try await provider.address(for: AuthorizationRequest(secret: attempt)), attempt)
        } catch {
            throw Self.refusal(error)
        }
    }

    /// Signs in whom the OpenID provider vouches for. A sign-in that is not known yet is linked to the account that is signed in, or by an
    /// invitation, or, where the site trusts the provider with that, by a verified address; to nobody otherwise.
    /// - Parameters:
    ///   - actor: who asks
    ///   - proof: what the browser brought back
    ///   - attempt: what the browser kept
    ///   - credential: the account that is signed in
    ///   - browser: where the request came from
    /// - Returns: the session
    /// - Throws: ``Refusal`` where anything of it does not hold
    public func withOpenID(
        by actor: Actor, _ proof: ByOpenID, attempt: String?, holding credential: [UInt8]?, from browser: Browser
    ) async throws -> Opened {
        guard let provider else { throw Refusal.conflict("This server has no OpenID provider. Sign in another way.") }
        guard let attempt, let begun = attempt.split(separator: ".").last.flatMap({ Double($0) }),
            Date().timeIntervalSince1970 - begun < Double(Self.openIDSeconds)
        else { throw Self.notHere }
        let request = AuthorizationRequest(secret: attempt)
        guard proof.state == request.state else { throw Self.notHere }
        let identity: OpenIDIdentity
        do {
            identity = try await provider.identity(code: proof.code, of: request)
        } catch {
            throw Self.refusal(error)
        }
        return try await actor.transaction { actor in
            try await prove(identity, by: actor, invitation: proof.invitation, holding: credential)
            let end = SignInEnd(secondFactor: nil, answersSecret: proof.answersSecret)
            return try await open(by: actor, .openid, end, from: browser, factor: false)
        }
    }

    private func prove(_ identity: OpenIDIdentity, by actor: Actor, invitation: String?, holding credential: [UInt8]?) async throws {
        if let credential {
            _ = try await actor.run("select kith.enter_account(\(credential), 'sign_in')")
            try await link(identity, by: actor, holding: credential)
            return
        }
        let email = policy.trustsOpenIDEmail ? identity.verifiedEmail : nil
        if try await isProved(by: actor, "select kith.prove_subject(\(identity.issuer), \(identity.subject), \(email))") { return }
        guard let invitation else {
            throw Refusal.notSignedIn(
                "This sign-in is not linked to an account here. Sign in with it from your invitation, or link it from your account.")
        }
        _ = try await actor.run(
            "select kith.accept_invitation(\(Secret.hash(ofTyped: invitation)), \(UUID.version7()), null)",
            actor.recorded("select person_id as id from kith.people where person_id = kith.current_person()", as: "invitation.accepted"))
        try await link(identity, by: actor)
    }

    private func link(_ identity: OpenIDIdentity, by actor: Actor, holding credential: [UInt8]? = nil) async throws {
        let known = try await actor.read(
            "select from kith.openid_subjects where issuer = \(identity.issuer) and subject = \(identity.subject)")
        if !known.isEmpty { return }
        if let credential, try await !Sessions.isFresh(by: actor, holding: credential) {
            throw Refusal.forbidden("Sign in again, then link this sign-in to your account within 15 minutes.")
        }
        _ = try await actor.run(
            actor.recorded(
                """
                insert into kith.openid_subjects (issuer, subject, account_id)
                values (\(identity.issuer), \(identity.subject), kith.current_account()) returning account_id as id
                """, as: "openid.linked"))
    }

    private static func refusal(_ error: any Error) -> any Error {
        guard let error = error as? OpenIDError else { return error }
        Logger.current.notice("A sign-in through the OpenID provider was refused", metadata: ["reason": "\(error)"])
        if error.kind == .unavailable {
            return Refusal.unavailable(
                "The provider that you sign in with cannot be reached. Try again in a minute, or sign in another way.")
        }
        return Refusal.notSignedIn("The provider did not confirm who you are. Begin again; if it goes on, tell whoever runs this server.")
    }
}
