import EmbeddedPostgres
import Kith
import KithAPI
import KithServer
import Logging
import PluginKit
import Postgres

/// Whether a network that does not use the plugin cannot reach it, and a server goes on without it.
struct ReachabilityCheck {
    private let plugin: any Plugin.Type
    private let distribution: Distribution
    private let without: Distribution

    init(_ plugin: any Plugin.Type, _ distribution: Distribution, _ without: Distribution) {
        self.plugin = plugin
        self.distribution = distribution
        self.without = without
    }

    func findings() async throws -> [Finding] {
        try await withTestServer(distribution) { server in
            let network = try await server.makeNetwork()
            let sampler = RequestSampler(plugin.endpoints)
            var findings: [Finding] = []
            for endpoint in plugin.endpoints {
                let answer = try await sampler.send(endpoint, to: server, with: ["network": network.id], token: network.administrator.token)
                if answer.status != 404 {
                    findings.append(
                        Finding(.reachability, "\(endpoint.name) answers \(answer.status) in a network that does not use the plugin."))
                }
            }
            return try await findings + removal(network, sampler)
        }
    }

    // The tables of the plugin stay; a server that does not have it any more must go on.
    private func removal(_ network: TestNetwork, _ sampler: RequestSampler) async throws -> [Finding] {
        do {
            try await Migrator(without.migrations, client: network.server.app, logger: .quiet).check()
        } catch {
            return [Finding(.removal, "A server without the plugin does not start: \(error)")]
        }
        return try await runTestServer(without, on: network.server.database) { server in
            var findings: [Finding] = []
            if try await server.get(network.path(), token: network.administrator.token).status != 200 {
                findings.append(Finding(.removal, "A server without the plugin does not answer."))
            }
            for endpoint in plugin.endpoints {
                let answer = try await sampler.send(endpoint, to: server, with: ["network": network.id], token: network.administrator.token)
                if answer.status != 404 {
                    findings.append(Finding(.removal, "\(endpoint.name) answers \(answer.status) in a server without the plugin."))
                }
            }
            return findings
        }
    }
}
