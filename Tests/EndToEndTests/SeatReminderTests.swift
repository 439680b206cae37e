import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct SeatReminderTests {
    /// Gives everybody an address, so that they can be told.
    private func address(_ panel: ConvenedPanel) async throws {
        _ = try await panel.network.server.superuser.query("update kith.people set email = person_id || '@example.org'")
    }

    /// Whom the reminders that are asked for reach, once their moment has come.
    private func remind(_ panel: ConvenedPanel) async throws -> [String] {
        let server = panel.network.server
        try await server.runAgain(
            """
            job_id in (
                select distinct on (subject_id) job_id from kith.jobs where kind = 'expert_panels.remind_of_seat'
                order by subject_id, job_id desc)
            """)
        _ = try await eventually("the reminders") {
            let open = try await server.superuser.query(
                "select count(*) from kith.jobs where kind = 'expert_panels.remind_of_seat' and state <> 'succeeded'"
            ).decode(Int.self)
            return open == [0] ? true : nil
        }
        return try await server.superuser.query(
            "select person_id::text from kith.messages where template = 'expert_panels.seat_reminder' order by 1"
        ).decode(String.self)
    }

    private func days(_ panel: ConvenedPanel) async throws -> [Int] {
        try await panel.network.server.superuser.query(
            """
            select (i.expires_on - (j.run_at at time zone 'UTC')::date) from kith.jobs j
                join expert_panels.seat_invitations i on i.seat_id = j.subject_id
            where j.kind = 'expert_panels.remind_of_seat' order by j.job_id
            """
        ).decode(Int.self)
    }

    @Test func `Whoever has not answered is reminded once, some days before the offer runs out`() async throws {
        try await ConvenedPanel.with(seats: 1, areAccepted: false) { panel in
            try await address(panel)
            _ = try await panel.invite(panel.seats[0]).expecting(200)
            #expect(try await days(panel) == [3])
            let early = try await panel.network.server.superuser.query(
                "select count(*) from kith.messages where template = 'expert_panels.seat_reminder'"
            ).decode(Int.self)
            #expect(early == [0])
            #expect(try await remind(panel) == [panel.seats[0].person.id])
            #expect(try await remind(panel) == [panel.seats[0].person.id])
        }
    }

    @Test func `Whoever has answered or withdrawn, or is asked too late, is left alone`() async throws {
        try await ConvenedPanel.with(seats: 4, areAccepted: false) { panel in
            try await address(panel)
            for seat in panel.seats { _ = try await panel.invite(seat).expecting(200) }
            #expect(try await days(panel).count == 4)
            _ = try await panel.reply(panel.seats[0], true).expecting(200)
            _ = try await panel.reply(panel.seats[1], false).expecting(200)
            try await panel.withdraw(panel.seats[2].person)
            _ = try await panel.network.server.superuser.query(
                """
                update expert_panels.seat_invitations set expires_on = '2020-01-01'
                where seat_id = \(panel.seats[3].seat)::text::uuid
                """)
            #expect(try await remind(panel) == [])
        }
    }

    @Test func `The panel chooses how many days before, or never; a short offer has no reminder`() async throws {
        try await ConvenedPanel.with(seats: 3, areAccepted: false) { panel in
            let rules = "\(panel.path)/rules"
            #expect(try await panel.network.get(rules).json["reminder_days"] == 3)
            #expect(try await panel.network.send(.put, rules, ["reminder_days": 61]).status == 422)
            _ = try await panel.network.send(.put, rules, ["reminder_days": 5]).expecting(200)
            _ = try await panel.invite(panel.seats[0]).expecting(200)
            #expect(try await days(panel) == [5])
            let soon = try await panel.network.server.superuser.query("select (current_date + 4)::text").decode(String.self)[0]
            _ = try await panel.invite(panel.seats[1], ["expires_on": .string(soon)]).expecting(200)
            _ = try await panel.network.send(.put, rules, ["reminder_days": 0]).expecting(200)
            _ = try await panel.invite(panel.seats[2]).expecting(200)
            #expect(try await days(panel) == [5])
        }
    }

    @Test func `A seat that is offered anew has a reminder of its own`() async throws {
        try await ConvenedPanel.with(seats: 1, areAccepted: false) { panel in
            try await address(panel)
            _ = try await panel.invite(panel.seats[0]).expecting(200)
            _ = try await remind(panel)
            _ = try await panel.network.server.superuser.query("update expert_panels.seat_invitations set expires_on = '2020-01-01'")
            _ = try await panel.invite(panel.seats[0]).expecting(200)
            #expect(try await remind(panel).count == 2)
        }
    }
}
