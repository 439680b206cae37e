import Configuration
import EmbeddedPostgres
public import HTTPTypes
import Hummingbird
public import Kith
import KithAPI
import KithServer
import Logging
import NIOCore
import NIOEmbedded
public import Postgres
import ServiceLifecycle
import Synchronization

/// A running server on a database of its own, for one test.
public struct TestServer: Sendable {
    /// The token of the server's operator.
    public let operatorToken: String
    /// Where it listens; nil where it has no socket.
    public let port: Int?
    /// Its database.
    public let database: TestDatabase
    /// Its keyring.
    public let keyring: KeyringFile
    /// The file in which it writes who was erased.
    public let erasures: String
    /// The database as the owner, who migrates; policies hold for the owner too.
    public let owner: PostgresClient
    /// The database as a superuser, who sees everything: for what a test asserts.
    public let superuser: PostgresClient
    /// The database as the server itself, before any door.
    public let app: PostgresClient

    private let responder: RouterResponder<APIContext>
    private let channel = NIOAsyncTestingChannel()
    private let logger: Logger

    /// Sends a request through the router, without a socket.
    /// - Parameters:
    ///   - method: the method
    ///   - path: the path from `/v1`, with its query
    ///   - body: the body, byte for byte
    ///   - token: the token to present
    ///   - headers: further headers
    /// - Returns: the answer
    /// - Throws: where the answer cannot be written
    public func send(
        _ method: HTTPRequest.Method, _ path: String, bytes body: [UInt8], token: String?, headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        if !body.isEmpty { headers[.contentLength] = "\(body.count)" }
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(bytes: body)))
        let context = APIContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
        let response = try await responder.respond(to: request, context: context)
        let writer = CollectingWriter()
        try await response.body.write(writer)
        return TestResponse(status: response.status.code, headers: response.headers, body: writer.bytes)
    }

    /// Sends a request with a JSON body, or none.
    /// - Parameters:
    ///   - method: the method
    ///   - path: the path from `/v1`, with its query
    ///   - body: the JSON body
    ///   - token: the token to present
    ///   - headers: further headers
    /// - Returns: the answer
    /// - Throws: where the answer cannot be written
    public func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSON? = nil, token: String?, headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var headers = headers
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        return try await send(method, path, bytes: body?.bytes ?? [], token: token, headers: headers)
    }

    /// GET.
    public func get(_ path: String, token: String?, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await send(.get, path, token: token, headers: headers)
    }

    /// POST, with an empty object as the body where none is given.
    public func post(_ path: String, _ body: JSON = [:], token: String?, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await send(.post, path, body, token: token, headers: headers)
    }

    /// PATCH of the version that the ETag names.
    public func patch(_ path: String, _ body: JSON, version: String?, token: String?) async throws -> TestResponse {
        try await send(.patch, path, body, token: token, headers: version.map { [.ifMatch: $0] } ?? [:])
    }

    /// PUT.
    public func put(_ path: String, _ body: JSON? = nil, token: String?) async throws -> TestResponse {
        try await send(.put, path, body, token: token)
    }

    /// DELETE.
    public func delete(_ path: String, token: String?) async throws -> TestResponse {
        try await send(.delete, path, token: token)
    }

    init(
        _ server: Server, database: TestDatabase, erasures: String, port: Int?, keyring: KeyringFile, logger: Logger,
        clients: (owner: PostgresClient, superuser: PostgresClient, app: PostgresClient)
    )
        async throws
    {
        responder = server.responder
        self.database = database
        self.erasures = erasures
        self.port = port
        self.keyring = keyring
        self.logger = logger
        (owner, superuser, app) = clients
        operatorToken = try await Operators.create(clients.owner).text
    }
}

private final class CollectingWriter: ResponseBodyWriter, Sendable {
    private let collected = Mutex<[UInt8]>([])

    var bytes: [UInt8] { collected.withLock { $0 } }

    func write(_ buffer: ByteBuffer) async throws {
        collected.withLock { $0.append(contentsOf: buffer.readableBytesView) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
