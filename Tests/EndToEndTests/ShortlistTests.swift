import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct ShortlistTests {
    @Test func `Two people score without names and without each other, then one line is drawn for all`() async throws {
        try await ShortlistScene.with { scene in
            let (first, second) = (scene.scorers[0], scene.scorers[1])
            #expect(try await scene.open.call.freeze().status == 409)
            // A declaration comes first.
            #expect(try await scene.score(0, [5, 5], as: first).status == 403)
            for person in scene.scorers { _ = try await scene.declare(as: person).expecting(200) }
            let material = try await scene.open.network.get("\(scene.path)/interests", as: first).expecting(200)
            #expect(material.items.count == 3 && !material.text.contains("Ada") && !material.text.contains("wards"))
            // Also for those who run the panel, while they score.
            let list = try await scene.open.network.get("\(scene.open.call.path)/interests", as: second).expecting(200)
            #expect(list.items.count == 3 && !list.text.contains("Ada"))
            #expect(try await scene.score(0, [5, 6], as: first).status == 422)
            for (index, points) in [[5, 5], [4, 4], [0, 1]].enumerated() {
                _ = try await scene.score(index, points, as: first).expecting(200)
            }
            #expect(try await scene.finish(as: first).status == 409)
            try await scene.open.close()
            _ = try await scene.finish(as: first).expecting(200)
            #expect(try await scene.score(0, [0, 0], as: first).status == 403)
            #expect(try await scene.open.network.get("\(scene.path)/assessments", as: second).items.isEmpty)
            #expect(try await scene.open.network.get("\(scene.path)/assessments").items.isEmpty)
            #expect(try await scene.decide(5).status == 409)
            for (index, points) in [[5, 4], [3, 3], [1, 1]].enumerated() {
                _ = try await scene.score(index, points, as: second).expecting(200)
            }
            _ = try await scene.finish(as: second).expecting(200)
            #expect(try await scene.open.network.get("\(scene.path)/assessments", as: first).items.count == 6)
            let decided = try await scene.decide(5).expecting(200).json
            #expect(decided["deciders"] == 2 && decided["deciders_counted"] == 0 && decided["deciders_percent"] == 50)
            #expect(try await scene.decide(1).status == 409)
            let left = try await scene.open.network.get("\(scene.open.call.path)/exclusions").items
            #expect(left.map { $0["reason"] } == ["On average 1.5 points; the line for everybody was 5."])
            let id = left[0]["id"]?.string ?? ""
            #expect(
                try await scene.open.network.post("\(scene.open.call.path)/exclusions/\(id)/lift", ["reason": "A favour"]).status == 409)
            #expect(try await scene.open.call.freeze().expecting(201).json["volunteers"] == 2)
        }
    }

    @Test func `Feedback is offered to whoever was not chosen, and given to whoever asks`() async throws {
        try await ShortlistScene.with { scene in
            let path = "\(scene.open.call.path)/interests/\(scene.interests[2].id)/feedback"
            #expect(try await scene.open.server.post("\(scene.open.own)/feedback", token: scene.interests[2].secret).status == 409)
            try await scene.open.close()
            for person in scene.scorers {
                _ = try await scene.declare(as: person).expecting(200)
                for (index, points) in [[5, 5], [5, 5], [0, 0]].enumerated() {
                    _ = try await scene.score(index, points, as: person).expecting(200)
                }
                _ = try await scene.finish(as: person).expecting(200)
            }
            _ = try await scene.decide(5).expecting(200)
            #expect(try await scene.open.network.send(.put, path, ["feedback": "Unasked"]).status == 409)
            _ = try await scene.open.server.post("\(scene.open.own)/feedback", token: scene.interests[2].secret).expecting(200)
            #expect(try await scene.open.server.post("\(scene.open.own)/feedback", token: scene.interests[0].secret).status == 409)
            let waiting = try await scene.open.network.get("\(scene.open.call.path)/interests?wants_feedback=true").items
            #expect(waiting.map { $0["id"] } == [.string(scene.interests[2].id)])
            _ = try await scene.open.network.send(.put, path, ["feedback": "Say more of yourself."]).expecting(200)
            let own = try await scene.open.server.get(scene.open.own, token: scene.interests[2].secret).json
            #expect(own["feedback"] == "Say more of yourself.")
        }
    }

    @Test func `A declared conflict keeps somebody from scoring until it expires, and one more person scores`() async throws {
        try await ShortlistScene.with { scene in
            let (first, second) = (scene.scorers[0], scene.scorers[1])
            _ = try await scene.declare(as: second).expecting(200)
            _ = try await scene.declare([["interest_id": .string(scene.interests[0].id), "kind": "family"]], as: first).expecting(200)
            #expect(try await scene.score(0, [5, 5], as: first).status == 403)
            #expect(try await scene.open.network.get("\(scene.path)/interests", as: first).items.count == 2)
            try await scene.open.close()
            for index in 0..<3 {
                for person in scene.scorers where index > 0 || person.id == second.id {
                    _ = try await scene.score(index, [5, 5], as: person).expecting(200)
                }
            }
            for person in scene.scorers { _ = try await scene.finish(as: person).expecting(200) }
            #expect(try await scene.decide(5).status == 409)
            let third = try await scene.open.network.person(.participant)
            _ = try await scene.open.network.post("\(scene.path)/people", ["person_id": .string(third.id)]).expecting(200)
            #expect(try await scene.open.network.get("\(scene.path)/assessments", as: third).items.isEmpty)
            _ = try await scene.declare(as: third).expecting(200)
            for index in 0..<3 { _ = try await scene.score(index, [4, 4], as: third).expecting(200) }
            _ = try await scene.finish(as: third).expecting(200)
            _ = try await scene.decide(5).expecting(200)
        }
    }

    @Test func `A declaration and a conflict hold until they expire`() async throws {
        try await ShortlistScene.with { scene in
            let first = scene.scorers[0]
            _ = try await scene.declare([["interest_id": .string(scene.interests[0].id), "kind": "family"]], as: first).expecting(200)
            _ = try await scene.open.server.superuser.query("update expert_panels.conflicts set expires_on = current_date - 1")
            _ = try await scene.score(0, [5, 5], as: first).expecting(200)
            _ = try await scene.open.server.superuser.query(
                "update expert_panels.shortlisters set declaration_expires_on = current_date - 1")
            #expect(try await scene.score(1, [5, 5], as: first).status == 403)
        }
    }

    @Test func `Nobody scores themselves, and one person alone is no shortlist`() async throws {
        try await ShortlistScene.with { scene in
            let other = try await scene.open.network.person(.participant)
            _ = try await scene.open.network.post("/people/me/interests", ["secret": .string(scene.interests[0].secret)], as: other)
                .expecting(200)
            #expect(try await scene.open.network.post("\(scene.path)/people", ["person_id": .string(other.id)]).status == 409)
            let alone: JSON = ["criteria": ["One"], "shortlister_ids": [.string(other.id)]]
            #expect(try await scene.open.network.post(scene.path, alone).status == 422)
            #expect(try await scene.declare(as: other).status == 403)
        }
    }

    @Test func `The database shows nobody another's points before all are done, and takes none in somebody else's name`() async throws {
        try await ShortlistScene.with { scene in
            let (first, second) = (scene.scorers[0], scene.scorers[1])
            for person in scene.scorers { _ = try await scene.declare(as: person).expecting(200) }
            for index in 0..<3 { _ = try await scene.score(index, [5, 5], as: first).expecting(200) }
            _ = try await scene.score(0, [1, 1], as: second).expecting(200)
            try await scene.open.close()
            func attempt(_ person: String, _ statement: Query) async -> String {
                do {
                    let rows = try await scene.open.server.app.batch([
                        "select set_config('kith.network', \(scene.open.network.id), true), set_config('kith.person', \(person), true)",
                        statement,
                    ])[1]
                    return "\(rows.affected)"
                } catch { return error.sqlState?.rawValue ?? "\(error.code)" }
            }
            let all: Query = "select from expert_panels.assessments"
            let administrator = scene.open.network.administrator.id
            #expect(await attempt(first.id, all) == "3")
            #expect(await attempt(second.id, all) == "1")
            #expect(await attempt(administrator, all) == "0")
            _ = try await scene.finish(as: first).expecting(200)
            #expect(await attempt(second.id, all) == "1")
            let forged: Query = """
                insert into expert_panels.assessments (network_id, assessment_id, interest_id, person_id, shortlist_id, points)
                select network_id, gen_random_uuid(), \(scene.interests[1].id)::text::uuid, \(second.id)::text::uuid, shortlist_id, '{0,0}'
                from expert_panels.shortlists
                """
            #expect(await attempt(first.id, forged) == "42501")
            #expect(await attempt(first.id, "update expert_panels.assessments set points = '{0,0}'") == "42501")
            #expect(
                await attempt(second.id, "update expert_panels.assessments set points = '{0,0}' where person_id <> kith.current_person()")
                    == "0")
            // Nor does anybody finish for another, which would show it all.
            let hurry: Query = "update expert_panels.shortlisters set finished_at = now() where finished_at is null"
            #expect(await attempt(first.id, hurry) == "42501")
            #expect(await attempt(second.id, "select from expert_panels.interest_contacts") == "0")
            #expect(await attempt(administrator, "select from expert_panels.interest_contacts") == "3")
            for index in 1..<3 { _ = try await scene.score(index, [1, 1], as: second).expecting(200) }
            _ = try await scene.finish(as: second).expecting(200)
            #expect(await attempt(administrator, all) == "6")
        }
    }
}
