public import Kith

/// How the API behaves towards its callers.
public struct APIConfiguration: Sendable {
    /// The largest JSON body, in bytes.
    public var mostBytes = 1 << 20
    /// The largest file to import, in bytes.
    public var mostImportBytes = 64 << 20
    /// How long a body may take to arrive.
    public var bodyDeadline = Duration.seconds(30)
    /// What one account, or one address without an account, may send.
    public var rateLimit = RateLimit(perMinute: 6000, burst: 2000)
    /// Whether the server is only reached through a proxy of the site, which appends the caller's address to `X-Forwarded-For`.
    public var trustsProxy = false
    /// Which addresses may be called in the name of a network.
    public var outbound = AddressPolicy()

    /// The usual limits.
    public init() {}
}
