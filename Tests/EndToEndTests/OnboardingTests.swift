import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct OnboardingTests {
    @Test func `Members accept the version of the terms that holds, and are asked again for the next`() async throws {
        try await ConvenedPanel.with(seats: 2, reserves: 1) { panel in
            let terms = "\(panel.path)/terms"
            let member = panel.members[0]
            let first = try await panel.network.post(terms, ["body": "We meet six times."]).expecting(201)
            #expect(first.json["number"] == 1 && first.json["is_current"] == true)
            #expect(try await panel.network.post("\(terms)/\(first.id)/accept", as: panel.reserves[0].person).status == 403)
            _ = try await panel.network.post("\(terms)/\(first.id)/accept", as: member).expecting(200)
            _ = try await panel.network.post("\(terms)/\(first.id)/accept", as: member).expecting(200)
            let onPaper = try await panel.network.post(
                "\(terms)/\(first.id)/acceptances", ["person_id": .string(panel.members[1].id), "channel": "paper"]
            ).expecting(200)
            #expect(onPaper.json["channel"] == "paper")
            #expect(try await panel.network.get("\(terms)/\(first.id)/acceptances").items.count == 2)

            let second = try await panel.network.post(terms, ["body": "We meet four times.", "changes": "Fewer meetings."]).expecting(201)
            #expect(second.json["number"] == 2)
            #expect(try await panel.network.post("\(terms)/\(first.id)/accept", as: member).status == 409)
            let state = try await panel.network.get("\(panel.path)/members", as: member).items[0]
            #expect(state["terms_number"] == 1 && state["has_current_terms"] == false)
            #expect(try await panel.network.get(terms, as: member).items.map { $0["is_current"] } == [false, true])
        }
    }

    @Test func `A list begins with the seat, and each item has its owner and its day`() async throws {
        try await ConvenedPanel.with(seats: 2) { panel in
            let (member, other) = (panel.members[0], panel.members[1])
            let list = "\(panel.path)/onboarding"
            let items = try await panel.network.get(list, as: member).items
            #expect(
                Set(items.compactMap { $0["kind"]?.string }) == ["references", "training", "checks", "access_needs", "payment_details"])
            #expect(items.allSatisfy { $0["owner_id"] == .string(panel.network.administrator.id) && $0["due_on"] != .null })
            #expect(try await panel.network.get(list).items.count == 10)

            // The item is given to somebody without any role: they see it, and settle it. The member and others do not.
            let owner = try await panel.network.person()
            let item = items.first { $0["kind"] == "training" }?["id"]?.string ?? ""
            let version = try await panel.network.get("\(list)/\(item)").version
            _ = try await panel.network.patch("\(list)/\(item)", ["owner_id": .string(owner.id), "due_on": "2020-01-01"], version: version)
                .expecting(200)
            #expect(try await panel.network.get("\(list)?overdue=true").items.map { $0["id"] } == [.string(item)])
            #expect(try await panel.network.get(list, as: owner).items.count == 1)
            #expect(try await panel.network.post("\(list)/\(item)/settle", ["state": "done"], as: member).status == 403)
            #expect(try await panel.network.post("\(list)/\(item)/settle", ["state": "done"], as: other).status == 404)
            let settled = try await panel.network.post("\(list)/\(item)/settle", ["state": "done"], as: owner).expecting(200).json
            #expect(settled["state"] == "done" && settled["settled_on"] != .null && settled["is_overdue"] == false)

            for item in items where item["kind"] != "training" {
                _ = try await panel.network.post("\(list)/\(item["id"]?.string ?? "")/settle", ["state": "not_needed"]).expecting(200)
            }
            let waiting = try await panel.network.get("\(panel.path)/members?waiting=true").items
            #expect(waiting.map { $0["person_id"] } == [.string(other.id)])
            _ = try await panel.network.post(
                list, ["person_id": .string(member.id), "title": "A tour", "owner_id": .string(owner.id), "due_on": "2099-01-01"]
            ).expecting(201)
            #expect(try await panel.network.get("\(panel.path)/members", as: member).items[0]["is_onboarded"] == false)
        }
    }

    @Test func `A buddy and a contact are seen by those concerned, and go with whoever leaves`() async throws {
        try await ConvenedPanel.with(seats: 3) { panel in
            let (member, buddy) = (panel.members[0], panel.members[1])
            let support = "\(panel.path)/members/\(member.id)/support"
            func choose(_ part: String, _ person: TestPerson) async throws -> TestResponse {
                try await panel.network.send(.put, support, ["part": .string(part), "supporter_id": .string(person.id)])
            }
            #expect(try await choose("buddy", member).status == 422)
            _ = try await choose("buddy", buddy).expecting(200)
            let chosen = try await choose("contact", panel.network.administrator).expecting(200).json
            #expect(chosen["buddy_id"] == .string(buddy.id) && chosen["contact_id"] == .string(panel.network.administrator.id))
            let before = try await panel.network.get("\(panel.path)/members", as: member).items
            #expect(before.map { $0["buddy_id"] } == [.string(buddy.id)])

            let supported = try await panel.network.get("\(panel.path)/support", as: buddy).items
            #expect(supported.map { $0["person_id"] } == [.string(member.id)] && supported[0]["part"] == "buddy")
            #expect(try await panel.network.get("\(panel.path)/support", as: panel.members[2]).items.isEmpty)

            try await panel.withdraw(buddy)
            #expect(try await choose("buddy", buddy).status == 409)
            let after = try await panel.network.get("\(panel.path)/members", as: member).items
            #expect(after.map { $0["buddy_id"] } == [.null])
            // Nothing is asked any more of whoever leaves.
            try await panel.withdraw(member)
            let open = try await panel.network.server.superuser.query(
                "select count(*) from expert_panels.onboarding_items where person_id = \(member.id)::text::uuid and state = 'open'"
            ).decode(Int.self)
            #expect(open == [0])
            let left = try await panel.network.server.superuser.query("select count(*) from expert_panels.support").decode(Int.self)
            #expect(left == [0])
        }
    }
}
