import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import Kith
import struct FoundationEssentials.URL

/// A real OpenID provider (PyJWT) in a process of its own, for the time of a test, which can be told to sign wrongly.
/// `Deploy/install --test` installs it.
public struct TestOpenIDProvider: Sendable {
    /// What its tokens name as `iss`.
    public let issuer: String

    /// Tells it what to do from now on; `openid_provider.py` lists what it can.
    @discardableResult
    public func control(_ change: JSON) async throws -> JSON {
        var request = HTTPClientRequest(url: "\(issuer)/control")
        request.method = .POST
        request.body = .bytes(ByteBuffer(bytes: change.bytes))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        return try JSON(reading: Array(try await response.body.collect(upTo: 1 << 20).readableBytesView))
    }

    /// Goes to its address as a browser does whose user is signed in there.
    /// - Parameter address: where the site sends the browser
    /// - Returns: the parameters with which it sends the browser back
    /// - Throws: ``TestServer/Unexpected`` where it does not
    public func visit(_ address: String) async throws -> [String: String] {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.redirectConfiguration = .disallow
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let response: HTTPClientResponse
        do {
            response = try await client.execute(HTTPClientRequest(url: address), timeout: .seconds(10))
            try await client.shutdown()
        } catch {
            try await client.shutdown()
            throw error
        }
        guard response.status == .found, let back = response.headers.first(name: "Location")?.split(separator: "?").last else {
            throw TestServer.Unexpected(description: "the provider answered \(response.status)")
        }
        let pairs = back.split(separator: "&").map {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        }
        return Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
    }

    /// Runs a provider while `body` runs.
    public static func run<Value: Sendable>(_ body: @Sendable (TestOpenIDProvider) async throws -> Value) async throws -> Value {
        try await TestPeer.inFolder { folder in
            try await TestPeer.run(PackageResources.openid_provider_py, with: TestTools.openID, in: folder) { peer in
                try await body(TestOpenIDProvider(issuer: "http://127.0.0.1:\(peer.port)"))
            }
        }
    }
}

extension TestTools {
    /// Python with what signs tokens.
    static let openID = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../.build-tools/openid/bin/python").standardized.path
}
