public import HTTPTypes
public import Kith

/// One operation of the API: its method, path, right, fields, answer, and the function that does it.
///
/// From this one declaration come the routing, the checks of every field, the door in the database, the audit entry, the answer and the
/// OpenAPI document. A handler cannot run before its request is complete and correct, and cannot reach a row without its right.
public struct Endpoint: Sendable {
    /// What the answer is.
    enum Answer: Sendable {
        case one(Resource, HTTPResponse.Status)
        case page(Resource)
        case nothing
        case value(Schema)
        case document(mediaType: String)
        case stream
    }

    /// The name of the operation, a verb and a noun, unique: `create_organisation`.
    public let name: String
    /// The method.
    public let method: HTTPRequest.Method
    /// The path, with its parameters in braces.
    public let path: PathTemplate
    /// What it does, in one line.
    public let summary: String
    /// Who may use it.
    public let access: Access
    /// What is recorded of each write; nil for an operation that changes nothing.
    public let action: String?
    let query: Schema?
    let body: RequestBody
    let answer: Answer
    let isPaged: Bool
    let needsVersion: Bool
    let answersSecret: Bool
    /// Whose records it reads, for the people to see who looked.
    private(set) var observed: Observed?
    /// Whether its body or its answer holds what is kept sealed: neither is kept for a repeated request, in clear or as a plain hash.
    var isSealed = false
    /// For how many seconds anybody may keep its answer; nil where nobody may.
    private(set) var cachedFor: Int?
    /// What whoever asks must have agreed to.
    public private(set) var consent: ConsentPurpose?
    let handle: @Sendable (Incoming) async throws -> Reply

    /// Whose records a read shows.
    public enum Observed: Sendable {
        /// The record of the person whom this path parameter names.
        case person(String)
        /// The records of the people on a page of the list of people.
        case people
    }

    /// What the body of a request is.
    enum RequestBody: Sendable {
        case none
        case json(Schema)
        case csv
    }

    var isUnsafe: Bool { method != .get }

    /// Whether its answer goes on until the reader leaves.
    package var isStream: Bool { if case .stream = answer { true } else { false } }

    /// The same operation, of which each use is recorded for the people whose records it shows: who looked, when, by which operation,
    /// with which role, and why, where they say it in the header `Kith-Access-Reason`.
    public func recordingAccess(to observed: Observed) -> Endpoint {
        var endpoint = self
        endpoint.observed = observed
        return endpoint
    }

    /// The same operation, whose answer is for the public: it has an ETag, and caches may keep it for so many seconds.
    public func cached(forSeconds seconds: Int) -> Endpoint {
        var endpoint = self
        endpoint.cachedFor = seconds
        return endpoint
    }

    /// The same operation, for those only who agree to a purpose in its present wording; everybody else is told to read it first (403).
    public func needing(_ purpose: ConsentPurpose) -> Endpoint {
        var endpoint = self
        endpoint.consent = purpose
        return endpoint
    }
}
