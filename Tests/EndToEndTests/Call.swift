import ExpertPanels
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

/// A call for volunteers in a network that uses panels.
struct Call: Sendable {
    let network: TestNetwork
    let panel: String
    let id: String

    var panelPath: String { "/panels/\(panel)" }
    var path: String { "\(panelPath)/opportunities/\(id)" }

    /// Runs a test on a new call.
    static func with(
        seats: Int = 20, worker: Bool = true, configure: @escaping @Sendable (inout ServerConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (Call) async throws -> Void
    ) async throws {
        try await withTestServer(Distribution([ExpertPanels.self]), worker: worker, configure: configure) { server in
            let network = try await server.makeNetwork()
            try await network.enable("expert_panels")
            let panel = try await network.post(
                "/panels", ["programme_id": .string(network.programme()), "name": "Crisis care", "purpose": "To advise"]
            ).expecting(201).id
            let call = try await network.post(
                "/panels/\(panel)/opportunities", ["title": "Join", "description": "Advise us", "seats": .integer(Int64(seats))]
            ).expecting(201).id
            try await body(Call(network: network, panel: panel, id: call))
        }
    }

    func importVolunteers(_ file: [UInt8], _ options: String = "") async throws -> TestResponse {
        try await network.upload("\(path)/volunteers/import\(options)", file)
    }

    func importVolunteers(_ file: String, _ options: String = "") async throws -> TestResponse {
        try await importVolunteers(Array(file.utf8), options)
    }

    func importTargets(_ file: [UInt8], _ options: String = "") async throws -> TestResponse {
        try await network.upload("\(path)/targets/import\(options)", file)
    }

    func importTargets(_ file: String) async throws -> TestResponse { try await importTargets(Array(file.utf8)) }

    /// Takes the synthetic volunteers and targets.
    func fill() async throws {
        _ = try await importVolunteers(PanelInstance.candidates()).expecting(200)
        _ = try await importTargets(PanelInstance.targets()).expecting(200)
    }

    func freeze() async throws -> TestResponse {
        try await network.post("\(panelPath)/pools", ["opportunity_id": .string(id)])
    }

    /// Starts a draw and waits for its job.
    func draw(_ pool: String) async throws -> JSON {
        try await network.finished(network.post("\(panelPath)/draws", ["pool_id": .string(pool)]))
    }

    /// Takes a volunteer out, as those who run the panel do for somebody who asks.
    func withdraw(_ volunteer: String) async throws {
        _ = try await network.post("\(path)/volunteers/\(volunteer)/withdraw").expecting(204)
    }

    /// How many volunteers there are.
    func volunteers() async throws -> Int {
        try await network.server.superuser.query("select count(*) from expert_panels.volunteers").decode(Int.self).first ?? -1
    }
}
