import AsyncHTTPClient
import JWTKit
import NIOCore
import NIOHTTP1
import struct FoundationEssentials.Data
import class FoundationEssentials.JSONDecoder

/// An OpenID provider through which people sign in: authorisation code flow with PKCE (OpenID Connect Core 1.0; RFC 7636).
public actor OpenIDProvider {
    /// How the site is registered.
    public nonisolated let configuration: OpenIDConfiguration
    private let http: HTTPClient
    private var metadata: (value: ProviderMetadata, read: ContinuousClock.Instant)?
    private var keys: [JWK] = []
    private var fetches: [ContinuousClock.Instant] = []

    /// Follows no redirects: the provider's addresses are those that it publishes.
    private static let sharedHTTP: HTTPClient = {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Makes a provider. It is asked for the first time when somebody signs in.
    public init(_ configuration: OpenIDConfiguration) {
        self.configuration = configuration
        http = Self.sharedHTTP
    }

    /// Where to send the browser.
    /// - Parameter request: the attempt, which the browser keeps
    /// - Returns: the address
    /// - Throws: ``OpenIDError`` where the provider cannot be asked
    public func address(for request: AuthorizationRequest) async throws(OpenIDError) -> String {
        let endpoint = try await discovered().authorizationEndpoint
        let parameters = [
            ("response_type", "code"), ("client_id", configuration.clientID), ("redirect_uri", configuration.redirectURI),
            ("scope", "openid email"), ("state", request.state), ("nonce", request.nonce),
            ("code_challenge", request.challenge), ("code_challenge_method", "S256"),
        ]
        return endpoint + (endpoint.contains("?") ? "&" : "?") + Self.form(parameters)
    }

    /// Exchanges the code with which the browser came back, and checks the token that the provider gives for it.
    /// - Parameters:
    ///   - code: the code
    ///   - request: the attempt that the browser kept
    /// - Returns: whom the provider vouches for
    /// - Throws: ``OpenIDError``
    public func identity(code: String, of request: AuthorizationRequest) async throws(OpenIDError) -> OpenIDIdentity {
        let token = try IdentityToken(await exchange(code, request))
        return try await token.verified(by: key(of: token), configuration, nonce: request.nonce)
    }

    private func exchange(_ code: String, _ request: AuthorizationRequest) async throws(OpenIDError) -> String {
        struct Answer: Decodable {
            let id_token: String
        }
        var form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", configuration.redirectURI),
            ("code_verifier", request.verifier),
        ]
        var message = HTTPClientRequest(url: try await discovered().tokenEndpoint)
        message.method = .POST
        message.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        if let secret = configuration.clientSecret {
            let pair = Array("\(configuration.clientID.formEncoded):\(secret.formEncoded)".utf8)
            message.headers.add(name: "Authorization", value: "Basic \(Data(pair).base64EncodedString())")
        } else {
            form.append(("client_id", configuration.clientID))
        }
        message.body = .bytes(ByteBuffer(string: Self.form(form)))
        let (status, bytes) = try await send(message)
        guard status == 200 else { throw OpenIDError(kind: .codeRefused, reason: "the token endpoint answered \(status)") }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: bytes) else { throw .tokenRefused("no ID token") }
        return answer.id_token
    }

    /// The key that a token names. An unknown name makes the provider's keys be read again, since it may have changed them, but not
    /// more than five times a minute, or tokens with invented names would become requests.
    private func key(of token: IdentityToken) async throws(OpenIDError) -> JWK {
        if let key = known(token) { return key }
        let now = ContinuousClock.now
        fetches.removeAll { $0 < now - .seconds(60) }
        guard fetches.count < 5 else { throw .tokenRefused("unknown key") }
        fetches.append(now)
        // A key of a kind that is not known here is passed over.
        struct KeySet: Decodable {
            struct Key: Decodable {
                let key: JWK?

                init(from decoder: any Decoder) { key = try? JWK(from: decoder) }
            }
            let keys: [Key]
        }
        let set: KeySet = try await read(discovered().jwksURI)
        keys = set.keys.compactMap(\.key)
        guard let key = known(token) else { throw .tokenRefused("unknown key") }
        return key
    }

    private func known(_ token: IdentityToken) -> JWK? {
        guard let name = token.header.kid else { return keys.count == 1 ? keys[0] : nil }
        return keys.first { $0.keyIdentifier?.string == name }
    }

    private func discovered() async throws(OpenIDError) -> ProviderMetadata {
        if let metadata, metadata.read > .now - .seconds(3600) { return metadata.value }
        let issuer = configuration.issuer
        let found: ProviderMetadata = try await read(issuer + (issuer.hasSuffix("/") ? "" : "/") + ".well-known/openid-configuration")
        guard found.issuer == issuer else { throw .unavailable("the provider calls itself by another name") }
        guard [found.authorizationEndpoint, found.tokenEndpoint, found.jwksURI].allSatisfy(ProviderMetadata.isSafe) else {
            throw .unavailable("the provider names an address without TLS")
        }
        metadata = (found, .now)
        return found
    }

    private func read<Document: Decodable>(_ address: String) async throws(OpenIDError) -> Document {
        guard ProviderMetadata.isSafe(address) else { throw .unavailable("the address has no TLS") }
        let (status, bytes) = try await send(HTTPClientRequest(url: address))
        guard status == 200, let document = try? JSONDecoder().decode(Document.self, from: bytes) else {
            throw .unavailable("a document could not be read")
        }
        return document
    }

    private func send(_ request: HTTPClientRequest) async throws(OpenIDError) -> (UInt, Data) {
        do {
            let response = try await http.execute(request, timeout: .seconds(10))
            let body = try await response.body.collect(upTo: 1 << 18)
            return (response.status.code, Data(body.readableBytesView))
        } catch {
            throw .unavailable("the provider does not answer")
        }
    }

    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\($0.1.formEncoded)" }.joined(separator: "&")
    }
}
