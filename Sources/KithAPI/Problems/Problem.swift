import HTTPTypes
import Kith
import struct FoundationEssentials.UUID

/// An error answer (RFC 9457): a stable type, what happened in plain English, what to do next, and every field at fault.
struct Problem: Sendable {
    let status: HTTPResponse.Status
    let type: String
    let title: String
    let detail: String
    var errors: [FieldProblem] = []
    var headers = HTTPFields()
    /// Whose account it is, where that is known already: for the log alone.
    var account: UUID?

    static let mediaType = "application/problem+json"

    func reply(requestID: String) -> Reply {
        Reply(status: status, headers: headers, body: .bytes(json(requestID: requestID).bytes, mediaType: Self.mediaType))
    }

    func json(requestID: String) -> JSON {
        var members: [String: JSON] = [
            "type": .string("urn:kith:problem:\(type)"), "title": .string(title), "status": .integer(Int64(status.code)),
            "detail": .string(detail), "request_id": .string(requestID),
        ]
        if !errors.isEmpty {
            members["errors"] = .array(errors.map { ["pointer": .string($0.pointer), "detail": .string($0.detail)] })
        }
        return .object(members)
    }

    static let schema = Schema.object(
        name: "Problem",
        members: [
            ("type", .inline(["type": "string"]), "A stable name for this kind of problem."),
            ("title", .inline(["type": "string"]), "The kind of problem in words."),
            ("status", .inline(["type": "integer"]), "The status code."),
            ("detail", .inline(["type": "string"]), "What happened and what to do next."),
            ("request_id", .inline(["type": "string"]), "Name this when you ask for help."),
            (
                "errors",
                .list(
                    .object(
                        name: "FieldProblem",
                        members: [
                            ("pointer", .inline(["type": "string"]), "Where: a JSON pointer into the body, or the name of a parameter."),
                            ("detail", .inline(["type": "string"]), "What is wrong with it."),
                        ], required: ["pointer", "detail"])), "Every field at fault."
            ),
        ], required: ["type", "title", "status", "detail", "request_id"])
}

extension Problem {
    init(_ refusal: Refusal) {
        let (status, title): (HTTPResponse.Status, String) =
            switch refusal.kind {
            case .malformed: (.badRequest, "The request could not be read")
            case .unauthenticated: (.unauthorized, "Please sign in")
            case .forbidden: (.forbidden, "You are not allowed to do this")
            case .notFound: (.notFound, "Not found")
            case .conflict: (.conflict, "This does not fit what is there")
            case .invalid: (.unprocessableContent, "Some fields need correcting")
            case .stale: (.preconditionFailed, "Somebody else changed this")
            case .versionRequired: (.preconditionRequired, "Say which version you are changing")
            case .keyReused: (.unprocessableContent, "The Idempotency-Key was used before")
            case .unavailable: (.serviceUnavailable, "Not available at the moment")
            case .secondFactorRequired: (.unauthorized, "Please give your second factor")
            case .tooManyTries: (.tooManyRequests, "Too many tries")
            }
        self.init(status: status, type: refusal.kind.rawValue, title: title, detail: refusal.detail, errors: refusal.problems)
        account = refusal.account
        if refusal.kind == .unauthenticated { headers[.wwwAuthenticate] = "Bearer realm=\"kith\"" }
        if let seconds = refusal.retryAfter { headers[.retryAfter] = "\(seconds)" }
        if refusal.kind == .unavailable { headers[.retryAfter] = "10" }
    }

    static let `internal` = Problem(
        status: .internalServerError, type: "internal", title: "Something went wrong in Kith",
        detail: "This is not your fault. Nothing was changed. Try again; if it goes on, tell whoever runs this server the request id.")

    static let noSuchAddress = Problem(
        status: .notFound, type: "not-found", title: "Not found",
        detail: "There is nothing at this address. The addresses that exist are listed in /v1/openapi.json.")

    static func methodNotAllowed(_ allowed: String) -> Problem {
        Problem(
            status: .methodNotAllowed, type: "method-not-allowed", title: "This address does not do that",
            detail: "Use one of: \(allowed).", headers: [.allow: allowed])
    }

    static func bodyTooLarge(_ most: Int) -> Problem {
        Problem(
            status: .contentTooLarge, type: "too-large", title: "Too much was sent at once",
            detail: "The body may have \(most) bytes at most. Send less at a time.", headers: [.connection: "close"])
    }

    static let headersTooLarge = Problem(
        status: .requestHeaderFieldsTooLarge, type: "headers-too-large", title: "The headers are too large",
        detail: "The headers of a request may have 80 kilobytes together. Send less.")

    static let notHTTP = Problem(
        status: .badRequest, type: "malformed", title: "The request could not be read", detail: "This is not a request that HTTP allows.")

    static let cutShort = Problem(
        status: .badRequest, type: "malformed", title: "The request ended too early",
        detail: "Nothing was changed. Check your connection and send it again.")

    static let tooSlow = Problem(
        status: .requestTimeout, type: "too-slow", title: "The request took too long to arrive",
        detail: "Nothing was changed. Check your connection and send it again.", headers: [.connection: "close"])

    static func mediaType(_ expected: String) -> Problem {
        Problem(
            status: .unsupportedMediaType, type: "unsupported-media-type", title: "Send this in another form",
            detail: "The Content-Type must be \(expected).", headers: [.accept: expected])
    }

    static let tooManyRequestsType = "too-many-requests"

    static func tooManyRequests(_ headers: HTTPFields) -> Problem {
        Problem(
            status: .tooManyRequests, type: tooManyRequestsType, title: "Too many requests",
            detail: "Please wait a little and try again; the Retry-After header says how many seconds.", headers: headers)
    }
}

/// A problem found by the HTTP layer itself.
struct ProblemError: Error {
    let problem: Problem
    /// False where the log has heard of it already.
    var isNews = true
}
