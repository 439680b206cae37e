import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres

/// A space of two people on a test server, and what tests do with it.
struct Circle: Sendable {
    let network: TestNetwork
    let convenor: TestPerson
    let member: TestPerson
    let id: String

    var path: String { "/spaces/\(id)" }
    var notes: String { "\(path)/notes" }

    static func with(_ body: @escaping @Sendable (Circle) async throws -> Void) async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let (convenor, member) = (try await network.person(), try await network.person())
            let space = try await network.post(
                "/spaces",
                ["name": "A circle", "convenor_ids": [.string(convenor.id)], "member_ids": [.string(member.id)]]
            ).expecting(201)
            try await body(Circle(network: network, convenor: convenor, member: member, id: space.id))
        }
    }

    func write(_ text: String, as person: TestPerson? = nil, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await network.post(notes, ["text": .string(text)], as: person ?? convenor, headers: headers)
    }

    func add(_ person: TestPerson) async throws {
        _ = try await network.post("\(path)/members", ["person_id": .string(person.id)], as: convenor).expecting(201)
    }

    func texts(as person: TestPerson) async throws -> [String?] {
        try await network.get(notes, as: person).expecting(200).items.map { $0["text"]?.string }
    }

    func note(_ id: String, _ person: TestPerson) async throws -> JSON {
        try await network.get("\(notes)/\(id)", as: person).expecting(200).json
    }
}
