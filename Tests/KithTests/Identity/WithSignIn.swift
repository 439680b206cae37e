import Kith
import KithServer
import KithTesting

/// A network on a server whose passwords cost little, so that tests are quick.
func withSignIn(
    configure: @escaping @Sendable (inout ServerConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (TestNetwork) async throws -> Void
) async throws {
    try await withTestServer(
        Distribution([]), worker: false,
        configure: {
            $0.signIn.passwordCost = PasswordCost(rounds: 1 << 10, blockSize: 8, parallelism: 1)
            configure(&$0)
        }
    ) { server in try await body(server.makeNetwork()) }
}

/// A password that nobody guesses.
let good = "correct horse battery staple"
