import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct WithdrawalTests {
    enum Way: String, Sendable, CaseIterable {
        case activity, programme, network
    }

    @Test(arguments: Way.allCases)
    func `Withdrawing ends invitations at once, and nobody is asked again`(way: Way) async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            try await scene.decide()
            _ = try await scene.need()
            let (first, second) = (try await scene.meeting().id, try await scene.meeting().id)
            try await scene.invite(scene.person, to: first)
            #expect(try await scene.needs(first).count == 1)
            switch way {
            case .activity:
                _ = try await network.post("/withdrawals", ["activity_id": .string(scene.panel)], as: scene.person).expecting(201)
            case .programme:
                _ = try await network.post("/withdrawals", ["programme_id": .string(scene.programme)], as: scene.person).expecting(201)
            case .network:
                _ = try await network.server.send(.post, network.path("/leave"), token: scene.person.token).expecting(204)
            }
            #expect(try await scene.needs(first).isEmpty)
            let left = try await network.get("\(scene.meetings)/\(first)/people/\(scene.person.id)").json
            #expect(left["withdrawn_at"] != .null)
            #expect(try await scene.invite(scene.person, to: first).status == 409)
            #expect(try await scene.invite(scene.person, to: second).status == 409)
            let role: JSON = ["person_id": .string(scene.person.id), "role": "observer", "programme_id": .string(scene.programme)]
            #expect(try await network.post("/role-grants", role).status == (way == .activity ? 201 : 409))
        }
    }

    @Test func `There is nowhere to give a reason, and others hear that it ended, not why`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            let meeting = try await scene.meeting().id
            try await scene.invite(scene.person, to: meeting)
            let reason: JSON = ["activity_id": .string(scene.panel), "reason": "Quillwort"]
            let refused = try await network.post("/withdrawals", reason, as: scene.person)
            #expect(refused.pointers == ["/reason"])
            let withdrawal = try await network.post("/withdrawals", ["activity_id": .string(scene.panel)], as: scene.person).expecting(201)
            #expect(try await network.get("/withdrawals/\(withdrawal.id)").status == 404)
            let events = try await network.server.superuser.query(
                "select kind, subject_id::text, data is null from kith.events where kind in ('meeting.person_withdrew', 'withdrawal.recorded')"
            ).decode((String, String, Bool).self)
            #expect(events.map(\.0).sorted() == ["meeting.person_withdrew", "withdrawal.recorded"])
            #expect(events.allSatisfy { $0.2 })
            #expect(events.first { $0.0 == "meeting.person_withdrew" }?.1 == meeting)
            let columns = try await network.server.superuser.query(
                "select column_name::text from information_schema.columns where table_schema = 'kith' and table_name = 'withdrawals'"
            ).decode(String.self)
            #expect(!columns.contains { $0.contains("reason") || $0.contains("why") || $0.contains("note") })
        }
    }

    @Test func `Withdrawing twice is withdrawing once, and only the person comes back`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            let body: JSON = ["activity_id": .string(scene.panel)]
            async let one = network.post("/withdrawals", body, as: scene.person)
            async let two = network.post("/withdrawals", body, as: scene.person)
            let ids = try await Set([one.expecting(201).id, two.expecting(201).id])
            #expect(ids.count == 1)
            let meeting = try await scene.meeting().id
            #expect(try await network.delete("/withdrawals/\(ids.first ?? "")").status == 404)
            #expect(try await scene.invite(scene.person, to: meeting).status == 409)
            #expect(try await network.delete("/withdrawals/\(ids.first ?? "")", as: scene.person).status == 204)
            #expect(try await scene.invite(scene.person, to: meeting).status == 201)
        }
    }

    @Test func `An invitation at the same moment as a withdrawal does not outlive it`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            for _ in 0..<8 {
                let meeting = try await scene.meeting().id
                let person = try await network.person(.participant)
                async let invited = scene.invite(person, to: meeting)
                async let withdrawn = network.post("/withdrawals", ["activity_id": .string(scene.panel)], as: person)
                _ = try await (invited, withdrawn.expecting(201))
                let standing = try await network.get("\(scene.meetings)/\(meeting)/people").items.filter { $0["withdrawn_at"] == .null }
                #expect(standing.isEmpty)
            }
        }
    }

    @Test func `Leaving the network withdraws what was agreed to, and forgets monitoring answers`() async throws {
        try await RightsScene.with { scene in
            let (network, server) = (scene.network, scene.network.server)
            try await scene.decide()
            try await scene.decide("core.equality_monitoring")
            #expect(try await server.put(network.path("/people/me/monitoring"), ["age": "45_54"], token: scene.person.token).status == 204)
            #expect(try await server.send(.post, network.path("/leave"), token: scene.person.token).status == 204)
            let given = try await server.superuser.query(
                "select count(*) filter (where given) from kith.consent_states where person_id = \(scene.person.id)::text::uuid"
            ).decode(Int.self)
            #expect(given == [0])
            #expect(try await server.superuser.query("select count(*) from kith.monitoring_answers").decode(Int.self) == [0])
        }
    }

    @Test func `Whoever has no account withdraws by phone, and who wrote it down is named`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            let person = try await network.post("/people", ["name": "By phone", "contact_by": "phone"]).expecting(201).id
            let meeting = try await scene.meeting().id
            _ = try await network.post("\(scene.meetings)/\(meeting)/people", ["person_id": .string(person)]).expecting(201)
            let body: JSON = ["channel": "phone", "activity_id": .string(scene.panel)]
            #expect(try await network.post("/people/\(person)/withdrawals", body, as: scene.person).status == 403)
            _ = try await network.post("/people/\(person)/withdrawals", body).expecting(200)
            #expect(try await network.get("\(scene.meetings)/\(meeting)/people/\(person)").json["withdrawn_at"] != .null)
            let recorder = try await network.server.superuser.query("select recorded_by::text from kith.withdrawals").decode(String.self)
            #expect(recorder == [network.administrator.id])
            _ = try await network.post("/people/\(person)/withdrawals", ["channel": "phone"]).expecting(200)
            #expect(try await network.get("/people/\(person)").json["ended_at"] != .null)
        }
    }

    @Test func `Whoever withdraws from an activity reads its spaces no more, also where it was written down for them`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            for isRecorded in [false, true] {
                let person = try await network.person(.participant)
                let body: JSON = [
                    "name": "Set", "activity_id": .string(scene.panel), "convenor_ids": [.string(person.id), .string(scene.person.id)],
                ]
                let space = try await network.post("/spaces", body).expecting(201).id
                #expect(try await network.get("/spaces/\(space)/notes", as: person).status == 200)
                if isRecorded {
                    let record: JSON = ["channel": "phone", "activity_id": .string(scene.panel)]
                    _ = try await network.post("/people/\(person.id)/withdrawals", record).expecting(200)
                } else {
                    _ = try await network.post("/withdrawals", ["activity_id": .string(scene.panel)], as: person).expecting(201)
                }
                #expect(try await network.get("/spaces/\(space)/notes", as: person).status == 404)
                #expect(try await network.get("/spaces/\(space)/notes", as: scene.person).status == 200)
            }
        }
    }

    @Test func `What ends is told before, in plain English`() async throws {
        try await RightsScene.with { scene in
            let steps = try await scene.network.get("/withdrawal-steps", as: scene.person).items
            #expect(steps.contains { $0.string?.contains("seats") == true })
            #expect(steps.contains { $0.string?.contains("meetings") == true })
        }
    }

    @Test func `The last administrator may leave; the operator then, and only then, invites another`() async throws {
        try await RightsScene.with { scene in
            let (network, server) = (scene.network, scene.network.server)
            let appoint: JSON = ["network_id": .string(network.id), "administrator_name": "New"]
            #expect(try await server.post("/v1/administrators", appoint, token: server.operatorToken).status == 409)
            #expect(try await server.get("/v1/networks-without-administrator", token: server.operatorToken).items.isEmpty)
            #expect(try await server.send(.post, network.path("/leave"), token: network.administrator.token).status == 204)
            let orphaned = try await server.get("/v1/networks-without-administrator", token: server.operatorToken).items
            #expect(orphaned.map { $0["id"] } == [.string(network.id)])
            #expect(try await server.post("/v1/administrators", appoint, token: scene.person.token).status == 403)
            let code = try await server.post("/v1/administrators", appoint, token: server.operatorToken).expecting(200).json[
                "invitation_code"]
            #expect(try await server.post("/v1/administrators", appoint, token: server.operatorToken).status == 409)
            let administrator = try await server.accept(code?.string ?? "")
            #expect(try await network.get("/role-grants", as: administrator).status == 200)
            // The operator still sees nothing from within.
            #expect(try await server.get(network.path("/people"), token: server.operatorToken).status == 404)
        }
    }

    @Test func `The policies alone keep a withdrawal or a complaint from being in the name of somebody else`() async throws {
        try await RightsScene.with { scene in
            let (network, server) = (scene.network, scene.network.server)
            let other = try await network.person(.participant)
            _ = try await network.post("/withdrawals", ["activity_id": .string(scene.panel)], as: scene.person).expecting(201)
            let asOther: Query = """
                select set_config('kith.network', \(network.id), true), set_config('kith.person', \(other.id), true),
                    set_config('kith.account', \(other.account), true)
                """
            let returned = try await server.app.batch([asOther, "update kith.withdrawals set returned_at = now()"])[1].affected
            #expect(returned == 0)
            let forged: [Query] = [
                """
                insert into kith.withdrawals (network_id, withdrawal_id, person_id, channel, recorded_by)
                values (\(network.id)::text::uuid, gen_random_uuid(), \(other.id)::text::uuid, 'web', \(scene.person.id)::text::uuid)
                """,
                """
                insert into kith.complaints (network_id, complaint_id, raised_by, kind, summary, channel, recorded_by, received_on, acknowledge_by)
                values (\(network.id)::text::uuid, gen_random_uuid(), \(scene.person.id)::text::uuid, 'service', 'x', 'web',
                        \(other.id)::text::uuid, current_date, current_date)
                """,
            ]
            for statement in forged {
                let error = await #expect(throws: PostgresError.self) { _ = try await server.app.batch([asOther, statement]) }
                #expect(error?.sqlState?.rawValue == "42501")
            }
            // Which network has no administrator is told to operators alone.
            #expect(try await server.send(.post, network.path("/leave"), token: network.administrator.token).status == 204)
            let seen = try await server.app.batch([asOther, "select count(*) from kith.networks_without_administrator()"])[1].decode(
                Int.self)
            #expect(seen == [0])
        }
    }
}
