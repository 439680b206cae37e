import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct ConsentTests {
    @Test func `Consent is given and withdrawn, and what holds is the latest entry`() async throws {
        try await RightsScene.with { scene in
            #expect(try await scene.state() == "not_asked")
            try await scene.decide()
            #expect(try await scene.state() == "given")
            try await scene.decide(RightsScene.share, false)
            #expect(try await scene.state() == "withdrawn")
            let entries = try await scene.network.get("/consents", as: scene.person).items
            #expect(entries.map { $0["given"] } == [true, false])
            #expect(entries.allSatisfy { $0["recorded_by"] == .string(scene.person.id) && $0["channel"] == "web" })
        }
    }

    @Test(arguments: ["update kith.consents set given = true", "delete from kith.consents", "truncate kith.consents"])
    func `Nothing in the ledger is changed, by the owner or a superuser neither`(statement: String) async throws {
        try await RightsScene.with { scene in
            try await scene.decide()
            let server = scene.network.server
            for client in [server.superuser, server.owner] {
                let error = await #expect(throws: PostgresError.self) { _ = try await client.query(Query(raw: statement)) }
                #expect(error?.sqlState?.rawValue == "KH409")
            }
            let error = await #expect(throws: PostgresError.self) { _ = try await server.app.query(Query(raw: statement)) }
            #expect(error?.sqlState?.rawValue == "42501")
        }
    }

    @Test func `What came on paper or by phone names who wrote it down`() async throws {
        try await RightsScene.with { scene in
            let path = "/people/\(scene.person.id)/consents"
            let body: JSON = ["purpose": .string(RightsScene.share), "wording": 1, "given": true, "channel": "phone"]
            let entry = try await scene.network.post(path, body, as: scene.coordinator).expecting(200).json
            #expect(entry["recorded_by"] == .string(scene.coordinator.id))
            #expect(entry["person_id"] == .string(scene.person.id))
            #expect(try await scene.state() == "given")
            // Nobody speaks for somebody else on the web, and participants write nothing down for others.
            let web: JSON = ["purpose": .string(RightsScene.share), "wording": 1, "given": true, "channel": "web"]
            #expect(try await scene.network.post(path, web, as: scene.coordinator).status == 422)
            let other = try await scene.network.person(.participant)
            #expect(try await scene.network.post(path, body, as: other).status == 403)
            #expect(try await scene.network.get(path, as: other).status == 403)
            #expect(try await scene.network.get("/consents?person_id=\(scene.person.id)", as: other).items.isEmpty)
        }
    }

    @Test func `The policies refuse an entry in the name of somebody else`() async throws {
        try await RightsScene.with { scene in
            let (app, network) = (scene.network.server.app, scene.network.id)
            for (recorder, channel) in [(scene.coordinator.id, "paper"), (scene.person.id, "web")] {
                let error = await #expect(throws: PostgresError.self) {
                    _ = try await app.batch([
                        "select set_config('kith.network', \(network), true), set_config('kith.person', \(scene.person.id), true)",
                        """
                        insert into kith.consents (network_id, consent_id, person_id, purpose, wording, given, channel, recorded_by, happened_at)
                        values (\(network)::text::uuid, gen_random_uuid(), \(scene.coordinator.id)::text::uuid, 'core.share_access_needs', 1, true,
                                \(channel), \(recorder)::text::uuid, now())
                        """,
                    ])
                }
                #expect(error?.sqlState?.rawValue == "42501", "\(channel)")
            }
        }
    }

    @Test func `An entry about the past takes its place in time`() async throws {
        try await RightsScene.with { scene in
            try await scene.decide(RightsScene.share, false)
            let body: JSON = [
                "purpose": .string(RightsScene.share), "wording": 1, "given": true, "channel": "paper",
                "happened_at": "2026-01-05T10:00:00Z",
            ]
            _ = try await scene.network.post("/people/\(scene.person.id)/consents", body).expecting(200)
            #expect(try await scene.state() == "withdrawn")
            let future = body.object?.merging(["happened_at": "2099-01-01T00:00:00Z"]) { $1 }
            #expect(try await scene.network.post("/people/\(scene.person.id)/consents", .object(future ?? [:])).status == 422)
        }
    }

    @Test func `A wording that was not the present one is not agreed to, and an unknown purpose is named`() async throws {
        try await RightsScene.with { scene in
            let newer = try await scene.network.post(
                "/people/me/consents", ["purpose": .string(RightsScene.share), "wording": 2, "given": true], as: scene.person)
            #expect(newer.status == 409)
            let unknown = try await scene.network.post(
                "/people/me/consents", ["purpose": "core.unknown", "wording": 1, "given": true], as: scene.person)
            #expect(unknown.pointers == ["/purpose"])
        }
    }

    @Test func `A new wording asks everybody again, in queries and at operations`() async throws {
        try await withTestServer(Distribution([Bakery.self]), worker: false) { server in
            let network = try await server.makeNetwork()
            try await network.enable("bakery")
            let person = try await network.person(.participant)
            // The first wording, of which the module has a second by now.
            _ = try await server.superuser.query(
                """
                insert into kith.consents (network_id, consent_id, person_id, purpose, wording, given, channel, recorded_by, happened_at)
                values (\(network.id)::text::uuid, gen_random_uuid(), \(person.id)::text::uuid, 'bakery.taste', 1, true, 'paper',
                        \(person.id)::text::uuid, now())
                """)
            func state() async throws -> JSON? {
                try await network.get("/people/me/consents", as: person).items.first { $0["purpose"] == "bakery.taste" }?["state"]
            }
            #expect(try await state() == "outdated")
            let refused = try await network.get("/tastings", as: person)
            #expect(refused.status == 403)
            #expect(refused.json["detail"]?.string?.contains("tasting new bread") == true)
            #expect(try await network.get("/tasters").json["people"] == 0)
            _ = try await network.post("/people/me/consents", ["purpose": "bakery.taste", "wording": 2, "given": true], as: person)
                .expecting(200)
            #expect(try await state() == "given")
            #expect(try await network.get("/tastings", as: person).status == 200)
            #expect(try await network.get("/tasters").json["people"] == 1)
            // Withdrawing works on the next request, whichever wording was read.
            _ = try await network.post("/people/me/consents", ["purpose": "bakery.taste", "wording": 1, "given": false], as: person)
                .expecting(200)
            #expect(try await network.get("/tastings", as: person).status == 403)
            #expect(try await network.get("/tasters").json["people"] == 0)
        }
    }

    @Test func `A module that needs a consent declares it`() {
        #expect(refusal { try Distribution([Careless.self]) }?.contains("bakery.taste") == true)
    }
}

@Suite struct MonitoringTests {
    @Test func `Answers need consent, are their owner's alone, and go when it is withdrawn`() async throws {
        try await RightsScene.with { scene in
            let (network, server) = (scene.network, scene.network.server)
            let path = network.path("/people/me/monitoring")
            #expect(try await server.put(path, ["age": "45_54"], token: scene.person.token).status == 403)
            try await scene.decide("core.equality_monitoring")
            #expect(try await server.put(path, ["age": "45_54", "lived_experience": "both"], token: scene.person.token).status == 204)
            #expect(try await network.get("/people/me/monitoring", as: scene.person).json == ["age": "45_54", "lived_experience": "both"])
            #expect(try await network.get("/people/me/monitoring").json == [:])
            #expect(try await network.get("/people/\(scene.person.id)").text.contains("45_54") == false)
            try await scene.decide("core.equality_monitoring", false)
            let kept = try await server.superuser.query("select count(*) from kith.monitoring_answers").decode(Int.self)
            #expect(kept == [0])
        }
    }

    @Test func `Only groups of five or more are counted, and only while they consent`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            var people: [TestPerson] = []
            for index in 0..<6 {
                let person = try await network.person(.participant)
                try await scene.decide("core.equality_monitoring", as: person)
                let answers: JSON = ["age": index < 5 ? "45_54" : "75_or_over", "disability": index < 4 ? "yes" : "no"]
                #expect(try await network.server.put(network.path("/people/me/monitoring"), answers, token: person.token).status == 204)
                people.append(person)
            }
            let counts = try await network.get("/monitoring-counts").items
            #expect(counts == [["question": "age", "answer": "45_54", "people": 5]])
            #expect(try await network.get("/monitoring-counts", as: people[0]).status == 403)
            try await scene.decide("core.equality_monitoring", false, as: people[0])
            #expect(try await network.get("/monitoring-counts").items == [])
        }
    }
}
