import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct RecommendationTests {
    /// A recommendation of two authors, with a person of the trust who sees to the answer.
    private struct Scene {
        let call: Call
        let authors: [TestPerson]
        let owner: TestPerson
        let id: String

        var path: String { "\(call.panelPath)/recommendations/\(id)" }

        static func with(due: String = "2099-01-01", _ body: @escaping @Sendable (Scene) async throws -> Void) async throws {
            try await Call.with { call in
                let authors = [try await call.network.person(.participant), try await call.network.person(.participant)]
                let owner = try await call.network.person(.observer)
                let trust = try await call.network.post("/organisations", ["name": "The trust", "kind": "nhs_trust"]).expecting(201).id
                let id = try await call.network.post(
                    "\(call.panelPath)/recommendations",
                    [
                        "title": "Quiet rooms <now> *please*", "details": "In every ward.", "asked": 12, "in_favour": 9,
                        "author_ids": .array(authors.map { .string($0.id) }), "organisation_id": .string(trust),
                        "owner_id": .string(owner.id), "due_on": .string(due),
                    ]
                ).expecting(201).id
                try await body(Scene(call: call, authors: authors, owner: owner, id: id))
            }
        }

        func answer(_ body: JSON, as person: TestPerson) async throws -> TestResponse {
            try await call.network.post("\(path)/answers", body, as: person)
        }

        func agree(_ agrees: Bool, as person: TestPerson) async throws -> TestResponse {
            try await call.network.send(.put, "\(path)/opinion", ["agrees": .bool(agrees)], as: person)
        }
    }

    @Test func `A recommendation is answered, and those who made it say whether they agree`() async throws {
        try await Scene.with { scene in
            #expect(try await scene.agree(true, as: scene.authors[0]).status == 409)
            let later = try await scene.answer(["answer": "later", "words": "After the move.", "due_on": "2100-01-01"], as: scene.owner)
                .expecting(200).json
            #expect(later["is_closed"] == false && later["due_on"] == "2100-01-01")
            let answered = try await scene.answer(["answer": "partly", "words": "Two wards of five."], as: scene.owner).expecting(200).json
            #expect(answered["is_closed"] == true && answered["answer"] == "partly")
            _ = try await scene.agree(true, as: scene.authors[0]).expecting(200)
            _ = try await scene.agree(true, as: scene.authors[1]).expecting(200)
            // Minds change; there is one opinion of each.
            let judged = try await scene.agree(false, as: scene.authors[1]).expecting(200).json
            #expect(judged["agree"] == 1 && judged["disagree"] == 1)
            let answers = try await scene.call.network.get("\(scene.path)/answers", as: scene.authors[0]).items
            #expect(answers.map { $0["answer"] } == ["later", "partly"])
        }
    }

    @Test func `Who sees to it and who leads the panel are told once its day has passed, and not where it was answered`() async throws {
        try await Scene.with(due: "2020-01-01") { scene in
            let server = scene.call.network.server
            @Sendable func told() async throws -> String {
                try await eventually("the alert") {
                    try await server.superuser.query(
                        "select result ->> 'told' from kith.jobs where kind = 'expert_panels.alert_owners' and state = 'succeeded'"
                    ).decode(String.self).first
                }
            }
            _ = try await told()
            let alerts: Query = "kind = 'expert_panels.alert_owners'"
            let people = [scene.owner.id, scene.call.network.administrator.id].sorted()
            _ = try await server.superuser.query("update kith.people set email = person_id || '@example.org'")
            try await server.runAgain(alerts)
            #expect(try await told() == "2")
            let messages = try await server.superuser.query(
                "select person_id::text from kith.messages where template = 'expert_panels.answer_overdue' order by 1"
            ).decode(String.self)
            #expect(messages == people.map { $0.lowercased() })
            _ = try await scene.answer(["answer": "done"], as: scene.owner).expecting(200)
            try await server.runAgain(alerts)
            #expect(try await told() == "0")
        }
    }

    @Test func `Only who sees to it answers, and only those who made it judge`() async throws {
        try await Scene.with { scene in
            #expect(try await scene.answer(["answer": "done"], as: scene.authors[0]).status == 403)
            _ = try await scene.answer(["answer": "done"], as: scene.owner).expecting(200)
            #expect(try await scene.agree(true, as: scene.owner).status == 403)
            let facilitator = try await scene.call.network.person(.facilitator)
            _ = try await scene.answer(["answer": "done"], as: facilitator).expecting(200)
        }
    }

    @Test func `An answer that is not “done” says why, and one that puts it off says until when`() async throws {
        try await Scene.with { scene in
            let incomplete: [JSON] = [
                ["answer": "not_done"], ["answer": "later", "words": "Soon."], ["answer": "done", "due_on": "2100-01-01"],
            ]
            for body in incomplete {
                let refused = try await scene.answer(body, as: scene.owner)
                #expect(refused.status == 422, "\(body)")
            }
        }
    }

    @Test func `What is overdue shows until it is answered for good`() async throws {
        try await Scene.with(due: "2020-01-01") { scene in
            let overdue = "\(scene.call.panelPath)/recommendations?overdue=true"
            #expect(try await scene.call.network.get(overdue).items.map { $0["id"] } == [.string(scene.id)])
            _ = try await scene.answer(["answer": "not_done", "words": "There is no room."], as: scene.owner).expecting(200)
            #expect(try await scene.call.network.get(overdue).items.isEmpty)
        }
    }

    @Test func `The register counts, names nobody, and can be published`() async throws {
        try await Scene.with { scene in
            _ = try await scene.answer(["answer": "done", "words": "Built & open."], as: scene.owner).expecting(200)
            _ = try await scene.agree(true, as: scene.authors[0]).expecting(200)
            let path = "\(scene.call.panelPath)/register"
            let register = try await scene.call.network.get(path).json
            #expect(register["closed_share"]?.number == 1 && register["overdue"] == 0 && register["median_days_to_answer"]?.number == 0)
            let page = try await scene.call.network.get("\(path)/page").text
            #expect(page.contains("<h2>Quiet rooms &lt;now&gt; *please*</h2>") && page.contains("Built &amp; open."))
            let text = try await scene.call.network.get("\(path)/text").text
            #expect(text.contains(#"## Quiet rooms \<now\> \*please\*"#) && text.contains("9 of 12 support it"))
            #expect(!page.contains("rests on") && !text.contains("rests on"))
            for person in scene.authors + [scene.owner] {
                for document in [register.description, page, text] { #expect(!document.contains(person.id)) }
            }
        }
    }
}
