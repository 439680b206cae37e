/// How a site is registered with an OpenID provider.
public struct OpenIDConfiguration: Sendable {
    /// The provider, exactly as its tokens name it in `iss`: an https address without a query. Only a provider on this machine may be http.
    public var issuer: String
    /// What the provider calls this site.
    public var clientID: String
    /// The secret that the provider gave the site; nil for a public client.
    public var clientSecret: String?
    /// Where the provider sends people back to, as registered with it.
    public var redirectURI: String
    /// How far the provider's clock may be from this one, in seconds.
    public var leeway = 60.0

    /// Makes a configuration.
    public init(issuer: String, clientID: String, clientSecret: String?, redirectURI: String) {
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.redirectURI = redirectURI
    }
}
