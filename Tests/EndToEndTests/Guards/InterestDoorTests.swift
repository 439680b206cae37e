import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

/// The doors through which somebody without an account comes, and what stands behind them.
@Suite struct InterestDoorTests {
    /// How the database answers to whoever comes without an account.
    private func visit(_ scene: OpenCallScene, _ door: Query, _ more: Query...) async throws -> [Rows] {
        try await scene.server.app.batch([door] + more)
    }

    private func refusal(_ scene: OpenCallScene, _ door: Query) async -> String? {
        await #expect(throws: PostgresError.self) { _ = try await visit(scene, door) }?.sqlState?.rawValue
    }

    private func enter(_ network: String, _ call: String) -> Query {
        "select expert_panels.enter_open_call(null, \(network)::text::uuid, \(call)::text::uuid)"
    }

    private func enter(_ network: String, showing secret: String) -> Query {
        "select expert_panels.enter_interest(\(Secret.hash(ofTyped: secret)), \(network)::text::uuid, null)"
    }

    @Test func `A call opens its own network, while it is published, and shows nothing that was sent in`() async throws {
        try await OpenCallScene.with { scene in
            let (network, call) = (scene.network, scene.call.id)
            let (secret, _) = try await scene.interest()
            let seen = try await visit(
                scene, enter(network.id, call), "select count(*) from expert_panels.interests",
                "select count(*) from expert_panels.interest_contacts", "select count(*) from expert_panels.interest_answers")
            #expect(try seen.dropFirst().flatMap { try $0.decode(Int.self) } == [0, 0, 0])
            let other = try await scene.server.makeNetwork(named: "Elsewhere")
            try await other.enable("expert_panels")
            #expect(await refusal(scene, enter(other.id, call)) == "KH404")
            #expect(await refusal(scene, enter(other.id, showing: secret)) == "KH404")
            let unpublished = try await network.post(
                "\(scene.call.panelPath)/opportunities", ["title": "Later", "description": "Not yet", "seats": 1]
            ).expecting(201).id
            #expect(await refusal(scene, enter(network.id, unpublished)) == "KH404")
            _ = try await scene.server.superuser.query("update expert_panels.role_profiles set published_at = null")
            #expect(await refusal(scene, enter(network.id, call)) == "KH404")
        }
    }

    @Test func `A network that uses panels no more has no door to them`() async throws {
        try await OpenCallScene.with { scene in
            let (secret, _) = try await scene.interest()
            _ = try await scene.server.superuser.query("update kith.enabled_plugins set plugin = 'another'")
            #expect(await refusal(scene, enter(scene.network.id, scene.call.id)) == "KH404")
            #expect(await refusal(scene, enter(scene.network.id, showing: secret)) == "KH404")
        }
    }

    @Test func `What was said for the targets is read by the person, by their right, and by the draw`() async throws {
        try await OpenCallScene.with { scene in
            let (secret, _) = try await scene.interest()
            _ = try await scene.interest(OpenCallScene.draft("Bo"))
            let count: Query = "select count(*) from expert_panels.interest_answers"
            #expect(try await scene.network.asServer(scene.network.administrator, count)[0].decode(Int.self) == [0])
            let exported = try await scene.network.asServer(
                scene.network.administrator, "select set_config('kith.rights', \(scene.network.administrator.id), true)", count)
            #expect(try exported[1].decode(Int.self) == [2])
            let own = try await visit(scene, enter(scene.network.id, showing: secret), count)
            #expect(try own[1].decode(Int.self) == [1])
        }
    }

    @Test func `Withdrawing says so on the ledger once, of what still stood, and of nobody else`() async throws {
        try await OpenCallScene.with { scene in
            let (secret, id) = try await scene.interest([
                "name": "Ada", "contact": "1", "recording": "https://example.org/me", "answers": ["experience": "wards"],
            ])
            let (_, other) = try await scene.interest(OpenCallScene.draft("Bo"))
            // They took this back before, and gave the other first.
            _ = try await scene.server.send(.put, "\(scene.own)/monitoring", ["consent_wording": 1, "age": "25_34"], token: secret)
                .expecting(204)
            _ = try await scene.server.send(.delete, "\(scene.own)/monitoring", nil, token: secret).expecting(204)
            let database = scene.server.superuser
            let before = try await database.query("select version from expert_panels.interests where interest_id = \(id)::text::uuid")
                .decode(
                    Int.self)
            _ = try await scene.server.post("\(scene.own)/withdraw", token: secret).expecting(204)
            let ended = try await database.query(
                """
                select interest_id::text, purpose, channel || coalesce(recorded_by::text, '') from expert_panels.interest_consents
                where not given order by happened_at
                """
            ).decode((String, String, String).self)
            #expect(ended.map(\.1) == ["monitoring", "interest"] && ended.allSatisfy { $0.0 == id && $0.2 == "web" })
            let kept = try await database.query(
                "select version, recording is null from expert_panels.interests where interest_id = \(id)::text::uuid"
            ).decode((Int, Bool).self)
            #expect(kept[0] == (before[0] + 1, true))
            #expect(try await database.query("select interest_id::text from expert_panels.interest_answers").decode(String.self) == [other])
        }
    }

    @Test func `The ledger says who wrote a withdrawal down, where it was not the person`() async throws {
        try await OpenCallScene.with { scene in
            let person = try await scene.network.person(.participant)
            guard case .object(var told) = OpenCallScene.draft(), case .object(let declaration) = OpenCallScene.declaration else { return }
            told.merge(declaration) { $1 }
            told.merge(["person_id": .string(person.id), "channel": "paper"]) { $1 }
            let own = try await scene.network.post("\(scene.call.path)/interests", .object(told)).expecting(201).id
            let (_, other) = try await scene.interest(OpenCallScene.draft("Bo"))
            _ = try await scene.server.post(scene.network.path("/leave"), token: person.token).expecting(204)
            let volunteer = try await scene.network.get("\(scene.call.path)/volunteers").items.first { $0["withdrawn_at"] == .null }
            try await scene.call.withdraw(volunteer?["id"]?.string ?? "")
            let ended = try await scene.server.superuser.query(
                "select interest_id::text, channel, recorded_by::text from expert_panels.interest_consents where not given order by happened_at"
            ).decode((String, String, String?).self)
            #expect(ended.count == 2)
            #expect(ended[0] == (own, "web", nil))
            #expect(ended[1] == (other, "in_person", scene.network.administrator.id))
        }
    }

    @Test func `Answers for monitoring are counted of those who agree to the present wording, in this call and network`() async throws {
        try await OpenCallScene.with { scene in
            var people: [(secret: String, id: String)] = []
            for _ in 0..<6 {
                let one = try await scene.interest()
                _ = try await scene.server.send(
                    .put, "\(scene.own)/monitoring", ["consent_wording": 1, "age": "25_34"], token: one.secret
                ).expecting(204)
                people.append(one)
            }
            let other = try await scene.server.makeNetwork(named: "Elsewhere")
            func count(_ call: String? = nil, wording: Int = 1, in network: TestNetwork? = nil) async throws -> [Int] {
                let network = network ?? scene.network
                return try await network.asServer(
                    network.administrator,
                    "select people from expert_panels.count_interest_monitoring(\(call ?? scene.call.id)::text::uuid, \(wording)::integer)"
                )[0].decode(Int.self)
            }
            #expect(try await count() == [6])
            #expect(try await count(wording: 2) == [])
            #expect(try await count("0190c7a4-0000-7000-8000-000000000000") == [])
            #expect(try await count(in: other) == [])
            // One of them agrees no more; another agrees no more to something else.
            for (person, purpose) in [(people[0], "monitoring"), (people[1], "interest")] {
                _ = try await scene.server.superuser.query(
                    """
                    insert into expert_panels.interest_consents (network_id, consent_id, interest_id, purpose, wording, given, channel)
                    values (\(scene.network.id)::text::uuid, gen_random_uuid(), \(person.id)::text::uuid, \(purpose), 1, false, 'web')
                    """)
            }
            #expect(try await count() == [5])
        }
    }
}
