import Postgres

extension SignIn {
    /// Who wants a link.
    public struct LinkRequest: Input {
        let email: String

        public init(from fields: inout Fields) {
            email = fields.required("email", .email, "The address of your account.")
        }
    }

    /// A link that has arrived.
    public struct ByLink: Input {
        let code: String
        let end: SignInEnd

        public init(from fields: inout Fields) {
            code = fields.required("code", .text(1...200), "What stands behind the # in the link.")
            end = SignInEnd(from: &fields)
        }
    }

    /// Sends a link to an address, if it has an account. Everything that depends on whether it has happens afterwards, in the background, so
    /// that neither the answer nor its time tells.
    /// - Throws: ``Refusal`` where it was asked for too often, or this server sends no mail
    public func requestLink(by actor: Actor, _ request: LinkRequest, from browser: Browser) async throws {
        guard let links, let hash = browser.hash else { throw Refusal.conflict("This server sends no mail. Sign in another way.") }
        try await count(by: actor, "link for \(request.email)", from: browser)
        links.send(to: request.email, for: hash)
    }

    /// Signs in with a link, once, within a quarter of an hour, in the browser that asked for it.
    /// - Throws: ``Refusal`` where any of that does not hold, or a second factor is wanted; the link can be used again then
    public func withLink(by actor: Actor, _ proof: ByLink, from browser: Browser) async throws -> Opened {
        try await count(by: actor, "link \(proof.code)", from: browser)
        return try await actor.transaction { actor in
            guard try await isProved(by: actor, "select kith.prove_link(\(Secret.hash(of: proof.code)), \(browser.hash))") else {
                throw Refusal.notSignedIn(
                    "This link does not work (any more). It works once, for 15 minutes, in the browser that asked for it. Ask for a new one there."
                )
            }
            let factor = try await SecondFactors.prove(by: actor, proof.end.secondFactor)
            _ = try await actor.run("select kith.prove_address(\(!factor))")
            return try await open(by: actor, .link, proof.end, from: browser, name: "link \(proof.code)", factor: factor)
        }
    }
}
