import HTTPTypes
public import Kith
import Postgres

/// Operations on what is kept sealed. Their answers are opened for the person who asks, are kept by no cache, and are not stored for a
/// repeated request: that is answered with where to look.
extension Endpoint {
    /// Answers one thing.
    public static func getSealed(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, returns resource: Resource,
        handle: @escaping @Sendable (Call<NoInput>) async throws -> Opened
    ) -> Endpoint {
        Endpoint(
            name: name, method: .get, path: path, summary: summary, access: access, action: nil, query: nil, body: .none,
            answer: .one(resource, .ok), isPaged: false, needsVersion: false, answersSecret: false, isSealed: true
        ) { incoming in
            try .opened(await handle(incoming.call()), resource, .ok)
        }
    }

    /// Answers a page of things.
    public static func listSealed<Filters: Input>(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, of resource: Resource, by filters: Filters.Type,
        handle: @escaping @Sendable (Call<Filters>) async throws -> [Opened]
    ) -> Endpoint {
        Endpoint(
            name: name, method: .get, path: path, summary: summary, access: access, action: nil,
            query: Fields.describe(Paged<Filters>.self), body: .none, answer: .page(resource), isPaged: true, needsVersion: false,
            answersSecret: false, isSealed: true
        ) { incoming in
            let call: Call<Paged<Filters>> = try incoming.call(query: Paged<Filters>.self)
            let page = call.input.page
            return try await .page(handle(call.with(call.input.filters, page: page)), page, incoming.uri)
        }
    }

    /// Makes something: 201 with its address.
    public static func createSealed<Body: Input>(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, records action: String, returns resource: Resource,
        body: Body.Type = Body.self, handle: @escaping @Sendable (Call<Body>) async throws -> Opened
    ) -> Endpoint {
        Endpoint(
            name: name, method: .post, path: path, summary: summary, access: access, action: action, query: nil, body: .of(Body.self),
            answer: .one(resource, .created), isPaged: false, needsVersion: false, answersSecret: false, isSealed: true
        ) { incoming in
            let opened = try await handle(incoming.call(body: Body.self))
            return try .opened(opened, resource, .created).located(at: "\(incoming.path)/\(opened.row["id", as: String.self])")
        }
    }

    /// Does something and answers the thing that it was done to.
    public static func actSealed<Body: Input>(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, records action: String, returns resource: Resource,
        body: Body.Type = Body.self, handle: @escaping @Sendable (Call<Body>) async throws -> Opened
    ) -> Endpoint {
        Endpoint(
            name: name, method: .post, path: path, summary: summary, access: access, action: action, query: nil, body: .of(Body.self),
            answer: .one(resource, .ok), isPaged: false, needsVersion: false, answersSecret: false, isSealed: true
        ) { incoming in
            try .opened(await handle(incoming.call(body: Body.self)), resource, .ok)
        }
    }

    /// Changes something by a merge patch (RFC 7396) of the version that the client names in `If-Match`.
    public static func updateSealed<Body: Input>(
        _ name: String, _ path: PathTemplate, _ summary: String, _ access: Access, records action: String, returns resource: Resource,
        body: Body.Type = Body.self, handle: @escaping @Sendable (Call<Body>, _ version: Int64) async throws -> Opened
    ) -> Endpoint {
        Endpoint(
            name: name, method: .patch, path: path, summary: summary, access: access, action: action, query: nil, body: .of(Body.self),
            answer: .one(resource, .ok), isPaged: false, needsVersion: true, answersSecret: false, isSealed: true
        ) { incoming in
            let version = try incoming.version()
            return try .opened(await handle(incoming.call(body: Body.self), version), resource, .ok)
        }
    }
}

extension Reply {
    // Unlike other answers, these are kept by no cache at all.
    fileprivate static func opened(_ opened: Opened, _ resource: Resource, _ status: HTTPResponse.Status) throws -> Reply {
        var bytes: [UInt8] = []
        opened.appendJSON(into: &bytes)
        var reply = Reply.json(bytes, status: status)
        reply.headers[.cacheControl] = "no-store"
        if resource.isVersioned { reply.headers[.eTag] = "\"\(try opened.row["version", as: Int64.self])\"" }
        return reply
    }

    fileprivate static func page(_ things: [Opened], _ page: Page, _ uri: (path: String, query: [String: String])) throws -> Reply {
        var bytes = Array(#"{"items":["#.utf8)
        for (index, opened) in things.prefix(page.limit).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            opened.appendJSON(into: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
        let next = things.count > page.limit ? try things[page.limit - 1].row["id", as: String.self] : nil
        var reply = Reply.page(items: bytes, next: next, page, uri)
        reply.headers[.cacheControl] = "no-store"
        return reply
    }
}
