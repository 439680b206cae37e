/// Where somebody signs in from: a browser that is known by a secret in a cookie of its own, and the address that the request came from.
public struct Browser: Sendable {
    /// The secret; nil for a program, and for a browser that is here for the first time.
    public let secret: String?
    /// The address, as the server saw it.
    public let address: String
    /// The secret of the session that it is in; nil where it is in none.
    public let session: String?

    /// Makes a browser.
    public init(secret: String?, address: String, session: String?) {
        self.secret = secret
        self.address = address
        self.session = session
    }

    /// What the database knows the browser by.
    var hash: [UInt8]? { secret.map { Secret.hash(of: $0) } }
}
