import HTTPTypes
import Kith
import KithTesting

/// Three people who offer, and two who score.
struct ShortlistScene: Sendable {
    let open: OpenCallScene
    let scorers: [TestPerson]
    let interests: [(secret: String, id: String)]
    var path: String { "\(open.call.path)/shortlist" }

    static func with(_ body: @escaping @Sendable (ShortlistScene) async throws -> Void) async throws {
        try await OpenCallScene.with { open in
            var interests: [(secret: String, id: String)] = []
            for name in ["Ada", "Bo", "Cy"] {
                interests.append(try await open.interest(OpenCallScene.draft(name, words: "I know it.")))
            }
            let scorers = [try await open.network.person(.participant), try await open.network.person(.facilitator)]
            _ = try await open.network.post(
                "\(open.call.path)/shortlist",
                ["criteria": ["Has been there", "Listens"], "shortlister_ids": .array(scorers.map { .string($0.id) })]
            ).expecting(200)
            try await body(ShortlistScene(open: open, scorers: scorers, interests: interests))
        }
    }

    func declare(_ conflicts: JSON = [], as person: TestPerson) async throws -> TestResponse {
        try await open.network.send(.put, "\(path)/declaration", ["conflicts": conflicts], as: person)
    }

    func score(_ index: Int, _ points: [Int], as person: TestPerson) async throws -> TestResponse {
        try await open.network.send(
            .put, "\(path)/interests/\(interests[index].id)/assessment",
            ["points": .array(points.map { .integer(Int64($0)) }), "words": "Thank you."], as: person)
    }

    func finish(as person: TestPerson) async throws -> TestResponse { try await open.network.post("\(path)/finish", as: person) }

    func decide(_ minimum: Int64) async throws -> TestResponse {
        try await open.network.post("\(path)/decision", ["minimum_points": .integer(minimum)])
    }
}
