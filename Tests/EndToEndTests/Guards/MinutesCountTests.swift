import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

/// What the database counts for people who may not see those who are counted: of this panel, of this session, of this network.
@Suite struct MinutesCountTests {
    private static let nothing = "0190c7a4-0000-7000-8000-000000000000"

    private func count(_ what: Query, _ id: String, in network: TestNetwork) async throws -> Int? {
        try await network.asServer(network.administrator, "select expert_panels.\(query: what)(\(id)::text::uuid)")[0].decode(Int.self)
            .first
    }

    @Test func `Members are counted once each, while their seat lasts`() async throws {
        try await ConvenedPanel.with(seats: 3, reserves: 1, areAccepted: false) { panel in
            for drawn in panel.seats { _ = try await panel.invite(drawn).expecting(200) }
            for drawn in panel.seats.prefix(2) { _ = try await panel.reply(drawn, true).expecting(200) }
            let (network, database) = (panel.network, panel.network.server.superuser)
            #expect(try await count("count_members", panel.call.panel, in: network) == 2)
            // A second seat, by another call of the panel.
            _ = try await database.query(
                """
                insert into expert_panels.seat_invitations (network_id, seat_id, panel_id, person_id, invited_by, expires_on, accepted_at)
                select network_id, \(panel.reserves[0].seat)::text::uuid, panel_id, person_id, invited_by, expires_on, accepted_at
                from expert_panels.seat_invitations where seat_id = \(panel.seats[0].seat)::text::uuid
                """)
            #expect(try await count("count_members", panel.call.panel, in: network) == 2)
            #expect(try await count("count_members", Self.nothing, in: network) == 0)
            let other = try await network.server.makeNetwork(named: "Elsewhere")
            #expect(try await count("count_members", panel.call.panel, in: other) == 0)
            _ = try await database.query(
                "update expert_panels.seats set ended_at = now() where seat_id = \(panel.seats[1].seat)::text::uuid")
            #expect(try await count("count_members", panel.call.panel, in: network) == 1)
        }
    }

    @Test func `Needs that wait are counted of one session, in its network`() async throws {
        try await ConvenedPanel.with(seats: 2) { panel in
            let network = panel.network
            let sessions = [try await panel.session(), try await panel.session(["title": "Second"])].map { $0["id"]?.string ?? "" }
            for (person, kind) in zip(panel.members, ["bsl_interpreter", "step_free_access"]) {
                _ = try await network.post(
                    "/people/me/consents", ["purpose": "core.share_access_needs", "given": true, "wording": 1], as: person)
                _ = try await network.post("/access-needs", ["kind": .string(kind)], as: person).expecting(201)
            }
            let needs = "/activities/\(panel.call.panel)/meetings/\(sessions[0])/needs"
            let coordinator = try await network.person(.accessCoordinator)
            let waiting = try await network.get(needs, as: coordinator).items.map { $0["id"]?.string ?? "" }
            _ = try await network.post("\(needs)/\(waiting[0])/steps", ["step": "arranged"], as: coordinator).expecting(200)
            #expect(try await count("count_unarranged", sessions[0], in: network) == 1)
            #expect(try await count("count_unarranged", sessions[1], in: network) == 2)
            let other = try await network.server.makeNetwork(named: "Elsewhere")
            #expect(try await count("count_unarranged", sessions[1], in: other) == 0)
        }
    }

    @Test func `Approvals and corrections are counted apart, of one draft, in its network`() async throws {
        try await ConvenedPanel.with(seats: 3) { panel in
            let network = panel.network
            _ = try await network.send(.put, "\(panel.path)/rules", ["minutes_quorum_percent": 100]).expecting(200)
            var drafts: [String] = []
            for _ in 0..<2 {
                let path = try await "\(panel.path)/sessions/\(panel.session()["id"]?.string ?? "")/minutes"
                let draft = try await network.post(path, ["body": "We met."]).expecting(201).id
                let replies: [JSON] = [["approves": true], ["approves": true], ["approves": false, "correction": "Ann came too."]]
                for (person, reply) in zip(panel.members, replies) where drafts.isEmpty || person.id == panel.members[0].id {
                    _ = try await network.send(.put, "\(path)/\(draft)/reply", reply, as: person).expecting(200)
                }
                drafts.append(draft)
            }
            func replies(_ draft: String, in network: TestNetwork) async throws -> [Int] {
                let found = try await network.asServer(
                    network.administrator,
                    "select approvals, corrections from expert_panels.count_minutes_replies(\(draft)::text::uuid)"
                )[0].decode((Int, Int).self)[0]
                return [found.0, found.1]
            }
            #expect(try await replies(drafts[0], in: network) == [2, 1])
            #expect(try await replies(drafts[1], in: network) == [1, 0])
            let other = try await network.server.makeNetwork(named: "Elsewhere")
            #expect(try await replies(drafts[0], in: other) == [0, 0])
        }
    }

    @Test func `The longest stretch ends with the session, and days with nights in them have none`() async throws {
        try await ConvenedPanel.with(seats: 1) { panel in
            for (hours, breaks, stretch) in [
                (2, "[]", 120), (2, #"[{"after_minutes": 60, "minutes": 20}]"#, 60), (2, #"[{"after_minutes": 30, "minutes": 15}]"#, 75),
                (2, #"[{"after_minutes": 300, "minutes": 15}]"#, 120), (14, "[]", 840), (15, "[]", nil),
            ] as [(Int, String, Int?)] {
                let found = try await panel.network.asServer(
                    panel.network.administrator,
                    """
                    select expert_panels.longest_stretch(now(), now() + make_interval(hours => \(hours)::integer), \(breaks)::text::jsonb)
                    """)
                #expect(try found[0].decode(Int?.self) == [stretch], "\(hours), \(breaks)")
            }
            for (day, days, due) in [
                ("2099-06-07", 0, "2099-06-07"), ("2099-06-08", 1, "2099-06-05"), ("2099-06-06", 1, "2099-06-05"),
                ("2099-06-08", 6, "2099-05-29"),
            ] {
                let found = try await panel.network.asServer(
                    panel.network.administrator,
                    "select expert_panels.working_days_before(\(day)::text::date, \(days)::integer)::text")
                #expect(try found[0].decode(String.self) == [due], "\(day), \(days)")
            }
        }
    }
}
