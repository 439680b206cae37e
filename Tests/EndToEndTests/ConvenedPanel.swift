import HTTPTypes
import Kith
import KithTesting

/// A panel whose seats were drawn. Everybody who was drawn, reserves too, is a person who can sign in and holds no role.
struct ConvenedPanel: Sendable {
    /// Somebody who was drawn.
    struct Drawn: Sendable {
        let seat: String
        let person: TestPerson
    }

    let call: Call
    /// In the order of the draw.
    let seats: [Drawn], reserves: [Drawn]

    var network: TestNetwork { call.network }
    var path: String { call.panelPath }
    /// The people of the seats, who are members once they accepted.
    var members: [TestPerson] { seats.map(\.person) }

    /// Runs a test on a panel whose seats are accepted, or only drawn.
    static func with(
        seats: Int = 3, reserves: Int = 0, areAccepted: Bool = true, _ body: @escaping @Sendable (ConvenedPanel) async throws -> Void
    ) async throws {
        try await Call.with(seats: seats) { call in
            let panel = try await draw(call, seats, reserves)
            if areAccepted {
                for drawn in panel.seats {
                    _ = try await panel.invite(drawn).expecting(200)
                    _ = try await panel.reply(drawn, true).expecting(200)
                }
            }
            try await body(panel)
        }
    }

    private static func draw(_ call: Call, _ seats: Int, _ reserves: Int) async throws -> ConvenedPanel {
        let rows = (0..<seats + reserves).map { "V\($0),any" }.joined(separator: "\n")
        _ = try await call.importVolunteers("id,kind\n\(rows)\n").expecting(200)
        _ = try await call.importTargets("feature,value,min,max\nkind,any,0,\(seats)\n").expecting(200)
        _ = try await call.draw(call.freeze().expecting(201).id)
        let draw = try await call.network.get("\(call.panelPath)/draws").items[0]["id"]?.string ?? ""
        var drawn: [String: [Drawn]] = [:]
        for seat in try await call.network.get("\(call.panelPath)/draws/\(draw)/seats").items {
            let person = try await call.network.person()
            let volunteer = seat["volunteer_id"]?.string ?? ""
            _ = try await call.network.send(.put, "\(call.path)/volunteers/\(volunteer)/person", ["person_id": .string(person.id)])
                .expecting(200)
            drawn[seat["part"]?.string ?? "", default: []].append(Drawn(seat: seat["id"]?.string ?? "", person: person))
        }
        return ConvenedPanel(call: call, seats: drawn["seat"] ?? [], reserves: drawn["reserve"] ?? [])
    }

    func invite(_ drawn: Drawn, _ body: JSON = [:]) async throws -> TestResponse {
        try await network.post("\(path)/seats/\(drawn.seat)/invite", body)
    }

    func reply(_ drawn: Drawn, _ accepts: Bool, as person: TestPerson? = nil) async throws -> TestResponse {
        try await network.post("\(path)/seats/\(drawn.seat)/reply", ["accepts": .bool(accepts)], as: person ?? drawn.person)
    }

    func withdraw(_ person: TestPerson) async throws {
        _ = try await network.post("/withdrawals", ["activity_id": .string(call.panel)], as: person).expecting(201)
    }

    /// Plans a session and answers it.
    func session(_ more: [String: JSON] = [:]) async throws -> JSON {
        let body: [String: JSON] = [
            "title": "First session", "starts_at": "2099-06-08T09:00:00Z", "ends_at": "2099-06-08T10:00:00Z", "place": "Town hall",
        ]
        return try await network.post("\(path)/sessions", .object(body.merging(more) { $1 })).expecting(201).json
    }

    /// Puts a question and answers its path.
    func ask(_ kind: String, _ more: [String: JSON] = [:]) async throws -> String {
        let body: [String: JSON] = ["kind": .string(kind), "title": "What about it?", "closes_at": "2099-01-01T00:00:00Z"]
        return try await "\(path)/questions/\(network.post("\(path)/questions", .object(body.merging(more) { $1 })).expecting(201).id)"
    }

    func say(_ question: String, _ body: JSON, as person: TestPerson?) async throws -> TestResponse {
        try await network.post("\(question)/contributions", body, as: person)
    }

    func close(_ question: String) async throws -> JSON {
        try await network.post("\(question)/close").expecting(200).json
    }
}
