import HTTPTypes
import Kith
import Logging
import Postgres
import struct FoundationEssentials.UUID

/// A request as it arrived at its endpoint, before its fields are read.
struct Incoming: Sendable {
    let endpoint: Endpoint
    let actor: Actor
    let path: String
    let query: [String: String]
    let headers: HTTPFields
    let body: [UInt8]
    let token: [UInt8]?
    let presented: Presented
    let identifiers: [String: UUID]
    let words: [String: String]
    let logger: Logger

    var uri: (path: String, query: [String: String]) { (path, query) }

    var lastEventID: String? { headers[.lastEventID] }

    /// Whether the sender wants to be told how far the work is. Not of a request that may be repeated, whose answer is kept as a whole.
    var asksForProgress: Bool {
        headers[.idempotencyKey] == nil && headers[.accept]?.lowercased().contains("text/event-stream") == true
    }

    func call() throws -> Call<NoInput> {
        call(try Fields.read(NoInput.self, fromQuery: query))
    }

    func call<Filters: Input>(query type: Filters.Type) throws -> Call<Filters> {
        call(try Fields.read(type, fromQuery: query))
    }

    func call<Body: Input>(body type: Body.Type) throws -> Call<Body> {
        if type == NoInput.self { return call(try Fields.read(type, fromQuery: query)) }
        return call(try Fields.read(type, from: JSON(reading: body)))
    }

    /// The version that `If-Match` names.
    func version() throws -> Int64 {
        guard let match = headers[.ifMatch] else { throw Refusal.versionRequired }
        guard match.hasPrefix("\""), match.hasSuffix("\""), let version = Int64(match.dropFirst().dropLast()) else {
            throw Refusal.invalid([FieldProblem("If-Match", "This must be an ETag as it was answered, a number in double quotes.")])
        }
        return version
    }

    /// The same request, acting inside a transaction.
    func acting(as actor: Actor) -> Incoming {
        Incoming(
            endpoint: endpoint, actor: actor, path: path, query: query, headers: headers, body: body, token: token, presented: presented,
            identifiers: identifiers, words: words, logger: logger)
    }

    private func call<Fields: Input>(_ input: Fields) -> Call<Fields> {
        Call(actor: actor, input: input, page: Page(), token: token, presented: presented, identifiers: identifiers, words: words)
    }
}
