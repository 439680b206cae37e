public import Postgres
public import struct FoundationEssentials.UUID

/// Codes to sign in with that come by letter, for people without e-mail.
public enum SignInLetters {
    /// What is answered when a code is made.
    public static let resource = Resource(
        "SignInLetter", "letter", table: "kith.sign_in_letters", key: "letter_id",
        [
            .id("person_id", "Whom it is for."),
            .text("code", "What they sign in with, once. Shown only now: print it, and post it to nobody else."),
            .moment("expires_at", "Until when it works."),
        ])

    /// Makes a code for a person who has an account and no other way to sign in. An earlier one stops working.
    /// - Throws: ``Refusal`` where the person can be reached otherwise, or is in another network too
    public static func create(by actor: Actor, _ person: UUID) async throws -> Row {
        let secret = Secret.generate(.letter)
        _ = try await actor.get(People.resource, person, where: "ended_at is null")
        return try await actor.write(
            """
            select id, \(person)::uuid as person_id, \(secret.text) as code, now() + interval '14 days' as expires_at
            from kith.issue_sign_in_letter(\(actor.newID), \(person), \(secret.hash)) as id
            """, about: person
        ).only(resource)
    }
}

extension SignIn {
    /// A code that came by letter.
    public struct ByLetter: Input {
        let code: String
        let end: SignInEnd

        public init(from fields: inout Fields) {
            code = fields.required("code", .text(1...200), "The code from the letter.")
            end = SignInEnd(from: &fields)
        }
    }

    /// Signs in with a code that came by letter, once.
    public func withLetter(by actor: Actor, _ proof: ByLetter, from browser: Browser) async throws -> Opened {
        let hash = Secret.hash(ofTyped: proof.code)
        try await count(by: actor, "letter \(proof.code)", from: browser)
        return try await actor.transaction { actor in
            guard try await isProved(by: actor, "select kith.prove_letter(\(hash))") else {
                throw Refusal.notSignedIn("This code does not work. It works once, for two weeks. Check each letter, or ask for a new one.")
            }
            let factor = try await SecondFactors.prove(by: actor, proof.end.secondFactor)
            return try await open(by: actor, .letter, proof.end, from: browser, name: "letter \(proof.code)", factor: factor)
        }
    }
}
