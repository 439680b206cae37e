import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

/// What shortlisting refuses, one rule at a time.
@Suite struct ShortlistRuleTests {
    /// Everybody has declared and scored what they may; nobody is done yet, and the call is closed.
    private func scored(_ scene: ShortlistScene, _ people: [TestPerson]) async throws {
        for person in people {
            _ = try await scene.declare(as: person).expecting(200)
            for index in scene.interests.indices { _ = try await scene.score(index, [5, 5], as: person).expecting(200) }
        }
        try await scene.open.close()
    }

    private func add(_ scene: ShortlistScene) async throws -> TestPerson {
        let third = try await scene.open.network.person(.participant)
        _ = try await scene.open.network.post("\(scene.path)/people", ["person_id": .string(third.id)]).expecting(200)
        return third
    }

    @Test func `No shortlist is opened with somebody who offers themselves`() async throws {
        try await OpenCallScene.with { scene in
            let person = try await scene.network.person(.participant)
            guard case .object(var told) = OpenCallScene.draft(), case .object(let declaration) = OpenCallScene.declaration else { return }
            told.merge(declaration) { $1 }
            told.merge(["person_id": .string(person.id), "channel": "phone"]) { $1 }
            let own = try await scene.network.post("\(scene.call.path)/interests", .object(told)).expecting(201).json
            let new: JSON = [
                "criteria": ["One"], "shortlister_ids": [.string(person.id), .string(scene.network.administrator.id)],
            ]
            #expect(try await scene.network.post("\(scene.call.path)/shortlist", new).status == 409)
            // Whoever withdrew what they sent in may score others.
            _ = try await scene.server.post("\(scene.own)/withdraw", token: own["secret"]?.string).expecting(204)
            #expect(try await scene.network.post("\(scene.call.path)/shortlist", new).status == 200)
        }
    }

    @Test func `Nobody joins when the line is drawn, and only those who score say that they are done`() async throws {
        try await ShortlistScene.with { scene in
            try await scored(scene, scene.scorers)
            #expect(try await scene.finish(as: scene.open.network.administrator).status == 403)
            _ = try await scene.finish(as: scene.scorers[0]).expecting(200)
            // All is scored, and one of them may still change their mind.
            #expect(try await scene.decide(5).status == 409)
            _ = try await scene.finish(as: scene.scorers[1]).expecting(200)
            _ = try await scene.decide(5).expecting(200)
            let late = try await scene.open.network.person(.participant)
            #expect(try await scene.open.network.post("\(scene.path)/people", ["person_id": .string(late.id)]).status == 409)
        }
    }

    @Test func `A score does not count once its writer declares a conflict, or scores no more`() async throws {
        try await ShortlistScene.with { scene in
            let third = try await add(scene)
            try await scored(scene, scene.scorers + [third])
            for person in scene.scorers + [third] { _ = try await scene.finish(as: person).expecting(200) }
            let conflict: JSON = [["interest_id": .string(scene.interests[0].id), "kind": "family"]]
            _ = try await scene.declare(conflict, as: scene.scorers[0]).expecting(200)
            _ = try await scene.open.server.superuser.query(
                "update expert_panels.shortlisters set ended_at = now() where person_id = \(third.id)::text::uuid")
            #expect(try await scene.decide(5).status == 409)
            _ = try await scene.open.server.superuser.query("update expert_panels.shortlisters set ended_at = null")
            _ = try await scene.decide(5).expecting(200)
        }
    }

    @Test func `Whoever withdrew needs no scores any more`() async throws {
        try await ShortlistScene.with { scene in
            let (first, second) = (scene.scorers[0], scene.scorers[1])
            let undeclared = try await scene.score(0, [5, 5], as: first)
            #expect(undeclared.status == 403 && undeclared.text.contains("have not declared"))
            try await scored(scene, [first])
            _ = try await scene.declare(as: second).expecting(200)
            for index in 1..<3 { _ = try await scene.score(index, [5, 5], as: second).expecting(200) }
            #expect(try await scene.finish(as: second).status == 409)
            _ = try await scene.open.server.post("\(scene.open.own)/withdraw", token: scene.interests[0].secret).expecting(204)
            for person in scene.scorers { _ = try await scene.finish(as: person).expecting(200) }
            _ = try await scene.decide(5).expecting(200)
        }
    }

    @Test func `A conflict is declared about what was sent in to this call, and a declaration that ran out finishes nothing`() async throws
    {
        try await ShortlistScene.with { scene in
            let first = scene.scorers[0]
            let draft = try await scene.open.begin()
            let id = try await scene.open.server.get(scene.open.own, token: draft).expecting(200).id
            #expect(try await scene.declare([["interest_id": .string(id), "kind": "family"]], as: first).status == 404)
            try await scored(scene, [first])
            _ = try await scene.open.server.superuser.query(
                "update expert_panels.shortlisters set declaration_expires_on = current_date - 1")
            #expect(try await scene.finish(as: first).status == 409)
            _ = try await scene.declare(as: first).expecting(200)
            _ = try await scene.finish(as: first).expecting(200)
        }
    }

    @Test func `Points are listed to those who score, run the panel or audit, and to nobody else`() async throws {
        try await ShortlistScene.with { scene in
            let third = try await add(scene)
            try await scored(scene, scene.scorers + [third])
            for person in scene.scorers + [third] { _ = try await scene.finish(as: person).expecting(200) }
            let list = "\(scene.path)/assessments"
            #expect(try await scene.open.network.get(list, as: third).items.count == 9)
            let stranger = try await scene.open.network.person(.participant)
            #expect(try await scene.open.network.get(list, as: stranger).items.isEmpty)
            _ = try await scene.open.server.superuser.query(
                "update expert_panels.shortlisters set ended_at = now() where person_id = \(third.id)::text::uuid")
            #expect(try await scene.open.network.get(list, as: third).items.isEmpty)
            // Feedback is given by those who run this panel.
            let other = try await scene.open.network.post(
                "/panels", ["programme_id": .string(scene.open.network.programme("Another")), "name": "Another", "purpose": "To advise"]
            ).expecting(201).id
            _ = try await scene.open.server.superuser.query("update expert_panels.interests set feedback_wanted_at = now()")
            let feedback = "/opportunities/\(scene.open.call.id)/interests/\(scene.interests[0].id)/feedback"
            #expect(try await scene.open.network.send(.put, "/panels/\(other)\(feedback)", ["feedback": "No"]).status == 404)
        }
    }

    @Test func `Where the network says so, no line is drawn and no panel by people without lived experience`() async throws {
        try await ShortlistScene.with { scene in
            let network = scene.open.network
            try await scored(scene, scene.scorers)
            for person in scene.scorers { _ = try await scene.finish(as: person).expecting(200) }
            _ = try await network.send(.put, "/modules/expert_panels/settings/power_action", ["value": "block"])
            let refused = try await scene.decide(5)
            #expect(refused.status == 409 && refused.text.contains("selectors"))
            _ = try await network.send(.put, "/modules/expert_panels/settings/power_action", ["value": "flag"])
            _ = try await scene.decide(5).expecting(200)
            let pool = try await scene.open.call.freeze().expecting(201).id
            _ = try await network.send(.put, "/modules/expert_panels/settings/power_action", ["value": "block"])
            let draw = try await network.post("\(scene.open.call.panelPath)/draws", ["pool_id": .string(pool)])
            #expect(draw.status == 409 && draw.text.contains("selectors"))
        }
    }
}
