import KithServer
import KithTesting

/// Runs a test in a network of the core alone.
func withNetwork(
    socket: Bool = false, configure: @escaping @Sendable (inout ServerConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (TestNetwork) async throws -> Void
) async throws {
    try await withTestServer(Distribution([]), socket: socket, worker: false, configure: configure) { server in
        try await body(server.makeNetwork())
    }
}
