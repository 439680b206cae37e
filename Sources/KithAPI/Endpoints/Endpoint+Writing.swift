public import HTTPTypes
public import Kith
public import Postgres

extension Endpoint {
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
            let network = incoming.identifiers["network"]?.text ?? ""
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
            let network = call.actor.network?.text ?? ""
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

    /// Takes a CSV file as the body (`text/csv`) and answers what came of it, row by row. Whoever accepts `text/event-stream` is told meanwhile
    /// how far it is.
    public static func importing<Filters: Input>(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, records action: String, returns schema: Schema,
        by filters: Filters.Type = Filters.self,
        handle: @escaping @Sendable (Call<Filters>, _ file: [UInt8], _ progress: @escaping Progress) async throws -> JSON
    ) -> Endpoint {
        Endpoint(
            name: name, method: .post, path: path, summary: summary, access: access, action: action, query: Fields.describe(Filters.self),
            body: .csv, answer: .value(schema), isPaged: false, needsVersion: false, answersSecret: false
        ) { incoming in
            let call: Call<Filters> = try incoming.call(query: Filters.self)
            guard incoming.asksForProgress else { return try await .json(handle(call, incoming.body) { _, _ in }.bytes) }
            let stream = ProgressStream(requestID: call.actor.requestID, logger: incoming.logger) {
                try await handle(call, incoming.body, $0)
            }
            return .stream { try await stream.write(to: $0) }
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
}

extension Endpoint.RequestBody {
    static func of<Body: Input>(_ type: Body.Type) -> Endpoint.RequestBody {
        type == NoInput.self ? .none : .json(Fields.describe(type))
    }
}
