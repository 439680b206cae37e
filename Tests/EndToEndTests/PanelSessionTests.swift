import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct PanelSessionTests {
    /// A need of a person who shares it with those who arrange.
    private func need(_ kind: String, _ person: TestPerson, _ panel: ConvenedPanel) async throws {
        _ = try await panel.network.post(
            "/people/me/consents", ["purpose": "core.share_access_needs", "given": true, "wording": 1], as: person)
        _ = try await panel.network.post("/access-needs", ["kind": .string(kind)], as: person).expecting(201)
    }

    @Test func `Every member is asked to a session, and those who join later can be`() async throws {
        try await ConvenedPanel.with(seats: 2, reserves: 1) { panel in
            let session = try await panel.session()
            #expect(session["invited"] == 2 && session["state"] == "planned")
            let path = "\(panel.path)/sessions/\(session["id"]?.string ?? "")"
            #expect(try await panel.network.get(path, as: panel.members[0]).status == 200)
            #expect(try await panel.network.get(path, as: panel.reserves[0].person).status == 404)
            try await panel.withdraw(panel.members[1])
            #expect(try await panel.network.get(path).json["invited"] == 1)
            _ = try await panel.invite(panel.reserves[0]).expecting(200)
            _ = try await panel.reply(panel.reserves[0], true).expecting(200)
            #expect(try await panel.network.post("\(path)/ask-members").expecting(200).json["invited"] == 2)
            #expect(try await panel.network.post("\(path)/ask-members").expecting(200).json["invited"] == 2)
        }
    }

    @Test func `Papers are due so many working days before, without weekends and closed days, and late ones are flagged`() async throws {
        try await ConvenedPanel.with(seats: 1) { panel in
            // 8 June 2099 is a Monday: five working days before is Monday the 1st, and with one day closed Friday, 29 May.
            #expect(try await panel.session()["papers_due_on"] == "2099-06-01")
            let day = try await panel.network.post("/closed-days", ["day": "2099-06-03", "name": "A holiday"]).expecting(201)
            #expect(try await panel.network.post("/closed-days", ["day": "2099-06-03", "name": "Again"]).status == 409)
            #expect(try await panel.session()["papers_due_on"] == "2099-05-29")
            _ = try await panel.network.delete("/closed-days/\(day.id)").expecting(204)
            let session = try await panel.session(["papers_working_days": 1])
            #expect(session["papers_due_on"] == "2099-06-05")

            let soon = try await panel.network.server.superuser.query(
                "select to_char(now() + interval '1 day', 'YYYY-MM-DD') || 'T09:00:00Z', to_char(now() + interval '1 day', 'YYYY-MM-DD') || 'T10:00:00Z'"
            ).decode((String, String).self)[0]
            for (meeting, isLate) in [
                (session, false), (try await panel.session(["starts_at": .string(soon.0), "ends_at": .string(soon.1)]), true),
            ] {
                let id = meeting["id"]?.string ?? ""
                _ = try await panel.network.post(
                    "/activities/\(panel.call.panel)/meetings/\(id)/papers",
                    ["title": "Agenda", "link": "https://example.org/a", "sent": true]
                ).expecting(200)
                let papers = try await panel.network.get("\(panel.path)/sessions/\(id)/papers", as: panel.members[0]).items
                #expect(papers.map { $0["is_late"] } == [.bool(isLate)])
                #expect(try await panel.network.get("\(panel.path)/sessions/\(id)").json["late_papers"] == (isLate ? 1 : 0))
            }
        }
    }

    @Test func `A session is ready once every need is arranged or explained; those who plan learn how many, and not whose`() async throws {
        try await ConvenedPanel.with(seats: 2) { panel in
            let session = try await panel.session()["id"]?.string ?? ""
            let path = "\(panel.path)/sessions/\(session)"
            try await need("bsl_interpreter", panel.members[0], panel)
            try await need("step_free_access", panel.members[1], panel)
            let facilitator = try await panel.network.person(.facilitator)
            let refused = try await panel.network.post("\(path)/ready", as: facilitator)
            #expect(refused.status == 409 && refused.text.contains("2 access needs are"))
            for person in panel.members { #expect(!refused.text.contains(person.id)) }
            #expect(!refused.text.contains("interpreter") && !refused.text.contains("step"))

            let coordinator = try await panel.network.person(.accessCoordinator)
            let needs = "/activities/\(panel.call.panel)/meetings/\(session)/needs"
            let waiting = try await panel.network.get(needs, as: coordinator).items.map { $0["id"]?.string ?? "" }
            #expect(waiting.count == 2)
            _ = try await panel.network.post("\(needs)/\(waiting[0])/steps", ["step": "arranged"], as: coordinator).expecting(200)
            #expect(try await panel.network.post("\(path)/ready", as: facilitator).text.contains("One access need is"))
            _ = try await panel.network.post(
                "\(needs)/\(waiting[1])/steps", ["step": "explained", "explanation": "There is no lift; we moved it online for you."],
                as: coordinator
            ).expecting(200)
            let ready = try await panel.network.post("\(path)/ready", as: facilitator).expecting(200).json
            #expect(ready["state"] == "ready" && ready["is_arranged"] == true)
            #expect(try await panel.network.post("\(path)/ready", as: panel.members[0]).status == 403)
        }
    }

    @Test(arguments: [
        ("2099-06-08T10:30:00Z", [] as [(Int, Int)], false), ("2099-06-08T10:31:00Z", [], true),
        ("2099-06-08T12:00:00Z", [(60, 15), (150, 10)], false), ("2099-06-08T12:00:00Z", [(60, 15)], true),
    ])
    func `A session that leaves people without a break for too long is flagged`(end: String, breaks: [(Int, Int)], needsBreak: Bool)
        async throws
    {
        try await ConvenedPanel.with(seats: 1) { panel in
            let planned = breaks.map { pause -> JSON in
                ["after_minutes": .integer(Int64(pause.0)), "minutes": .integer(Int64(pause.1))]
            }
            #expect(try await panel.session(["ends_at": .string(end), "breaks": .array(planned)])["needs_break"] == .bool(needsBreak))
            _ = try await panel.network.send(.put, "\(panel.path)/rules", ["minutes_without_break": 30]).expecting(200)
            #expect(try await panel.session(["ends_at": .string(end), "breaks": .array(planned)])["needs_break"] == true)
        }
    }

    @Test func `Who came is counted by how they came, with their supporters`() async throws {
        try await ConvenedPanel.with(seats: 3) { panel in
            let session = try await panel.session(["phone": "0300 123"])["id"]?.string ?? ""
            let meeting = "/activities/\(panel.call.panel)/meetings/\(session)"
            _ = try await panel.network.post(
                "\(meeting)/reply", ["reply": "yes", "attends_by": "phone", "supporters": 1], as: panel.members[0]
            ).expecting(200)
            for (person, way) in zip(panel.members, ["phone", "in_person", "absent"]) {
                _ = try await panel.network.post(
                    "\(meeting)/people/\(person.id)/attendance", ["attended": .string(way), "supporters": 1]
                ).expecting(200)
            }
            let now = try await panel.network.get("\(panel.path)/sessions/\(session)").json
            #expect(now["coming"] == 1 && now["supporters"] == 1)
            #expect(now["came_by_phone"] == 1 && now["came_in_person"] == 1 && now["came_remotely"] == 0 && now["supporters_came"] == 2)
        }
    }

    @Test func `Minutes are approved by so many members as the panel chose, draft by draft`() async throws {
        try await ConvenedPanel.with(seats: 3) { panel in
            _ = try await panel.network.send(.put, "\(panel.path)/rules", ["minutes_quorum_percent": 60]).expecting(200)
            let path = try await "\(panel.path)/sessions/\(panel.session()["id"]?.string ?? "")/minutes"
            func reply(_ minutes: String, _ body: JSON, _ person: TestPerson) async throws -> TestResponse {
                try await panel.network.send(.put, "\(path)/\(minutes)/reply", body, as: person)
            }
            let first = try await panel.network.post(path, ["body": "We met."]).expecting(201)
            #expect(first.json["quorum"] == 2)
            #expect(try await reply(first.id, ["approves": false], panel.members[0]).status == 422)
            #expect(try await reply(first.id, ["approves": true], panel.network.administrator).status == 403)
            _ = try await reply(first.id, ["approves": true], panel.members[0]).expecting(200)
            let corrected = try await reply(first.id, ["approves": false, "correction": "Ann came too."], panel.members[1]).expecting(200)
            #expect(corrected.json["corrections"] == 1 && corrected.json["approved_at"] == .null)
            #expect(
                try await panel.network.get("\(path)/\(first.id)/replies").items.compactMap { $0["correction"]?.string } == [
                    "Ann came too."
                ])

            let second = try await panel.network.post(path, ["body": "We met, and Ann came too."]).expecting(201)
            #expect(second.json["number"] == 2 && second.json["approvals"] == 0)
            #expect(try await reply(first.id, ["approves": true], panel.members[1]).status == 409)
            // The last two come at the same moment.
            async let one = reply(second.id, ["approves": true], panel.members[0])
            async let other = reply(second.id, ["approves": true], panel.members[1])
            #expect(try await [one.status, other.status] == [200, 200])
            let now = try await panel.network.get("\(path)/\(second.id)", as: panel.members[2]).json
            #expect(now["approved_at"] != .null && now["approvals"] == 2)
            #expect(try await panel.network.post(path, ["body": "Another"]).status == 409)
            #expect(try await reply(second.id, ["approves": false, "correction": "No."], panel.members[2]).status == 409)
            #expect(try await panel.network.get(path).items.map { $0["number"] } == [1, 2])
            let stranger = try await panel.network.person(.participant)
            #expect(try await panel.network.get(path, as: stranger).items.isEmpty)
        }
    }
}
