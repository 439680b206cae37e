import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct SeatLifeTests {
    @Test func `Whoever was drawn is asked, answers, and is a member while their seat lasts`() async throws {
        try await ConvenedPanel.with(seats: 2, areAccepted: false) { panel in
            let (first, second) = (panel.seats[0], panel.seats[1])
            let asked = try await panel.invite(first, ["expires_on": "2099-01-01"]).expecting(200).json
            #expect(asked["state"] == "invited" && asked["expires_on"] == "2099-01-01" && asked["person_id"] == .string(first.person.id))
            // They alone see that they are asked; those who run the panel see all.
            let listed = "\(panel.path)/seat-invitations"
            #expect(try await panel.network.get(listed, as: first.person).items.map { $0["state"] } == ["invited"])
            #expect(try await panel.network.get(listed, as: second.person).items.isEmpty)
            #expect(try await panel.reply(first, true, as: second.person).status == 404)
            #expect(try await panel.network.get("\(panel.path)/members").items.isEmpty)

            #expect(try await panel.reply(first, true).expecting(200).json["state"] == "accepted")
            #expect(try await panel.reply(first, false).status == 409)
            #expect(
                try await panel.network.get("\(panel.path)/members", as: first.person).items.map { $0["person_id"] } == [
                    .string(first.person.id)
                ])
            // Somebody who answered by phone.
            _ = try await panel.invite(second).expecting(200)
            #expect(try await panel.reply(second, false, as: panel.network.administrator).expecting(200).json["state"] == "declined")
            #expect(try await panel.invite(second).status == 409)

            try await panel.withdraw(first.person)
            #expect(try await panel.network.get(listed).items.map { $0["state"] } == ["ended", "declined"])
        }
    }

    @Test func `A reserve moves up when a seat is free, in the order of the draw, and not before`() async throws {
        try await ConvenedPanel.with(seats: 1, reserves: 2, areAccepted: false) { panel in
            // Nobody has been asked yet: the seat is for whoever was drawn for it.
            #expect(try await panel.invite(panel.reserves[0]).status == 409)
            _ = try await panel.invite(panel.seats[0]).expecting(200)
            #expect(try await panel.invite(panel.reserves[0]).status == 409)
            _ = try await panel.reply(panel.seats[0], false).expecting(200)
            let early = try await panel.invite(panel.reserves[1])
            #expect(early.status == 409 && early.text.contains("comes first"))
            _ = try await panel.invite(panel.reserves[0]).expecting(200)
            _ = try await panel.reply(panel.reserves[0], true).expecting(200)
            #expect(try await panel.invite(panel.reserves[1]).status == 409)
            try await panel.withdraw(panel.reserves[0].person)
            _ = try await panel.invite(panel.reserves[1]).expecting(200)
        }
    }

    @Test func `Two reserves are not offered one seat, however they are asked`() async throws {
        try await ConvenedPanel.with(seats: 1, reserves: 2, areAccepted: false) { panel in
            try await panel.withdraw(panel.seats[0].person)
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for reserve in panel.reserves { group.addTask { try await panel.invite(reserve).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(answers.sorted() == [200, 409])
        }
    }

    @Test func `An invitation runs out, the seat is free, and only a new one can be accepted`() async throws {
        try await ConvenedPanel.with(seats: 1, reserves: 1, areAccepted: false) { panel in
            _ = try await panel.invite(panel.seats[0], ["expires_on": "2020-01-01"]).expecting(200)
            #expect(try await panel.reply(panel.seats[0], true).status == 409)
            _ = try await panel.invite(panel.reserves[0]).expecting(200)
            #expect(try await panel.invite(panel.seats[0]).status == 409)
            _ = try await panel.reply(panel.reserves[0], false).expecting(200)
            _ = try await panel.invite(panel.seats[0]).expecting(200)
            _ = try await panel.reply(panel.seats[0], true).expecting(200)
        }
    }

    @Test func `A draw that fills free seats keeps whoever holds or is offered one, and nobody is asked twice`() async throws {
        try await ConvenedPanel.with(seats: 3, reserves: 3, areAccepted: false) { panel in
            _ = try await panel.invite(panel.seats[0]).expecting(200)
            _ = try await panel.reply(panel.seats[0], false).expecting(200)
            _ = try await panel.invite(panel.reserves[0]).expecting(200)
            _ = try await panel.reply(panel.reserves[0], true).expecting(200)
            _ = try await panel.invite(panel.seats[1], ["expires_on": "2020-01-01"]).expecting(200)
            let draw = try await panel.network.get("\(panel.path)/draws").items[0]["id"] ?? .null
            let pool = try await panel.network.post(
                "\(panel.path)/pools", ["opportunity_id": .string(panel.call.id), "after_draw_id": draw]
            ).expecting(201)
            // The reserve who moved up and the seat that was not offered yet; out are who declined and who did not answer.
            #expect(pool.json["seated"] == 2 && pool.json["excluded"] == 2)
            _ = try await panel.call.draw(pool.id)
            let again = try await panel.network.get("\(panel.path)/draws").items[1]["id"]?.string ?? ""
            var statuses: [Int] = []
            for seat in try await panel.network.get("\(panel.path)/draws/\(again)/seats").items where seat["part"] == "seat" {
                statuses.append(try await panel.network.post("\(panel.path)/seats/\(seat["id"]?.string ?? "")/invite").status)
            }
            #expect(statuses.sorted() == [200, 200, 409])
        }
    }

    @Test func `Whoever has withdrawn is not asked, and who is asked is told so`() async throws {
        try await ConvenedPanel.with(seats: 2, areAccepted: false) { panel in
            try await panel.withdraw(panel.seats[0].person)
            #expect(try await panel.invite(panel.seats[0]).status == 409)
            let person = panel.seats[1].person
            let read = try await panel.network.get("/people/\(person.id)")
            _ = try await panel.network.patch("/people/\(person.id)", ["email": "someone@example.org"], version: read.version).expecting(
                200)
            _ = try await panel.invite(panel.seats[1]).expecting(200)
            let queued = try await panel.network.server.superuser.query(
                "select person_id::text from kith.messages where template = 'expert_panels.seat_invitation'"
            ).decode(String.self)
            #expect(queued == [person.id])
        }
    }
}
