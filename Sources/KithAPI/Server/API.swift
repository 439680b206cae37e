import Crypto
import HTTPTypes
public import Hummingbird
public import Kith
import Logging
import Metrics
import NIOCore
public import Postgres
import struct FoundationEssentials.UUID

/// Serves endpoints over HTTP.
public struct API: Sendable {
    private let modules: [(endpoints: [Endpoint], plugin: String?, rules: [String: SchemaRule])]
    private let client: PostgresClient
    private let keyring: KeyringFile
    private let configuration: APIConfiguration
    private let limiter: RateLimiter

    /// Makes an API.
    /// - Parameters:
    ///   - modules: the endpoints of the core and of each plugin, with the plugin's id and what its constraints mean
    ///   - client: the database
    ///   - keyring: the server's keys
    ///   - configuration: how it behaves towards its callers
    public init(
        modules: [(endpoints: [Endpoint], plugin: String?, rules: [String: SchemaRule])], client: PostgresClient,
        keyring: KeyringFile, configuration: APIConfiguration = APIConfiguration()
    ) {
        self.modules = modules
        self.client = client
        self.keyring = keyring
        self.configuration = configuration
        limiter = RateLimiter(configuration.rateLimit)
    }

    /// The router of all endpoints. An address that exists answers other methods with the ones it has.
    public func router() -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        router.addMiddleware {
            ProblemMiddleware(methods: AllowedMethods(modules.flatMap(\.endpoints)), refusals: RefusalLog(client: client))
            AddressLimit(limiter: limiter, trustsProxy: configuration.trustsProxy)
        }
        for module in modules {
            for endpoint in module.endpoints {
                router.on(RouterPath(endpoint.path.served), method: endpoint.method) { request, context in
                    try await answer(request, context, endpoint, module.plugin, module.rules)
                }
                if endpoint.method == .get {
                    router.on(RouterPath(endpoint.path.served), method: .head) { request, context in
                        var response = try await answer(request, context, endpoint, module.plugin, module.rules)
                        response.body = ResponseBody()
                        return response
                    }
                }
            }
        }
        return router
    }

    private func answer(
        _ request: Request, _ context: APIContext, _ endpoint: Endpoint, _ plugin: String?, _ rules: [String: SchemaRule]
    ) async throws -> Response {
        context.trace.note { $0.operation = endpoint.name }
        let presented = try Presented(request.headers, address: context.address)
        let token = try presented.credential(for: endpoint)
        let limits = try token.map { try limiter.admit($0.hashValue) } ?? [:]
        if endpoint.access.isAuthenticated, token == nil { throw Refusal.unauthenticated }
        let (identifiers, words) = try parameters(context, endpoint)
        context.trace.note { ($0.network, $0.token) = (identifiers["network"], token) }
        var place: UUID?
        switch endpoint.access {
        case .permission(_, .parameter(let name)), .visitor(_, .some(let name)): place = identifiers[name]
        default: break
        }
        let actor = Actor(
            credential: token.map { .token(hash: $0) } ?? .none, access: endpoint.access, scope: endpoint.scope,
            network: identifiers["network"],
            place: place, plugin: plugin, action: endpoint.action, rules: rules, consent: endpoint.consent,
            requestID: context.requestID, keyring: keyring, outbound: configuration.outbound, client: client)
        var reply: Reply
        do {
            let observation = try Self.observation(endpoint, identifiers, request.headers)
            let incoming = Incoming(
                endpoint: endpoint, actor: actor.observing(observation), path: request.uri.path, query: try Self.query(request),
                headers: request.headers, body: try await body(request, endpoint), token: token, presented: presented,
                identifiers: identifiers, words: words, logger: context.logger)
            if endpoint.isUnsafe, endpoint.access.knowsRepeats, let key = request.headers[.idempotencyKey] {
                reply = try await Idempotency.perform(incoming, key: key)
            } else {
                reply = try await endpoint.handle(incoming)
            }
        } catch {
            if endpoint.access.hasDoor { try await actor.enterBeforeRefusal() }
            context.trace.note { $0.isInside = actor.isInside }
            throw error
        }
        if endpoint.access.hasDoor { try await actor.enter() }
        if let seconds = endpoint.cachedFor { reply.publish(forSeconds: seconds) }
        if !endpoint.isUnsafe, let known = request.headers[.ifNoneMatch], known == reply.headers[.eTag] {
            return Response(status: .notModified, headers: reply.headers)
        }
        return reply.response(adding: limits)
    }

    private func parameters(_ context: APIContext, _ endpoint: Endpoint) throws -> (identifiers: [String: UUID], words: [String: String]) {
        var identifiers: [String: UUID] = [:]
        var words: [String: String] = [:]
        for name in endpoint.path.parameters {
            let text = context.parameters.get(name) ?? ""
            if PathTemplate.isWord(name) {
                words[name] = text
            } else if let id = UUID(text: text) {
                identifiers[name] = id
            } else {
                throw Refusal.notFound(name.replacing("_", with: " "))
            }
        }
        return (identifiers, words)
    }

    private static func observation(_ endpoint: Endpoint, _ identifiers: [String: UUID], _ headers: HTTPFields) throws -> Observation? {
        guard let observed = endpoint.observed else { return nil }
        let reason = headers[.accessReason]?.trimmingWhitespace()
        // What is not UTF-8 arrives as replacement characters.
        let isReadable = { (text: String) in
            (1...500).contains(text.unicodeScalars.count)
                && !text.unicodeScalars.contains { $0 == "\u{FFFD}" || $0.properties.generalCategory == .control }
        }
        guard reason.map(isReadable) ?? true else {
            throw Refusal.invalid([FieldProblem("Kith-Access-Reason", "This must be a short reason, of 1 to 500 characters.")])
        }
        let subject: Observation.Subject
        switch observed {
        case .people: subject = .people
        case .person(let parameter):
            guard let person = identifiers[parameter] else { preconditionFailure("the path of \(endpoint.name) has no \(parameter)") }
            subject = .person(person)
        }
        return Observation(of: subject, operation: endpoint.name, reason: reason)
    }

    private func body(_ request: Request, _ endpoint: Endpoint) async throws -> [UInt8] {
        let most: Int
        let types: [String]
        switch endpoint.body {
        case .none: return []
        case .json: (most, types) = (configuration.mostBytes, ["application/json", "application/merge-patch+json"])
        case .csv: (most, types) = (configuration.mostImportBytes, ["text/csv"])
        }
        let type = request.headers[.contentType]?.lowercased().prefix { $0 != ";" && $0 != " " }
        guard types.contains(where: { $0 == type ?? "" }) else { throw ProblemError(problem: .mediaType(types.joined(separator: " or "))) }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > most {
            throw ProblemError(problem: .bodyTooLarge(most))
        }
        do {
            return Array(try await request.body.collect(upTo: most).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw ProblemError(problem: .bodyTooLarge(most))
        }
    }

    private static func query(_ request: Request) throws -> [String: String] {
        guard request.uri.query != nil else { return [:] }
        var query: [String: String] = [:]
        for (name, value) in request.uri.queryParameters {
            if query.updateValue(String(value), forKey: String(name)) != nil {
                throw Refusal.invalid([FieldProblem(String(name), "This stands twice in the address. Send it once.")])
            }
        }
        return query
    }
}

extension Endpoint {
    var scope: TokenScope {
        switch access {
        case .operator: .operate
        case .signIn: .signIn
        default: isUnsafe ? .write : .read
        }
    }
}

extension Reply {
    func response(adding fields: HTTPFields = [:]) -> Response {
        var headers = headers
        for field in fields { headers[field.name] = field.value }
        switch body {
        case .none: return Response(status: status, headers: headers)
        case .bytes(let bytes, let mediaType):
            headers[.contentType] = mediaType
            return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let write):
            return Response(
                status: status, headers: headers,
                body: ResponseBody { writer in
                    try await write { try await writer.write(ByteBuffer(bytes: $0)) }
                    try await writer.finish(nil)
                })
        }
    }
}

extension String {
    fileprivate func trimmingWhitespace() -> String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
