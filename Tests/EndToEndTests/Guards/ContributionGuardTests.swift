import Kith
import KithTesting
import Postgres
import Testing

/// What the database itself takes without a name, and counts, one condition at a time.
@Suite struct ContributionGuardTests {
    private func id(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

    /// How the database answers to whoever contributes without a name, whatever the server asks for.
    private func attempt(
        _ panel: ConvenedPanel, _ question: String, _ choice: String?, as person: TestPerson? = nil, in network: TestNetwork? = nil
    )
        async -> String
    {
        do {
            _ = try await (network ?? panel.network).asServer(
                person ?? panel.members[0],
                "select expert_panels.contribute_anonymously(\(question)::text::uuid, \(choice)::text, 'Because.')")
            return "taken"
        } catch { return error.sqlState?.rawValue ?? "\(error)" }
    }

    @Test func `What has no name is taken from members, while such a question is open, for one of its options`() async throws {
        try await ConvenedPanel.with(seats: 2) { panel in
            let vote = id(try await panel.ask("vote", ["is_anonymous": true, "options": ["red", "blue"]]))
            let view = id(try await panel.ask("view", ["is_anonymous": true]))
            let named = id(try await panel.ask("vote"))
            let closed = try await panel.ask("view", ["is_anonymous": true])
            _ = try await panel.close(closed)
            let other = try await panel.network.server.makeNetwork(named: "Elsewhere")
            #expect(await attempt(panel, vote, "green") == "KH409")
            #expect(await attempt(panel, vote, nil) == "KH409")
            #expect(await attempt(panel, view, "red") == "KH409")
            #expect(await attempt(panel, named, "yes") == "KH409")
            #expect(await attempt(panel, id(closed), nil) == "KH409")
            #expect(await attempt(panel, "0190c7a4-0000-7000-8000-000000000000", nil) == "KH409")
            #expect(await attempt(panel, view, nil, as: other.administrator, in: other) == "KH409")
            #expect(await attempt(panel, view, nil, as: panel.network.administrator) == "KH403")
            #expect(await attempt(panel, vote, "red") == "taken")
            let first = try await rows(panel, vote)
            #expect(await attempt(panel, view, nil) == "taken")
            // What was said to another question is left as it lies.
            #expect(try await rows(panel, vote) == first)
            _ = try await panel.network.server.superuser.query("update expert_panels.panel_questions set closes_at = now()")
            #expect(await attempt(panel, vote, "blue", as: panel.members[1]) == "KH409")
            // Its time is over, so the count is told.
            #expect(try await panel.network.get("\(panel.path)/questions/\(vote)").json["choices"] == ["red": 1])
        }
    }

    @Test func `Those who contribute without a name wait for each other`() async throws {
        try await ConvenedPanel.with(seats: 1) { panel in
            let question = try await panel.ask("view", ["is_anonymous": true])
            let answer = try await panel.network.whileHeld(
                "expert_panels.panel_questions where question_id = \(id(question))::text::uuid"
            ) { try await panel.say(question, ["words": "Quillwort"], as: panel.members[0]) }
            #expect(answer.status == 200)
        }
    }

    private func rows(_ panel: ConvenedPanel, _ question: String) async throws -> [String] {
        try await panel.network.server.superuser.query(
            """
            select xmin::text from expert_panels.contributors where question_id = \(question)::text::uuid
            union all select xmin::text from expert_panels.anonymous_contributions where question_id = \(question)::text::uuid
            """
        ).decode(String.self)
    }

    @Test func `A tally counts one question of its own network`() async throws {
        try await ConvenedPanel.with(seats: 2) { panel in
            var questions: [String] = []
            for isAnonymous in [true, false] {
                let question = try await panel.ask("vote", ["is_anonymous": .bool(isAnonymous), "options": ["red", "blue"]])
                let other = try await panel.ask("vote", ["is_anonymous": .bool(isAnonymous), "options": ["red", "blue"]])
                for person in panel.members { _ = try await panel.say(question, ["choice": "red"], as: person).expecting(200) }
                _ = try await panel.say(other, ["choice": "blue"], as: panel.members[0]).expecting(200)
                #expect(try await panel.network.get(other).json["choices"] == .null)
                #expect(try await panel.close(question)["choices"] == ["red": 2])
                #expect(try await panel.network.get(other).json["is_open"] == true)
                questions.append(id(question))
            }
            let elsewhere = try await panel.network.server.makeNetwork(named: "Elsewhere")
            for question in questions {
                let counted = try await elsewhere.asServer(
                    elsewhere.administrator, "select answers from expert_panels.tally(\(question)::text::uuid)")
                #expect(try counted[0].decode(Int.self) == [0])
            }
        }
    }
}
