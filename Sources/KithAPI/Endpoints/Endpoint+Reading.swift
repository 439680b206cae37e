import HTTPTypes
public import Kith
public import Postgres

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
            let stream = try await handle(incoming.call(), incoming.lastEventID)
            return .stream { try await stream.write(to: $0) }
        }
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
