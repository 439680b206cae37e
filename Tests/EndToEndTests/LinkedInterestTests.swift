import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct LinkedInterestTests {
    private func link(_ scene: OpenCallScene, _ secret: String, as person: TestPerson) async throws -> TestResponse {
        try await scene.network.post("/people/me/interests", ["secret": .string(secret)], as: person)
    }

    private func mine(_ scene: OpenCallScene, _ person: TestPerson) async throws -> [JSON] {
        try await scene.network.get("/people/me/interests", as: person).expecting(200).items
    }

    @Test func `Whoever has the secret links what they began to their account, and goes on without the secret`() async throws {
        try await OpenCallScene.with { scene in
            let person = try await scene.network.person(.participant)
            let secret = try await scene.begin()
            // People type a secret as they read it.
            let id = try await link(scene, secret.lowercased(), as: person).expecting(200).id
            #expect(try await mine(scene, person).map { $0["id"] } == [.string(id)])
            let own = "/people/me/interests/\(id)"
            _ = try await scene.network.send(.put, own, OpenCallScene.draft("Maria", words: "New words."), as: person).expecting(200)
            #expect(try await scene.network.get(own, as: person).expecting(200).json["words"] == "New words.")
            let stale: JSON = ["consent_wording": 2, "eligibility": [true, true], "conflicts": []]
            #expect(try await scene.network.post("\(own)/send", stale, as: person).status == 409)
            #expect(
                try await scene.network.post("\(own)/send", OpenCallScene.declaration, as: person).expecting(200).json["state"] == "sent")
            let consents = try await scene.server.superuser.query(
                "select purpose || ' ' || given || ' ' || channel || ' ' || (recorded_by is null) from expert_panels.interest_consents"
            ).decode(String.self)
            #expect(consents == ["interest true web true"])
            #expect(try await scene.network.post("\(own)/withdraw", as: person).status == 204)
            #expect(try await scene.server.get(scene.own, token: secret).json["state"] == "withdrawn")
            let left = try await scene.server.superuser.query("select count(*) from expert_panels.interest_contacts").decode(Int.self)
            #expect(left == [0])
        }
    }

    @Test func `What was sent in is linked with its volunteer, so that leaving the panel takes it back`() async throws {
        try await OpenCallScene.with { scene in
            let person = try await scene.network.person(.participant)
            let (secret, id) = try await scene.interest()
            _ = try await link(scene, secret, as: person).expecting(200)
            let identified = try await scene.network.get("\(scene.call.path)/volunteers").items.map { $0["is_identified"] }
            #expect(identified == [true])
            _ = try await scene.network.post("/withdrawals", ["activity_id": .string(scene.call.panel)], as: person).expecting(201)
            #expect(try await scene.server.get(scene.own, token: secret).json["state"] == "withdrawn")
            #expect(try await mine(scene, person).map { $0["state"] } == ["withdrawn"])
            #expect(try await mine(scene, person).map { $0["id"] } == [.string(id)])
            // Whoever has withdrawn from the panel brings nothing into it again.
            #expect(try await link(scene, try await scene.begin(), as: person).status == 409)
        }
    }

    @Test func `Nobody links what is somebody else's, or links twice`() async throws {
        try await OpenCallScene.with { scene in
            let (person, other) = (try await scene.network.person(.participant), try await scene.network.person(.participant))
            let secret = try await scene.begin()
            #expect(try await link(scene, "00000-00000-00000-00000", as: other).status == 404)
            let id = try await link(scene, secret, as: person).expecting(200).id
            for someone in [person, other] { #expect(try await link(scene, secret, as: someone).status == 409) }
            // A second one of the same call would be a second ticket in the draw.
            let second = try await scene.begin()
            #expect(try await link(scene, second, as: person).status == 409)
            _ = try await link(scene, second, as: other).expecting(200)
            let own = "/people/me/interests/\(id)"
            for path in [own, "\(own)/send", "\(own)/withdraw", "\(own)/feedback"] {
                let answer =
                    path == own
                    ? try await scene.network.get(path, as: other)
                    : try await scene.network.post(path, path.hasSuffix("send") ? OpenCallScene.declaration : [:], as: other)
                #expect(answer.status == 404, "\(path)")
            }
            #expect(try await scene.network.send(.put, own, OpenCallScene.draft(), as: other).status == 404)
            #expect(try await mine(scene, other).count == 1)
            // Nor does anybody who runs the panel read it as theirs.
            #expect(try await mine(scene, scene.network.administrator).isEmpty)
            let elsewhere = try await scene.server.makeNetwork(named: "Elsewhere")
            try await elsewhere.enable("expert_panels")
            let foreign = try await elsewhere.post("/people/me/interests", ["secret": .string(try await scene.begin())])
            #expect(foreign.status == 404)
        }
    }

    @Test func `A helper links nothing that they wrote down for somebody else`() async throws {
        try await OpenCallScene.with { scene in
            let (helper, person) = (try await scene.network.person(.facilitator), try await scene.network.person(.participant))
            guard case .object(var told) = OpenCallScene.draft(), case .object(let declaration) = OpenCallScene.declaration else { return }
            told.merge(declaration) { $1 }
            told["channel"] = "phone"
            let entered = try await scene.network.post("\(scene.call.path)/interests", .object(told), as: helper).expecting(201).json
            let secret = entered["secret"]?.string ?? ""
            #expect(try await link(scene, secret, as: helper).status == 409)
            _ = try await link(scene, secret, as: person).expecting(200)
        }
    }

    @Test func `Of many at once one links it, and the database lets nobody give it away`() async throws {
        try await OpenCallScene.with { scene in
            let secret = try await scene.begin()
            let people = [try await scene.network.person(.participant), try await scene.network.person(.participant)]
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for person in people { group.addTask { try await link(scene, secret, as: person).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 409])
            _ = try await scene.begin()
            let linked = try await scene.network.server.superuser.query(
                "select person_id::text from expert_panels.interests where person_id is not null"
            ).decode(String.self)[0]
            let other = try #require(people.map(\.id).first { $0 != linked })
            // Not for somebody else, not what is somebody's already, and not back.
            for (who, person, condition) in [
                (other, "'\(linked)'", "is null"), (other, "'\(other)'", "is not null"), (linked, "null", "is not null"),
            ] {
                let refused = await #expect(throws: PostgresError.self) {
                    _ = try await scene.server.app.batch([
                        "select set_config('kith.network', \(scene.network.id), true), set_config('kith.person', \(who), true)",
                        "update expert_panels.interests set person_id = \(raw: person)::uuid where person_id \(raw: condition)",
                    ])
                }
                #expect(refused?.sqlState?.rawValue == "KH409")
            }
        }
    }
}
