import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct PowerTests {
    private func declare(_ has: Bool, everywhere: Bool, as person: TestPerson, in network: TestNetwork) async throws {
        _ = try await network.post(
            "/people/me/consents", ["purpose": "expert_panels.lived_experience", "wording": 1, "given": true], as: person
        ).expecting(200)
        _ = try await network.send(
            .put, "/lived-experience", ["has_lived_experience": .bool(has), "in_every_group": .bool(everywhere)], as: person
        ).expecting(200)
    }

    private func balance(_ body: String, _ call: Call) async throws -> JSON {
        try await call.network.get("\(call.panelPath)/power").expecting(200).json["items"]?.array?.first { $0["body"] == .string(body) }
            ?? .null
    }

    @Test func `What a person says of themselves is theirs alone to write, and counts with their consent`() async throws {
        try await Call.with(worker: false) { call in
            let chair = try await call.network.person(.participant)
            let saying: JSON = ["has_lived_experience": true, "in_every_group": true]
            #expect(try await call.network.send(.put, "/lived-experience", saying, as: chair).status == 403)
            try await declare(true, everywhere: true, as: chair, in: call.network)
            _ = try await call.network.post("\(call.panelPath)/parts", ["person_id": .string(chair.id), "part": "chair"]).expecting(201)
            #expect(try await balance("chairs", call)["counted"] == 1)
            let forged = try? await call.network.server.app.batch([
                "select set_config('kith.network', \(call.network.id), true), set_config('kith.person', \(call.network.administrator.id), true)",
                "select from expert_panels.lived_experience",
            ])
            #expect(forged?[1].isEmpty == true)
            let other = try await call.network.person(.participant)
            let refused = await #expect(throws: PostgresError.self) {
                _ = try await call.network.server.app.batch([
                    "select set_config('kith.network', \(call.network.id), true), set_config('kith.person', \(call.network.administrator.id), true)",
                    """
                    insert into expert_panels.lived_experience (network_id, person_id, declares, in_every_group)
                    values (kith.current_network(), \(other.id)::text::uuid, true, true)
                    """,
                ])
            }
            #expect(refused?.sqlState?.rawValue == "42501")
            _ = try await call.network.post(
                "/people/me/consents", ["purpose": "expert_panels.lived_experience", "wording": 1, "given": false], as: chair
            ).expecting(200)
            #expect(try await balance("chairs", call)["counted"] == 0)
        }
    }

    @Test func `A pair counts only those who agreed to be seen, a drawn panel all who say so, if they are five`() async throws {
        try await Call.with(seats: 6) { call in
            _ = try await call.importVolunteers("id,x\n" + (0..<6).map { "v\($0),a\n" }.joined()).expecting(200)
            _ = try await call.importTargets("feature,value,min,max\nx,a,0,6\n").expecting(200)
            var people: [TestPerson] = []
            for volunteer in try await call.network.get("\(call.path)/volunteers").items {
                let person = try await call.network.person(.participant)
                people.append(person)
                _ = try await call.network.send(
                    .put, "\(call.path)/volunteers/\(volunteer["id"]?.string ?? "")/person", ["person_id": .string(person.id)]
                ).expecting(200)
            }
            _ = try await call.draw(try await call.freeze().expecting(201).id)
            for person in people[0..<4] { try await declare(true, everywhere: person.id == people[0].id, as: person, in: call.network) }
            try await declare(false, everywhere: true, as: people[5], in: call.network)
            var panel = try await balance("panel", call)
            #expect(panel["people"] == 6 && panel["counted"] == 1 && panel["is_least"] == true && panel["is_met"] == false)
            try await declare(true, everywhere: false, as: people[4], in: call.network)
            panel = try await balance("panel", call)
            #expect(panel["counted"] == 5 && panel["is_least"] == false && panel["is_met"] == true && panel["percent"] == 83)
            for person in people[0..<5] {
                _ = try await call.network.post("\(call.panelPath)/parts", ["person_id": .string(person.id), "part": "selector"]).expecting(
                    201)
            }
            let selectors = try await balance("selectors", call)
            #expect(selectors["people"] == 5 && selectors["counted"] == 1 && selectors["is_least"] == true)
            // Whoever gives up their part or their seat is counted in it no more.
            let part = try await call.network.get("\(call.panelPath)/parts").items[0]["id"]?.string ?? ""
            _ = try await call.network.delete("\(call.panelPath)/parts/\(part)").expecting(204)
            #expect(try await balance("selectors", call)["people"] == 4)
            _ = try await call.network.post("/withdrawals", ["activity_id": .string(call.panel)], as: people[5]).expecting(201)
            #expect(try await balance("panel", call)["people"] == 5)
        }
    }

    @Test func `A network flags or blocks a draw and a quorum without balance`() async throws {
        try await Call.with { call in
            try await call.fill()
            let pool = try await call.freeze().expecting(201).id
            let chair = try await call.network.person(.facilitator)
            _ = try await call.network.post("\(call.panelPath)/parts", ["person_id": .string(chair.id), "part": "chair"]).expecting(201)
            let quorum: JSON = ["needed": 1, "person_ids": [.string(chair.id)]]
            #expect(try await call.network.post("\(call.panelPath)/quorums", quorum).expecting(200).json["is_quorate"] == true)
            _ = try await call.network.send(.put, "/modules/expert_panels/settings/power_action", ["value": "block"])
            let refused = try await call.network.post("\(call.panelPath)/draws", ["pool_id": .string(pool)])
            #expect(refused.status == 409 && refused.text.contains("lived experience"))
            let flagged = try await call.network.post("\(call.panelPath)/quorums", quorum).expecting(200).json
            #expect(flagged["is_quorate"] == false && flagged["is_balanced"] == false)
            try await declare(true, everywhere: true, as: chair, in: call.network)
            #expect(try await call.network.post("\(call.panelPath)/quorums", quorum).expecting(200).json["is_quorate"] == true)
            _ = try await call.network.post("\(call.panelPath)/draws", ["pool_id": .string(pool)]).expecting(202)
        }
    }

    @Test func `The panel is those who hold its seats now, reserves who moved up too`() async throws {
        try await ConvenedPanel.with(seats: 1, reserves: 1, areAccepted: false) { panel in
            let (seat, reserve) = (panel.seats[0], panel.reserves[0])
            for person in [seat.person, reserve.person] {
                try await declare(person.id == reserve.person.id, everywhere: true, as: person, in: panel.network)
            }
            #expect(try await balance("panel", panel.call)["people"] == 1)
            _ = try await panel.invite(seat, ["expires_on": "2020-01-01"]).expecting(200)
            #expect(try await balance("panel", panel.call)["people"] == 0)
            _ = try await panel.invite(reserve).expecting(200)
            #expect(try await balance("panel", panel.call)["people"] == 0)
            _ = try await panel.reply(reserve, true).expecting(200)
            let now = try await balance("panel", panel.call)
            #expect(now["people"] == 1 && now["counted"] == 1)
        }
    }

    @Test func `A quorum can count those whom a session's record has as present`() async throws {
        try await ConvenedPanel.with(seats: 3) { panel in
            let session = try await panel.session()["id"]?.string ?? ""
            for (person, came) in zip(panel.members, ["in_person", "phone", "absent"]) {
                _ = try await panel.network.post(
                    "/activities/\(panel.call.panel)/meetings/\(session)/people/\(person.id)/attendance", ["attended": .string(came)]
                ).expecting(200)
            }
            let quorum = try await panel.network.post("\(panel.path)/quorums", ["needed": 3, "session_id": .string(session)])
            #expect(try quorum.expecting(200).json["present"] == 2 && quorum.json["is_quorate"] == false)
            let other = try await panel.network.person(.facilitator)
            let named: JSON = [
                "needed": 3, "session_id": .string(session), "person_ids": [.string(other.id), .string(panel.members[0].id)],
            ]
            #expect(try await panel.network.post("\(panel.path)/quorums", named).expecting(200).json["is_quorate"] == true)
            let elsewhere: JSON = ["needed": 1, "session_id": .string(panel.call.id)]
            #expect(try await panel.network.post("\(panel.path)/quorums", elsewhere).status == 404)
        }
    }

    @Test func `Who sets the agenda and who speaks is shown by items and minutes`() async throws {
        try await Call.with(worker: false) { call in
            let (one, two) = (try await call.network.person(.participant), try await call.network.person(.participant))
            try await declare(true, everywhere: true, as: one, in: call.network)
            for (person, items, minutes) in [(one, 1, 30), (two, 3, 10)] {
                _ = try await call.network.send(
                    .put, "\(call.panelPath)/voices",
                    [
                        "person_id": .string(person.id), "held_on": "2026-03-01", "agenda_items": .integer(Int64(items)),
                        "minutes_spoken": .integer(Int64(minutes)),
                    ]
                ).expecting(200)
            }
            #expect(try await balance("agenda", call)["percent"] == 25)
            let speaking = try await balance("speaking", call)
            #expect(speaking["percent"] == 75 && speaking["is_met"] == true)
        }
    }
}
