import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct ContributionTests {
    @Test func `Views under a name can be changed while the question is open, and are read when it is closed`() async throws {
        try await ConvenedPanel.with(seats: 2) { panel in
            let question = try await panel.ask("view")
            _ = try await panel.say(question, ["words": "Too short."], as: panel.members[0]).expecting(200)
            _ = try await panel.say(question, ["words": "Much too short."], as: panel.members[0]).expecting(200)
            #expect(try await panel.say(question, ["words": "Mine"], as: panel.network.administrator).status == 403)
            #expect(try await panel.say(question, ["choice": "yes"], as: panel.members[1]).status == 422)
            let own = try await panel.network.get("\(question)/contributions", as: panel.members[0]).items
            #expect(own.map { $0["words"] } == ["Much too short."])
            for other in [panel.members[1], panel.network.administrator] {
                #expect(try await panel.network.get("\(question)/contributions", as: other).items.isEmpty)
            }
            #expect(try await panel.close(question)["answers"] == 1)
            let all = try await panel.network.get("\(question)/contributions", as: panel.members[1]).items
            #expect(all.map { $0["person_id"] } == [.string(panel.members[0].id)])
            #expect(try await panel.say(question, ["words": "Late"], as: panel.members[1]).status == 409)
            // Whoever has no part in the panel learns nothing of it.
            let stranger = try await panel.network.person(.participant)
            #expect(try await panel.network.get(question, as: stranger).status == 404)
            #expect(try await panel.network.get("\(question)/contributions", as: stranger).items.isEmpty)
        }
    }

    @Test func `One objection stops a consent round, and says why`() async throws {
        try await ConvenedPanel.with(seats: 3) { panel in
            for (stances, outcome) in [
                (["consent", "stand_aside", "consent"], "carried"), (["consent", "consent", "object"], "not_carried"), ([], "no_answers"),
            ] {
                let question = try await panel.ask("consent")
                #expect(try await panel.say(question, ["choice": "object"], as: panel.members[0]).status == 422)
                #expect(try await panel.say(question, ["choice": "yes"], as: panel.members[0]).status == 422)
                for (person, stance) in zip(panel.members, stances) {
                    _ = try await panel.say(question, ["choice": .string(stance), "words": "Because."], as: person).expecting(200)
                }
                #expect(try await panel.network.get(question).json["choices"] == .null)
                #expect(try await panel.close(question)["outcome"] == .string(outcome))
            }
            let secret: JSON = ["kind": "consent", "title": "T", "is_anonymous": true, "closes_at": "2099-01-01T00:00:00Z"]
            #expect(try await panel.network.post("\(panel.path)/questions", secret).status == 422)
        }
    }

    @Test func `A vote decides for the option with the most votes, and for none where two have as many`() async throws {
        try await ConvenedPanel.with(seats: 3) { panel in
            for (votes, outcome, chosen) in [
                (["red", "red", "blue"], "decided", "red" as JSON), (["red", "blue", "abstain"], "tied", .null),
                (["abstain", "abstain", "blue"], "decided", "blue"),
            ] {
                for secret in [false, true] {
                    let question = try await panel.ask("vote", ["options": ["red", "blue"], "is_anonymous": .bool(secret)])
                    #expect(try await panel.say(question, ["choice": "green"], as: panel.members[0]).status == 422)
                    for (person, vote) in zip(panel.members, votes) {
                        _ = try await panel.say(question, ["choice": .string(vote)], as: person).expecting(200)
                    }
                    let closed = try await panel.close(question)
                    #expect(closed["outcome"] == .string(outcome) && closed["chosen"] == chosen && closed["answers"] == 3)
                }
            }
        }
    }

    @Test func `What is said without a name is said once, and nothing that is kept tells by whom`() async throws {
        try await ConvenedPanel.with(seats: 3) { panel in
            let question = try await panel.ask("view", ["is_anonymous": true])
            for (index, person) in panel.members.enumerated() {
                let answer = try await panel.network.post(
                    "\(question)/contributions", ["words": .string("Quillwort \(index)")], as: person,
                    headers: [HTTPField.Name("Idempotency-Key")!: "key-\(index)"]
                ).expecting(200)
                #expect(answer.json["answers"] == .integer(Int64(index + 1)) && !answer.text.contains("Quillwort"))
            }
            let again = try await panel.say(question, ["words": "Twice"], as: panel.members[0])
            #expect(again.status == 409 && again.text.contains("nobody can tell"))
            #expect(try await panel.network.get("\(question)/contributions", as: panel.members[0]).items.isEmpty)

            let database = panel.network.server.superuser
            // Both tables were written in one transaction, the last, and lie in the order of ids that tell nothing.
            let transactions = try await database.query(
                """
                select count(distinct x) from (select xmin::text as x from expert_panels.contributors
                    union all select xmin::text from expert_panels.anonymous_contributions) t
                """
            ).decode(Int.self)
            #expect(transactions == [1])
            let order = try await database.query(
                """
                select (select array_agg(contribution_id order by ctid) = array_agg(contribution_id order by contribution_id)
                        from expert_panels.anonymous_contributions)
                    and (select array_agg(person_id order by ctid) = array_agg(person_id order by person_id) from expert_panels.contributors)
                    and (select bool_and(substr(contribution_id::text, 15, 1) = '4') from expert_panels.anonymous_contributions)
                """
            ).decode(Bool.self)
            #expect(order == [true])
            // Neither the audit log nor the outbox names anybody for it.
            let named = try await database.query(
                """
                select (select count(*) from kith.audit_entries where action = 'question.answered' and (person_id is not null
                    or account_id is not null or request_id is not null))
                  + (select count(*) from kith.events where kind = 'question.answered' and person_id is not null)
                """
            ).decode(Int.self)
            #expect(named == [0])

            _ = try await panel.close(question)
            let all = try await panel.network.get("\(question)/contributions", as: panel.members[0]).items
            #expect(all.allSatisfy { $0["person_id"] == .null })
            #expect(Set(all.compactMap { $0["words"]?.string }) == ["Quillwort 0", "Quillwort 1", "Quillwort 2"])
        }
    }

    @Test func `Members who answer at the same moment are each counted once`() async throws {
        try await ConvenedPanel.with(seats: 4) { panel in
            let question = try await panel.ask("vote", ["is_anonymous": true])
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for person in panel.members + panel.members {
                    group.addTask { try await panel.say(question, ["choice": "yes"], as: person).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 4 && statuses.filter { $0 == 409 }.count == 4)
            #expect(try await panel.close(question)["choices"] == ["yes": 4])
        }
    }

    @Test func `Whoever has left answers nothing more, and what they said stays`() async throws {
        try await ConvenedPanel.with(seats: 2) { panel in
            let question = try await panel.ask("vote")
            _ = try await panel.say(question, ["choice": "yes"], as: panel.members[0]).expecting(200)
            try await panel.withdraw(panel.members[0])
            #expect(try await panel.say(question, ["choice": "no"], as: panel.members[0]).status >= 403)
            #expect(try await panel.close(question)["choices"] == ["yes": 1])
        }
    }

    /// The database itself keeps to it, whatever the server asks for.
    @Test func `No statement of the server reads who answered, writes for another, or reads before the end`() async throws {
        try await ConvenedPanel.with(seats: 2) { panel in
            let question = try await panel.ask("vote", ["is_anonymous": true])
            let named = try await panel.ask("vote")
            for path in [question, named] { _ = try await panel.say(path, ["choice": "yes"], as: panel.members[0]).expecting(200) }
            let id = named.split(separator: "/").last.map(String.init) ?? ""
            let enter: Query = """
                select set_config('kith.network', \(panel.network.id), true), set_config('kith.person', \(panel.network.administrator.id), true)
                """
            let app = panel.network.server.app
            let seen = try await app.batch([
                enter, "select count(*) from expert_panels.contributors", "select count(*) from expert_panels.anonymous_contributions",
                "select count(*) from expert_panels.contributions",
            ])
            #expect(try seen.dropFirst().flatMap { try $0.decode(Int.self) } == [0, 0, 0])
            for statement: Query in [
                """
                insert into expert_panels.contributions (network_id, question_id, person_id, choice)
                values (\(panel.network.id)::text::uuid, \(id)::text::uuid, \(panel.members[1].id)::text::uuid, 'no')
                """,
                "delete from expert_panels.anonymous_contributions", "delete from expert_panels.contributors",
                "update expert_panels.anonymous_contributions set words = 'x'",
            ] {
                await #expect(throws: PostgresError.self) { _ = try await app.batch([enter, statement]) }
            }
        }
    }
}
