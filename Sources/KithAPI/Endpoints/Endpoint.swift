public import HTTPTypes
public import Kith
public import Postgres

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

    /// The same operation, for those only who agree to a purpose in its present wording; everybody else is told to read it first (403).
    public func needing(_ purpose: ConsentPurpose) -> Endpoint {
        var endpoint = self
        endpoint.consent = purpose
        return endpoint
    }
}

extension Endpoint {
    /// Answers one thing.
    public static func get(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, returns resource: Resource,
        handle: @escaping @Sendable (Call<NoInput>) async throws -> Row
    ) -> Endpoint {
        Endpoint(
            name: name, method: .get, path: path, summary: summary, access: access, action: nil, query: nil, body: .none,
            answer: .one(resource, .ok), isPaged: false, needsVersion: false, answersSecret: false
        ) { incoming in
            try .one(await handle(incoming.call()), resource, .ok)
        }
    }

    /// Answers a value that is no row: a document, a summary.
    public static func value(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, returns schema: Schema,
        handle: @escaping @Sendable (Call<NoInput>) async throws -> JSON
    ) -> Endpoint {
        Endpoint(
            name: name, method: .get, path: path, summary: summary, access: access, action: nil, query: nil, body: .none,
            answer: .value(schema), isPaged: false, needsVersion: false, answersSecret: false
        ) { incoming in
            try await .json(handle(incoming.call()).bytes)
        }
    }

    /// Answers what would come of something. Nothing is changed; that it was asked is recorded.
    public static func consider<Body: Input>(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, records action: String, returns schema: Schema,
        body: Body.Type = Body.self,
        handle: @escaping @Sendable (Call<Body>) async throws -> JSON
    ) -> Endpoint {
        Endpoint(
            name: name, method: .post, path: path, summary: summary, access: access, action: action, query: nil, body: .of(Body.self),
            answer: .value(schema), isPaged: false, needsVersion: false, answersSecret: false
        ) { incoming in
            try await .json(handle(incoming.call(body: Body.self)).bytes)
        }
    }

    /// Answers a page of things; `Filters` are its query parameters beside `limit` and `after`.
    public static func list<Filters: Input>(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, of resource: Resource, by filters: Filters.Type,
        handle: @escaping @Sendable (Call<Filters>) async throws -> Rows
    ) -> Endpoint {
        Endpoint(
            name: name, method: .get, path: path, summary: summary, access: access, action: nil,
            query: Fields.describe(Paged<Filters>.self),
            body: .none, answer: .page(resource), isPaged: true, needsVersion: false, answersSecret: false
        ) { incoming in
            let call: Call<Paged<Filters>> = try incoming.call(query: Paged<Filters>.self)
            let page = call.input.page
            return try await .page(handle(call.with(call.input.filters, page: page)), page, incoming.uri)
        }
    }

    /// Answers a page of things that cannot be filtered.
    public static func list(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, of resource: Resource,
        handle: @escaping @Sendable (Call<NoInput>) async throws -> Rows
    ) -> Endpoint {
        list(name, path, summary, access, of: resource, by: NoInput.self, handle: handle)
    }

    /// Makes something: 201 with its address, or 202 where it takes longer than the request. `action` is what is recorded, as in `organisation.created`; an answer that holds a secret,
    /// shown once, is not kept for a repeated request. `collection` is where it is found in the network, if not below the path itself.
    public static func create<Body: Input>(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, records action: String, returns resource: Resource,
        status: HTTPResponse.Status = .created, among collection: String? = nil, answersSecret: Bool = false, body: Body.Type = Body.self,
        handle: @escaping @Sendable (Call<Body>) async throws -> Row
    ) -> Endpoint {
        Endpoint(
            name: name, method: .post, path: path, summary: summary, access: access, action: action, query: nil, body: .of(Body.self),
            answer: .one(resource, status), isPaged: false, needsVersion: false, answersSecret: answersSecret
        ) { incoming in
            let row = try await handle(incoming.call(body: Body.self))
            let network = incoming.identifiers["network"].map { "\($0)".lowercased() } ?? ""
            let folder = collection.map { "/v1/networks/\(network)/\($0)" } ?? incoming.path
            return try .one(row, resource, status).located(at: "\(folder)/\(row["id", as: String.self])")
        }
    }

    /// Starts long work: 202 with the address of the job.
    public static func start<Body: Input>(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, records action: String,
        body: Body.Type = Body.self, handle: @escaping @Sendable (Call<Body>) async throws -> Row
    ) -> Endpoint {
        Endpoint(
            name: name, method: .post, path: path, summary: summary, access: access, action: action, query: nil, body: .of(Body.self),
            answer: .one(Jobs.resource, .accepted), isPaged: false, needsVersion: false, answersSecret: false
        ) { incoming in
            let call = try incoming.call(body: Body.self)
            let row = try await handle(call)
            let network = call.actor.network.map { "\($0)".lowercased() } ?? ""
            return try .one(row, Jobs.resource, .accepted).located(at: "/v1/networks/\(network)/jobs/\(row["id", as: String.self])")
        }
    }

    /// Does something and answers the thing that it was done to.
    public static func act<Body: Input>(
        _ name: String, method: HTTPRequest.Method = .post, _ path: PathTemplate, _ summary: String, _ access: Access,
        records action: String,
        returns resource: Resource, answersSecret: Bool = false, body: Body.Type = Body.self,
        handle: @escaping @Sendable (Call<Body>) async throws -> Row
    ) -> Endpoint {
        Endpoint(
            name: name, method: method, path: path, summary: summary, access: access, action: action, query: nil, body: .of(Body.self),
            answer: .one(resource, .ok), isPaged: false, needsVersion: false, answersSecret: answersSecret
        ) { incoming in
            try .one(await handle(incoming.call(body: Body.self)), resource, .ok)
        }
    }

    /// Changes something by a merge patch (RFC 7396) of the version that the client names in `If-Match`.
    public static func update<Body: Input>(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, records action: String, returns resource: Resource,
        answersSecret: Bool = false, body: Body.Type = Body.self,
        handle: @escaping @Sendable (Call<Body>, _ version: Int64) async throws -> Row
    ) -> Endpoint {
        Endpoint(
            name: name, method: .patch, path: path, summary: summary, access: access, action: action, query: nil, body: .of(Body.self),
            answer: .one(resource, .ok), isPaged: false, needsVersion: true, answersSecret: answersSecret
        ) { incoming in
            let version = try incoming.version()
            return try .one(await handle(incoming.call(body: Body.self), version), resource, .ok)
        }
    }

    /// Does something of which nothing is left to show: 204.
    public static func end<Body: Input>(
        _ name: String, method: HTTPRequest.Method = .delete, _ path: PathTemplate, _ summary: String, _ access: Access,
        records action: String,
        body: Body.Type, handle: @escaping @Sendable (Call<Body>) async throws -> Void
    ) -> Endpoint {
        Endpoint(
            name: name, method: method, path: path, summary: summary, access: access, action: action, query: nil, body: .of(Body.self),
            answer: .nothing, isPaged: false, needsVersion: false, answersSecret: false
        ) { incoming in
            try await handle(incoming.call(body: Body.self))
            return Reply(status: .noContent)
        }
    }

    /// Does something that needs no more than its address, and of which nothing is left to show: 204.
    public static func end(
        _ name: String, method: HTTPRequest.Method = .delete, _ path: PathTemplate, _ summary: String, _ access: Access,
        records action: String,
        handle: @escaping @Sendable (Call<NoInput>) async throws -> Void
    ) -> Endpoint {
        end(name, method: method, path, summary, access, records: action, body: NoInput.self, handle: handle)
    }

    /// Takes a CSV file as the body (`text/csv`) and answers what came of it, row by row.
    public static func importing<Filters: Input>(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, records action: String, returns schema: Schema,
        by filters: Filters.Type = Filters.self, handle: @escaping @Sendable (Call<Filters>, _ file: [UInt8]) async throws -> JSON
    ) -> Endpoint {
        Endpoint(
            name: name, method: .post, path: path, summary: summary, access: access, action: action, query: Fields.describe(Filters.self),
            body: .csv, answer: .value(schema), isPaged: false, needsVersion: false, answersSecret: false
        ) { incoming in
            try await .json(handle(incoming.call(query: Filters.self), incoming.body).bytes)
        }
    }

    /// Writes a document to print or to keep, in a form other than JSON. It may hold secrets and is not kept for a repeated request.
    public static func document<Body: Input>(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, records action: String, mediaType: String,
        body: Body.Type, handle: @escaping @Sendable (Call<Body>) async throws -> [UInt8]
    ) -> Endpoint {
        Endpoint(
            name: name, method: .post, path: path, summary: summary, access: access, action: action, query: nil, body: .of(Body.self),
            answer: .document(mediaType: mediaType), isPaged: false, needsVersion: false, answersSecret: true
        ) { incoming in
            try await .document(handle(incoming.call(body: Body.self)), mediaType: mediaType)
        }
    }

    /// Answers a document in a form other than JSON.
    public static func file(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, mediaType: String,
        handle: @escaping @Sendable (Call<NoInput>) async throws -> [UInt8]
    ) -> Endpoint {
        Endpoint(
            name: name, method: .get, path: path, summary: summary, access: access, action: nil, query: nil, body: .none,
            answer: .document(mediaType: mediaType), isPaged: false, needsVersion: false, answersSecret: false
        ) { incoming in
            try await .document(handle(incoming.call()), mediaType: mediaType)
        }
    }

    /// Follows something as server-sent events.
    public static func follow(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access,
        handle: @escaping @Sendable (Call<NoInput>, _ lastID: String?) async throws -> EventStream
    ) -> Endpoint {
        Endpoint(
            name: name, method: .get, path: path, summary: summary, access: access, action: nil, query: nil, body: .none, answer: .stream,
            isPaged: false, needsVersion: false, answersSecret: false
        ) { incoming in
            try await .stream(handle(incoming.call(), incoming.lastEventID))
        }
    }
}

extension Endpoint.RequestBody {
    static func of<Body: Input>(_ type: Body.Type) -> Endpoint.RequestBody {
        type == NoInput.self ? .none : .json(Fields.describe(type))
    }
}

/// The filters of a list together with its page.
struct Paged<Filters: Input>: Input {
    let page: Page
    let filters: Filters

    init(from fields: inout Fields) {
        page = Page(
            limit: fields.optional("limit", .integer(1...200), default: 50, "How many to answer at most."),
            after: fields.optional("after", .id, "The identifier after which to go on; `next` of the page before."))
        filters = Filters(from: &fields)
    }
}
