import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

/// What the database itself lets those who shortlist see and write, one condition at a time.
@Suite struct ShortlistGuardTests {
    /// What the functions behind the policies say.
    private struct Guards {
        let scene: ShortlistScene
        let shortlist: String

        init(_ scene: ShortlistScene) async throws {
            self.scene = scene
            shortlist = try await scene.open.network.get(scene.path).expecting(200).id
        }

        private func asks(_ person: TestPerson, _ question: Query) async throws -> Bool? {
            try await scene.open.network.asServer(person, question)[0].decode(Bool?.self).first ?? nil
        }

        func mayAssess(_ interest: String? = nil, _ shortlist: String? = nil, as person: TestPerson? = nil) async throws -> Bool? {
            let (list, offered) = (shortlist ?? self.shortlist, interest ?? scene.interests[0].id)
            return try await asks(
                person ?? scene.scorers[0], "select expert_panels.may_assess(\(list)::text::uuid, \(offered)::text::uuid)")
        }

        func isShortlisting(_ interest: String? = nil) async throws -> Bool? {
            let offered = interest ?? scene.interests[0].id
            return try await asks(scene.scorers[0], "select expert_panels.is_shortlisting(\(offered)::text::uuid)")
        }

        func isSettled() async throws -> Bool? {
            try await asks(scene.scorers[0], "select expert_panels.is_settled(\(shortlist)::text::uuid)")
        }

        /// Changes something behind the server's back.
        func change(_ statement: Query) async throws { _ = try await scene.open.server.superuser.query(statement) }

        /// A second call of the panel whose shortlist has the same people, who have declared there too.
        func another() async throws -> String {
            let network = scene.open.network
            let call = try await network.post(
                "\(scene.open.call.panelPath)/opportunities", ["title": "Another", "description": "As well", "seats": 1]
            ).expecting(201).id
            let path = "\(scene.open.call.panelPath)/opportunities/\(call)/shortlist"
            let people = JSON.array(scene.scorers.map { .string($0.id) })
            let made = try await network.post(path, ["criteria": ["One"], "shortlister_ids": people]).expecting(200).id
            _ = try await network.send(.put, "\(path)/declaration", ["conflicts": []], as: scene.scorers[0]).expecting(200)
            return made
        }
    }

    // Whose an expression of interest is does not change; here it does.
    private static func giving(_ interest: String, to person: String) -> Query {
        Query(
            raw: """
                do $$ begin
                    alter table expert_panels.interests disable trigger keep_person;
                    update expert_panels.interests set person_id = '\(person)' where interest_id = '\(interest)';
                    alter table expert_panels.interests enable trigger keep_person;
                end $$
                """)
    }

    @Test func `Whether somebody may score hangs on each of its conditions`() async throws {
        try await ShortlistScene.with { scene in
            let guards = try await Guards(scene)
            for person in scene.scorers { _ = try await scene.declare(as: person).expecting(200) }
            #expect(try await guards.mayAssess() == true)
            let (first, second) = (scene.scorers[0].id, scene.scorers[1].id)
            let (interest, other) = (scene.interests[0].id, scene.interests[1].id)
            let (one, offer): (Query, Query) = ("person_id = \(first)::text::uuid", "interest_id = \(interest)::text::uuid")
            for (taken, given): (Query, Query) in [
                (
                    "update expert_panels.shortlisters set finished_at = now() where \(query: one)",
                    "update expert_panels.shortlisters set finished_at = null"
                ),
                (
                    "update expert_panels.shortlisters set ended_at = now() where \(query: one)",
                    "update expert_panels.shortlisters set ended_at = null"
                ),
                ("update expert_panels.shortlists set decided_at = now()", "update expert_panels.shortlists set decided_at = null"),
                (
                    "update expert_panels.interests set sent_at = null where \(query: offer)",
                    "update expert_panels.interests set sent_at = now() where \(query: offer)"
                ),
                (Self.giving(interest, to: first), Self.giving(interest, to: second)),
                (
                    """
                    insert into expert_panels.exclusions (network_id, exclusion_id, volunteer_id, stage, reason)
                    select network_id, gen_random_uuid(), volunteer_id, 'conflict', 'No' from expert_panels.interests where \(query: offer)
                    """,
                    "update expert_panels.exclusions set lifted_at = now(), lifted_by = \(second)::text::uuid, lifted_reason = 'Yes'"
                ),
                (
                    """
                    insert into expert_panels.conflicts (network_id, conflict_id, interest_id, person_id, kind, expires_on)
                    select network_id, gen_random_uuid(), interest_id, \(first)::text::uuid, 'family', current_date
                    from expert_panels.interests where \(query: offer)
                    """,
                    // Of somebody else, and about somebody else.
                    """
                    with moved as (update expert_panels.conflicts set person_id = \(second)::text::uuid)
                    insert into expert_panels.conflicts (network_id, conflict_id, interest_id, person_id, kind, expires_on)
                    select network_id, gen_random_uuid(), interest_id, \(first)::text::uuid, 'family', current_date
                    from expert_panels.interests where interest_id = \(other)::text::uuid
                    """
                ),
            ] {
                try await guards.change(taken)
                #expect(try await guards.mayAssess() == false, "\(taken)")
                try await guards.change(given)
                #expect(try await guards.mayAssess() == true, "\(given)")
            }
            // Somebody else who is left out keeps nobody from scoring this one.
            try await guards.change(
                """
                insert into expert_panels.exclusions (network_id, exclusion_id, volunteer_id, stage, reason)
                select network_id, gen_random_uuid(), volunteer_id, 'conflict', 'No' from expert_panels.interests
                where interest_id = \(other)::text::uuid
                """)
            #expect(try await guards.mayAssess() == true)
            #expect(try await guards.mayAssess("0190c7a4-0000-7000-8000-000000000000") == false)
            #expect(try await guards.mayAssess(as: scene.open.network.administrator) == false)
            let elsewhere = try await guards.another()
            #expect(try await guards.mayAssess(nil, elsewhere) == false)
            try await guards.change("update expert_panels.interests set withdrawn_at = now() where \(query: offer)")
            #expect(try await guards.mayAssess() == false)
        }
    }

    @Test func `Points are shown when two or more are done, and all of those who still score for the call`() async throws {
        try await ShortlistScene.with { scene in
            let guards = try await Guards(scene)
            _ = try await guards.another()
            let (first, second) = (scene.scorers[0].id, scene.scorers[1].id)
            #expect(try await guards.isSettled() == false)
            let finish: Query =
                "update expert_panels.shortlisters set finished_at = now() where shortlist_id = \(guards.shortlist)::text::uuid"
            try await guards.change("\(query: finish) and person_id = \(first)::text::uuid")
            #expect(try await guards.isSettled() == false)
            // One alone is not enough.
            try await guards.change("update expert_panels.shortlisters set ended_at = now() where person_id = \(second)::text::uuid")
            #expect(try await guards.isSettled() == false)
            // Whoever has gone is not waited for.
            let third = try await scene.open.network.person(.participant)
            _ = try await scene.open.network.post("\(scene.path)/people", ["person_id": .string(third.id)]).expecting(200)
            try await guards.change("\(query: finish) and person_id = \(third.id)::text::uuid")
            #expect(try await guards.isSettled() == true)
        }
    }

    @Test func `Names are kept from those who shortlist, of this call, until it is decided or they have gone`() async throws {
        try await ShortlistScene.with { scene in
            let guards = try await Guards(scene)
            #expect(try await guards.isShortlisting() == true)
            #expect(try await guards.isShortlisting("0190c7a4-0000-7000-8000-000000000000") == false)
            for column: Query in ["shortlisters set ended_at", "shortlists set decided_at"] {
                try await guards.change("update expert_panels.\(query: column) = now()")
                #expect(try await guards.isShortlisting() == false)
                try await guards.change("update expert_panels.\(query: column) = null")
            }
        }
    }
}
