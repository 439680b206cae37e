import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

/// Whom the database takes for a member, for somebody who runs the panel, and for somebody who may be asked.
@Suite struct MembershipTests {
    private func ask(_ panel: ConvenedPanel, _ person: TestPerson, _ question: Query) async throws -> Bool? {
        try await panel.network.asServer(person, question)[0].decode(Bool.self).first
    }

    @Test func `A member has accepted a seat of this panel, and it lasts`() async throws {
        try await ConvenedPanel.with(seats: 2, areAccepted: false) { panel in
            let (member, invited) = (panel.members[0], panel.members[1])
            for drawn in panel.seats { _ = try await panel.invite(drawn).expecting(200) }
            _ = try await panel.reply(panel.seats[0], true).expecting(200)
            let another = try await panel.network.post(
                "/panels", ["programme_id": .string(panel.network.programme("Another")), "name": "Another", "purpose": "To advise"]
            ).expecting(201).id
            func isMember(_ person: TestPerson, of other: String? = nil) async throws -> Bool? {
                try await ask(
                    panel, panel.network.administrator,
                    "select expert_panels.is_member(\(other ?? panel.call.panel)::text::uuid, \(person.id)::text::uuid)")
            }
            #expect(try await isMember(member) == true)
            #expect(try await isMember(member, of: another) == false)
            #expect(try await isMember(invited) == false)
            #expect(try await isMember(panel.network.administrator) == false)
            _ = try await panel.network.server.superuser.query("update expert_panels.seats set ended_at = now()")
            #expect(try await isMember(member) == false)
        }
    }

    @Test func `A panel is run by administrators, leads and facilitators of its programme; they and members take part`() async throws {
        try await ConvenedPanel.with(seats: 1) { panel in
            let programme = try await panel.network.get(panel.path).json["programme_id"]?.string
            let other = try await panel.network.programme("Another")
            let people: [(TestPerson, runs: Bool, takesPart: Bool)] = [
                (panel.network.administrator, true, true),
                (try await panel.network.person(.programmeLead, in: programme), true, true),
                (try await panel.network.person(.facilitator, in: programme), true, true),
                (try await panel.network.person(.facilitator, in: other), false, false),
                (try await panel.network.person(.participant, .auditor), false, false),
                (panel.members[0], false, true),
            ]
            for (index, (person, runs, takesPart)) in people.enumerated() {
                #expect(
                    try await ask(panel, person, "select expert_panels.runs_panel(\(panel.call.panel)::text::uuid)") == runs, "\(index)")
                let part = try await ask(panel, person, "select expert_panels.takes_part(\(panel.call.panel)::text::uuid)")
                #expect(part == takesPart, "\(index)")
            }
        }
    }

    @Test func `The database invites nobody who has withdrawn, and waits for whoever does so at this moment`() async throws {
        try await ConvenedPanel.with(seats: 2, areAccepted: false) { panel in
            let held = try await panel.network.whileHeld(panel.members[0]) { try await panel.invite(panel.seats[0]) }
            #expect(held.status == 200)
            let (gone, seat) = (panel.members[1], panel.seats[1].seat)
            try await panel.withdraw(gone)
            let refused = await #expect(throws: PostgresError.self) {
                _ = try await panel.network.asServer(
                    panel.network.administrator,
                    """
                    insert into expert_panels.seat_invitations (network_id, seat_id, panel_id, person_id, invited_by, expires_on)
                    values (kith.current_network(), \(seat)::text::uuid, \(panel.call.panel)::text::uuid, \(gone.id)::text::uuid,
                            kith.current_person(), current_date)
                    """)
            }
            #expect(refused?.sqlState?.rawValue == "KH409")
        }
    }

    @Test func `A list is kept of members alone, and a question is put for a time to come`() async throws {
        try await ConvenedPanel.with(seats: 1, reserves: 1) { panel in
            func item(_ person: TestPerson) async throws -> Int {
                try await panel.network.post(
                    "\(panel.path)/onboarding",
                    [
                        "person_id": .string(person.id), "title": "A tour", "owner_id": .string(panel.network.administrator.id),
                        "due_on": "2099-01-01",
                    ]
                ).status
            }
            let statuses = [try await item(panel.reserves[0].person), try await item(panel.members[0])]
            #expect(statuses == [409, 201])
            let over: JSON = ["kind": "view", "title": "Late", "closes_at": "2020-01-01T00:00:00Z"]
            #expect(try await panel.network.post("\(panel.path)/questions", over).pointers == ["/closes_at"])
        }
    }
}
