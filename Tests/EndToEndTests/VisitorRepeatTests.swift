import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct VisitorRepeatTests {
    private static let name = HTTPField.Name("Idempotency-Key")!

    private func begin(_ scene: OpenCallScene, _ draft: JSON = OpenCallScene.draft(), key: String = "key-1") async throws -> TestResponse {
        try await scene.server.post("\(scene.page)/interests", draft, token: nil, headers: [Self.name: key])
    }

    private func count(_ scene: OpenCallScene) async throws -> Int {
        try await scene.server.superuser.query("select count(*) from expert_panels.interests").decode(Int.self)[0]
    }

    @Test func `What a visitor begins is begun once, however often it is sent`() async throws {
        try await OpenCallScene.with { scene in
            let first = try await begin(scene).expecting(200)
            let secret = try #require(first.json["secret"]?.string)
            let again = try await begin(scene)
            #expect(again.status == 409 && !again.text.contains(secret))
            #expect(try await count(scene) == 1)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await begin(scene, key: "key-2").status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 409, 409, 409, 409, 409])
            #expect(try await count(scene) == 2)
            #expect(try await begin(scene, key: "a b").status == 422)
        }
    }

    @Test func `Another visitor with the same key begins their own, and learns nothing`() async throws {
        try await OpenCallScene.with { scene in
            let first = try await begin(scene).expecting(200)
            let other = try await begin(scene, OpenCallScene.draft("Bo", words: "Other words.")).expecting(200)
            #expect(first.id != other.id && first.json["secret"] != other.json["secret"])
            #expect(try await count(scene) == 2)
        }
    }

    @Test func `Whoever shows their secret is answered alike, and nobody is answered what is somebody else's`() async throws {
        try await OpenCallScene.with { scene in
            let (mine, other) = (try await scene.begin(), try await scene.begin(OpenCallScene.draft("Bo")))
            func send(_ secret: String, _ body: JSON = OpenCallScene.declaration) async throws -> TestResponse {
                try await scene.server.post("\(scene.own)/send", body, token: secret, headers: [Self.name: "key"])
            }
            let first = try await send(mine).expecting(200)
            #expect(try await send(mine).expecting(200).body == first.body)
            let changed = try await send(mine, ["consent_wording": 1, "eligibility": [true, false], "conflicts": []])
            #expect(changed.status == 422 && changed.problem == "key-reused")
            let others = try await send(other).expecting(200)
            #expect(others.id != first.id && others.json["name"] == "Bo")
            #expect(try await send("00000-00000-00000-00000").status == 404)
            let volunteers = try await scene.network.get("\(scene.call.path)/volunteers").items
            #expect(volunteers.count == 2)
        }
    }

    @Test func `What was answered goes with what was said, when they withdraw`() async throws {
        try await OpenCallScene.with { scene in
            let person = try await scene.network.person(.participant)
            func kept() async throws -> Int {
                try await scene.server.superuser.query(
                    "select count(*) from kith.idempotency_keys where body like '%My own words%'"
                ).decode(Int.self)[0]
            }
            let draft = OpenCallScene.draft(words: "My own words.")
            let secret = try await scene.begin()
            _ = try await scene.server.send(.put, scene.own, draft, token: secret, headers: [Self.name: "key"]).expecting(200)
            let id = try await scene.network.post("/people/me/interests", ["secret": .string(secret)], as: person).expecting(200).id
            _ = try await scene.network.server.send(
                .put, scene.network.path("/people/me/interests/\(id)"), draft, token: person.token, headers: [Self.name: "key"]
            ).expecting(200)
            #expect(try await kept() == 2)
            _ = try await scene.server.post("\(scene.own)/withdraw", token: secret, headers: [Self.name: "key-2"]).expecting(204)
            #expect(try await kept() == 0)
            _ = try await scene.server.post("\(scene.own)/withdraw", token: secret, headers: [Self.name: "key-2"]).expecting(204)
        }
    }

    @Test func `The keys of a visitor are seen by no other, nor by an account`() async throws {
        try await OpenCallScene.with { scene in
            let secret = try await scene.begin()
            _ = try await scene.server.send(.put, scene.own, OpenCallScene.draft(), token: secret, headers: [Self.name: "key"]).expecting(
                200)
            let network: Query = "select set_config('kith.network', \(scene.network.id), true)"
            func seen(_ doors: Query...) async throws -> Int {
                try await scene.server.app.batch([network] + doors + ["select count(*) from kith.idempotency_keys"])
                    .last?.decode(Int.self).first ?? -1
            }
            let visit: Query = "select set_config('kith.visitor', kith.visitor_of(\(Secret.hash(ofTyped: secret)))::text, true)"
            #expect(try await seen(visit) == 1)
            #expect(try await seen() == 0)
            #expect(try await seen("select set_config('kith.visitor', kith.visitor_of('\\x00')::text, true)") == 0)
            #expect(try await seen(visit, "select set_config('kith.account', kith.new_id()::text, true)") == 0)
            let version = try await scene.server.superuser.query(
                "select distinct substr(account_id::text, 15, 1) from kith.idempotency_keys where key = 'key'"
            ).decode(String.self)
            #expect(version == ["8"])
        }
    }
}
