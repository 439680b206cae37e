import AsyncHTTPClient
public import Kith
import NIOCore
import NIOHTTP1

/// A client of Kith's API, for commands and for programs.
///
/// ```swift
/// let kith = KithClient(url: "https://kith.example.org", token: token)
/// let network = kith.at("networks/\(id)")
/// let panel = try await network.post("panels", ["programme_id": .string(programme), "name": "Carers", "purpose": "…"])
/// ```
public struct KithClient: Sendable {
    /// What was answered.
    public struct Answer: Sendable {
        /// The document; null where there is none.
        public let json: JSON
        /// The bytes as they came.
        public let bytes: [UInt8]
        /// The version of what was answered, to name in `If-Match`.
        public let version: String?
    }

    // A server that does not run is told at once, not after ten seconds of trying again.
    static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// The server, without a path.
    public let url: String
    let token: String?
    private let base: String

    /// Makes a client.
    /// - Parameters:
    ///   - url: the server, as in `http://127.0.0.1:8080`
    ///   - token: who asks; nil for what anyone may do
    public init(url: String, token: String? = nil) {
        self.init(url: String(url.reversed().drop { $0 == "/" }.reversed()), token: token, base: "/v1")
    }

    private init(url: String, token: String?, base: String) {
        self.url = url
        self.token = token
        self.base = base
    }

    /// The same client, whose paths begin further down.
    public func at(_ path: String) -> KithClient {
        KithClient(url: url, token: token, base: "\(base)/\(path)")
    }

    /// The same client on behalf of somebody else.
    public func with(token: String?) -> KithClient {
        KithClient(url: url, token: token, base: base)
    }

    /// The address of a path, to show to people.
    public func address(_ path: String = "") -> String {
        path.isEmpty ? url + base : "\(url)\(base)/\(path)"
    }

    /// Reads.
    /// - Throws: ``ClientError``
    @discardableResult
    public func get(_ path: String = "", _ query: [String: String?] = [:], headers: [String: String] = [:]) async throws -> Answer {
        try await send(.GET, path, query, headers: headers)
    }

    /// Makes or does something.
    /// - Throws: ``ClientError``
    @discardableResult
    public func post(_ path: String, _ body: JSON? = nil, headers: [String: String] = [:]) async throws -> Answer {
        try await send(.POST, path, body: body.map { ($0.bytes, "application/json") }, headers: headers)
    }

    /// Sets something.
    /// - Throws: ``ClientError``
    @discardableResult
    public func put(_ path: String, _ body: JSON? = nil) async throws -> Answer {
        try await send(.PUT, path, body: body.map { ($0.bytes, "application/json") })
    }

    /// Changes the version of something that was read.
    /// - Throws: ``ClientError``
    @discardableResult
    public func patch(_ path: String, _ body: JSON, version: String?) async throws -> Answer {
        try await send(
            .PATCH, path, body: (body.bytes, "application/merge-patch+json"), headers: version.map { ["If-Match": $0] } ?? [:])
    }

    /// Changes something as it is now: reads its version, then changes that.
    /// - Throws: ``ClientError``; where somebody else changes it in between, nothing is changed
    @discardableResult
    public func update(_ path: String = "", _ body: JSON) async throws -> Answer {
        try await patch(path, body, version: get(path).version)
    }

    /// Ends something.
    /// - Throws: ``ClientError``
    @discardableResult
    public func delete(_ path: String) async throws -> Answer {
        try await send(.DELETE, path)
    }

    /// Sends a file.
    /// - Throws: ``ClientError``
    @discardableResult
    public func upload(_ path: String, _ query: [String: String?] = [:], _ bytes: [UInt8], contentType: String = "text/csv")
        async throws -> Answer
    {
        try await send(.POST, path, query, body: (bytes, contentType), timeout: .minutes(10))
    }

    /// Has a document written, in another form than JSON.
    /// - Throws: ``ClientError``
    public func document(_ path: String, _ body: JSON) async throws -> [UInt8] {
        try await send(.POST, path, body: (body.bytes, "application/json"), isDocument: true).bytes
    }

    /// Reads a document in another form than JSON.
    /// - Throws: ``ClientError``
    public func file(_ path: String) async throws -> [UInt8] { try await send(.GET, path, isDocument: true).bytes }

    private func send(
        _ method: HTTPMethod, _ path: String, _ query: [String: String?] = [:], body: ([UInt8], String)? = nil,
        headers: [String: String] = [:], timeout: TimeAmount = .minutes(2), isDocument: Bool = false
    ) async throws -> Answer {
        let request = request(method, path, query, body: body, headers: headers)
        return try await reaching {
            let response = try await Self.http.execute(request, timeout: timeout)
            let bytes = Array(try await response.body.collect(upTo: 256 << 20).readableBytesView)
            let json = bytes.isEmpty ? JSON.null : try? JSON(reading: bytes)
            guard (200..<300).contains(response.status.code) else {
                throw refused(Int(response.status.code), json ?? .null)
            }
            if isDocument { return Answer(json: .null, bytes: bytes, version: nil) }
            guard let json else { throw ClientError.notKith(url) }
            return Answer(json: json, bytes: bytes, version: response.headers.first(name: "ETag"))
        }
    }

    func request(
        _ method: HTTPMethod, _ path: String, _ query: [String: String?], body: ([UInt8], String)? = nil, headers: [String: String] = [:]
    ) -> HTTPClientRequest {
        let parameters = query.compactMap { name, value in value.map { "\(name)=\($0.percentEncoded)" } }.sorted()
        var request = HTTPClientRequest(url: address(path) + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&")))
        request.method = method
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let (bytes, type) = body {
            request.headers.add(name: "Content-Type", value: type)
            request.body = .bytes(ByteBuffer(bytes: bytes))
        }
        return request
    }

    func refused(_ status: Int, _ problem: JSON) -> ClientError { .refused(status: status, problem: problem, isSignedIn: token != nil) }

    // What the network does wrong reaches the caller as one kind of error.
    func reaching<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as ClientError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw ClientError.unreachable(url, "\(error)")
        }
    }
}

extension String {
    /// The text as a value in a query string (RFC 3986: everything but unreserved characters is escaped).
    var percentEncoded: String {
        utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                String(Unicode.Scalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
