import ExpertPanels
import Kith
import KithServer
import KithTesting
import Postgres
import struct FoundationEssentials.Date

/// A network with an activity, somebody who arranges access and somebody who takes part.
struct RightsScene: Sendable {
    let network: TestNetwork
    let programme: String
    let panel: String
    let person: TestPerson
    let coordinator: TestPerson

    static let share = "core.share_access_needs"

    static func with(
        worker: Bool = false, configure: @escaping @Sendable (inout ServerConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (RightsScene) async throws -> Void
    ) async throws {
        try await withTestServer(Distribution([ExpertPanels.self]), worker: worker, configure: configure) { server in
            let network = try await server.makeNetwork()
            try await network.enable("expert_panels")
            let programme = try await network.programme()
            let panel = try await network.post(
                "/panels", ["programme_id": .string(programme), "name": "Crisis care", "purpose": "To advise"]
            ).expecting(201).id
            try await body(
                RightsScene(
                    network: network, programme: programme, panel: panel, person: network.person(.participant),
                    coordinator: network.person(.accessCoordinator)))
        }
    }

    var meetings: String { "/activities/\(panel)/meetings" }

    /// A time so many hours from now.
    static func time(_ hours: Double) -> JSON {
        .string(Date(timeIntervalSinceNow: hours * 3600).formatted(.iso8601))
    }

    /// A meeting in two days.
    func meeting() async throws -> TestResponse {
        try await network.post(
            meetings, ["title": "First", "starts_at": Self.time(48), "ends_at": Self.time(50), "place": "Town hall"]
        ).expecting(201)
    }

    @discardableResult
    func invite(_ person: TestPerson, to meeting: String) async throws -> TestResponse {
        try await network.post("\(meetings)/\(meeting)/people", ["person_id": .string(person.id)])
    }

    /// Records a decision of a person about a purpose.
    @discardableResult
    func decide(_ purpose: String = share, _ given: Bool = true, as person: TestPerson? = nil) async throws -> TestResponse {
        try await network.post(
            "/people/me/consents", ["purpose": .string(purpose), "wording": 1, "given": .bool(given)], as: person ?? self.person
        ).expecting(200)
    }

    /// Records a need of a person, with a word by which it can be found.
    func need(_ kind: String = "bsl_interpreter", as person: TestPerson? = nil) async throws -> String {
        try await network.post(
            "/access-needs", ["kind": .string(kind), "details": "Quillwort, please"], as: person ?? self.person
        ).expecting(201).id
    }

    /// What holds of a purpose for a person.
    func state(_ purpose: String = share, of person: TestPerson? = nil) async throws -> String? {
        try await network.get("/people/me/consents", as: person ?? self.person).items.first { $0["purpose"] == .string(purpose) }?["state"]?
            .string
    }

    func needs(_ meeting: String, as person: TestPerson? = nil) async throws -> [JSON] {
        try await network.get("\(meetings)/\(meeting)/needs", as: person ?? coordinator).expecting(200).items
    }
}
