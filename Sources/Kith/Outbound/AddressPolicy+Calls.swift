import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension AddressPolicy {
    /// Why an address was not called, or did not answer as it should. It does not tell how the network here is laid out.
    public enum Failure: String, Error {
        case noAddress = "no address"
        case unknownHost = "unknown host"
        case notPermitted = "address not permitted"
        case noAnswer = "no answer"
    }

    /// Reads what an address answers with the status 200, up to 64 KiB.
    /// - Parameters:
    ///   - url: an address of `https` or `http`
    ///   - timeout: how long it may take
    /// - Returns: the body
    /// - Throws: ``Failure``, or `CancellationError`
    public func read(_ url: String, timeout: Duration = .seconds(10)) async throws -> [UInt8] {
        guard let target = WebhookTarget(url) else { throw Failure.noAddress }
        let http = try await client(to: target)
        let body: [UInt8]?
        do {
            var request = HTTPClientRequest(url: target.url)
            request.headers.add(name: "User-Agent", value: "Kith")
            let response = try await http.execute(request, timeout: TimeAmount(timeout))
            body = response.status == .ok ? Array(try await response.body.collect(upTo: 1 << 16).readableBytesView) : nil
        } catch {
            body = nil
        }
        try await http.shutdown()
        try Task.checkCancellation()
        guard let body else { throw Failure.noAnswer }
        return body
    }

    /// A client that reaches the host of an address, by one of the addresses to which it leads now; to be shut down after use.
    ///
    /// The host is looked up once, every address that it leads to must be permitted, and the connection goes to one of exactly these, with the
    /// host's name for TLS and for the request: a name that leads elsewhere a moment later gains nothing. Redirects are not followed.
    func client(to target: WebhookTarget) async throws -> HTTPClient {
        let addresses = try await Blocking.run { _ in target.resolve() }
        guard let address = addresses.first else { throw Failure.unknownHost }
        // All of them: a host that leads inside and outside is not to be trusted with either.
        guard addresses.allSatisfy(permits) else { throw Failure.notPermitted }
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.dnsOverride = [target.host: WebhookTarget.text(address)]
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
