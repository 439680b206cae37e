public import struct FoundationEssentials.UUID

/// What is wrong with one field of a request.
public struct FieldProblem: Sendable, Hashable {
    /// Where: a JSON pointer (RFC 6901) into the body, or the name of a parameter.
    public let pointer: String
    /// What is wrong and what to do, in plain English.
    public let detail: String

    /// Makes a field problem.
    public init(_ pointer: String, _ detail: String) {
        self.pointer = pointer
        self.detail = detail
    }
}

/// Why a request was not carried out, in words for the person who made it. Nothing of it was done.
public struct Refusal: Error, Sendable, Hashable {
    /// The kinds of refusal, each with its own stable name in the API.
    public enum Kind: String, Sendable, CaseIterable {
        case malformed, unauthenticated, forbidden
        case notFound = "not-found"
        case conflict, invalid
        case stale
        case versionRequired = "version-required"
        case keyReused = "key-reused"
        case unavailable
        case secondFactorRequired = "second-factor-required"
        case tooManyTries = "too-many-tries"
    }

    /// The kind.
    public let kind: Kind
    /// What happened and what to do next.
    public let detail: String
    /// The fields at fault, all of them.
    public let problems: [FieldProblem]
    /// After how many seconds to try again, where that is known.
    public let retryAfter: Int?
    /// Whose account it is, where whoever asked has proved a part of it: for the log, in no answer.
    public private(set) var account: UUID?

    init(_ kind: Kind, _ detail: String, problems: [FieldProblem] = [], retryAfter: Int? = nil) {
        self.retryAfter = retryAfter
        self.kind = kind
        self.detail = detail
        self.problems = problems
    }

    /// The same refusal, of somebody who has proved a part of who they are.
    func concerning(_ account: UUID) -> Refusal {
        var refusal = self
        refusal.account = account
        return refusal
    }

    /// The request could not be read at all.
    public static func malformed(_ detail: String) -> Refusal { Refusal(.malformed, detail) }
    /// Nobody, or nobody any more, is known by what was presented.
    public static let unauthenticated = Refusal(
        .unauthenticated, "Kith does not know who you are. Send a valid token; it may have expired or been withdrawn.")
    /// The person is known and may not do this.
    public static func forbidden(_ detail: String) -> Refusal { Refusal(.forbidden, detail) }
    /// There is no such thing here, or the person may not know that there is.
    public static func notFound(_ thing: String) -> Refusal {
        Refusal(.notFound, "There is no such \(thing) here, or you do not have access to it. Check the address.")
    }
    /// The request contradicts what is already so.
    public static func conflict(_ detail: String, _ problems: [FieldProblem] = []) -> Refusal {
        Refusal(.conflict, detail, problems: problems)
    }
    /// Fields are wrong; every one is named.
    public static func invalid(_ problems: [FieldProblem]) -> Refusal {
        Refusal(
            .invalid, "Some of what was sent cannot be used. Each problem is listed; correct them and send it again.", problems: problems)
    }
    /// Somebody changed the thing in the meantime.
    public static let stale = Refusal(.stale, "Somebody has changed this since you last read it. Read it again, then make your change.")
    /// A change must say which version it is of.
    public static let versionRequired = Refusal(
        .versionRequired, "Two people may edit this. Send the ETag that you last read in an If-Match header.")
    /// An idempotency key was used before, for something else.
    public static let keyReused = Refusal(.keyReused, "This Idempotency-Key was used before with another request. Use a new key.")
    /// What was given to sign in is not right. It does not say which part, or a stranger could learn who has an account.
    public static func notSignedIn(_ detail: String) -> Refusal { Refusal(.unauthenticated, detail) }
    /// The first proof is right, and the account asks for a second one.
    public static let secondFactorRequired = Refusal(
        .secondFactorRequired,
        "Open the app that makes codes for Kith and send the six digits it shows as second_factor, or one of your recovery codes.")
    /// The account has to have a second factor, and has none yet.
    public static let secondFactorMissing = Refusal(
        .forbidden, "Your role needs a second factor before you go on. Set one up with: kith account totp. It takes two minutes.")
    /// Somebody tried too often.
    public static func tooManyTries(_ seconds: Int) -> Refusal {
        let minutes = (seconds + 59) / 60
        return Refusal(
            .tooManyTries,
            "This was tried too often. Wait \(minutes == 1 ? "a minute" : "\(minutes) minutes") and try again, or sign in with a link by e-mail.",
            retryAfter: seconds)
    }
    /// The server cannot do this now.
    public static func unavailable(_ detail: String) -> Refusal { Refusal(.unavailable, detail) }
}
