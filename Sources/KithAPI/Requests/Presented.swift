import HTTPTypes
import Kith

/// What a request presents to say who makes it, and from where.
struct Presented: Sendable {
    /// A token or a session's secret in the `Authorization` header, which no other site can make a browser send.
    let bearer: String?
    /// A session's secret in a cookie, which browsers send by themselves.
    let session: String?
    /// The secret by which a browser is known.
    let browser: String?
    /// The attempt to sign in with an OpenID provider that the browser has under way.
    let openID: String?
    /// Where the request came from.
    let address: String
    private let csrfToken: String?

    init(_ headers: HTTPFields, address: String) throws {
        if let value = headers[.authorization] {
            // In either case (RFC 9110, section 11.1).
            let isBearer = value.utf8.count > 7 && value.utf8.prefix(7).elementsEqual("bearer ".utf8) { $0 | 0x20 == $1 }
            guard isBearer, let secret = String(value.utf8.dropFirst(7)) else { throw Refusal.unauthenticated }
            bearer = secret
        } else {
            bearer = nil
        }
        session = Cookie.value(Cookie.session, in: headers)
        browser = Cookie.value(Cookie.browser, in: headers)
        openID = Cookie.value(Cookie.openID, in: headers)
        csrfToken = headers[.csrfToken]
        self.address = address
    }

    /// The hash of what proves who asks. A cookie proves it for a request that changes something only together with the CSRF token, which
    /// other sites cannot read; without it, it counts for nothing where anyone may ask.
    /// - Throws: ``Refusal`` where the CSRF token is missing
    func credential(for endpoint: Endpoint) throws -> [UInt8]? {
        if let bearer {
            // Only a visitor's secret is copied from a letter; a token's hash is the hottest path of the server.
            if endpoint.access.isForVisitors { return Secret.hash(ofTyped: bearer) }
            return Secret.hash(of: bearer)
        }
        guard let session else { return nil }
        if endpoint.isUnsafe, csrfToken != Sessions.csrfToken(of: session) {
            guard endpoint.access.isAuthenticated else { return nil }
            throw Refusal.forbidden(
                "This came from a browser without the CSRF token of its session. Read csrf_token from /v1/session and send it as X-CSRF-Token."
            )
        }
        return Secret.hash(of: session)
    }
}

extension HTTPField.Name {
    static let csrfToken = HTTPField.Name("X-CSRF-Token")!
}
