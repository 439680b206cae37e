import JWTKit
import struct FoundationEssentials.Data
import struct FoundationEssentials.Date
import class FoundationEssentials.JSONDecoder

/// Whom a provider vouches for.
public struct OpenIDIdentity: Sendable, Hashable {
    /// The provider.
    public let issuer: String
    /// Who, as the provider names them for good.
    public let subject: String
    /// Their address in lower case, where the provider says that it is verified.
    public let verifiedEmail: String?
}

/// An ID token (OpenID Connect Core 1.0, 2 and 3.1.3.7).
struct IdentityToken: Sendable {
    /// What tokens may be signed with. Neither `none` nor a shared secret is among them: with either, whoever knows the public key, or
    /// nothing, could sign.
    static let algorithms: Set<String> = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]

    struct Header: Decodable {
        let alg: String
        let kid: String?
        let crit: [String]?
    }

    struct Claims: JWTPayload {
        let iss: String
        let sub: String
        let aud: OneOrMany
        let azp: String?
        let exp: Double
        let iat: Double
        let nonce: String?
        let email: String?
        let email_verified: Flag?

        func verify(using algorithm: some JWTAlgorithm) {}
    }

    let text: String
    let header: Header

    init(_ text: String) throws(OpenIDError) {
        self.text = text
        guard let first = text.split(separator: ".", omittingEmptySubsequences: false).first, let bytes = String(first).base64URLDecoded,
            let header = try? JSONDecoder().decode(Header.self, from: Data(bytes))
        else { throw .tokenRefused("no JSON Web Token") }
        guard Self.algorithms.contains(header.alg) else { throw .tokenRefused("algorithm not allowed") }
        guard header.crit == nil else { throw .tokenRefused("unknown critical header") }
        self.header = header
    }

    /// Checks the signature with one key and every rule of the claims.
    func verified(
        by key: JWK, _ configuration: OpenIDConfiguration, nonce: String, now: Date = Date()
    ) async throws(OpenIDError) -> OpenIDIdentity {
        guard key.algorithm == nil || key.algorithm?.rawValue == header.alg, let algorithm = JWK.Algorithm(rawValue: header.alg) else {
            throw .tokenRefused("algorithm is not the key's")
        }
        var key = key
        key.algorithm = algorithm
        key.keyIdentifier = "key"
        let claims: Claims
        do {
            // The one key of the collection, whatever the token calls it.
            claims = try await JWTKeyCollection().add(jwk: key, isDefault: true).verify(text, as: Claims.self)
        } catch {
            throw .tokenRefused("signature")
        }
        return try check(claims, configuration, nonce, now.timeIntervalSince1970)
    }

    private func check(
        _ claims: Claims, _ configuration: OpenIDConfiguration, _ nonce: String, _ now: Double
    ) throws(OpenIDError) -> OpenIDIdentity {
        guard claims.iss == configuration.issuer else { throw .tokenRefused("issuer") }
        guard claims.aud.values.contains(configuration.clientID) else { throw .tokenRefused("audience") }
        guard claims.azp == configuration.clientID || claims.azp == nil && claims.aud.values.count == 1 else {
            throw .tokenRefused("authorised party")
        }
        guard claims.nonce == nonce else { throw .tokenRefused("nonce") }
        guard claims.exp > now - configuration.leeway else { throw .tokenRefused("expired") }
        guard claims.iat < now + configuration.leeway, claims.iat > now - configuration.leeway - 600 else {
            throw .tokenRefused("issued at")
        }
        guard (1...255).contains(claims.sub.utf8.count) else { throw .tokenRefused("subject") }
        let isVerified = claims.email_verified?.isSet == true
        return OpenIDIdentity(issuer: claims.iss, subject: claims.sub, verifiedEmail: isVerified ? claims.email?.lowercased() : nil)
    }
}

/// A text or a list of texts, as `aud` may be.
struct OneOrMany: Codable, Sendable {
    let values: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let one = try? container.decode(String.self) { values = [one] } else { values = try container.decode([String].self) }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }
}

/// True or false, which some providers write as text.
struct Flag: Codable, Sendable {
    let isSet: Bool

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) { isSet = flag } else { isSet = try container.decode(String.self) == "true" }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(isSet)
    }
}
