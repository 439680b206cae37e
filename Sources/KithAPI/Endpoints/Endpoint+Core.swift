public import Kith
import Postgres

extension Endpoint {
    /// Every operation of the core.
    /// - Parameters:
    ///   - manifests: the modules of this server
    ///   - contracts: what the core and each module hold of people
    ///   - wakeups: tells streams of events when to look
    ///   - signIn: the ways into an account
    /// - Returns: the endpoints
    public static func core(
        manifests: [ModuleManifest], contracts: [PrivacyContract], wakeups: Wakeups, signIn: SignIn = SignIn()
    ) -> [Endpoint] {
        networks + organisations + people + programmes + access + sessions(signIn) + signingIn(signIn) + secondFactors(signIn) + audit
            + jobs + spaces + concerns + events(wakeups) + modules(manifests) + rights(manifests) + dataRights(contracts) + [health]
    }

    private static let health = Endpoint.value(
        "get_health", "/health", "Whether the server and its database answer", .anyone,
        returns: .object(
            name: "Health", members: [("status", .inline(["type": "string", "enum": ["ok"]]), "Always ok; otherwise the answer is 503.")],
            required: ["status"])
    ) { call in
        _ = try await call.actor.read("select 1")
        return ["status": "ok"]
    }
}
