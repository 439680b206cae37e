import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct ComplaintTests {
    private func complain(_ scene: RightsScene, about: TestPerson? = nil) async throws -> String {
        try await scene.network.post(
            "/complaints",
            about.map { ["summary": "Quillwort happened", "about_person_id": .string($0.id)] } ?? ["summary": "Quillwort happened"],
            as: scene.person
        ).expecting(201).id
    }

    @Test func `A complaint is acknowledged, taken on, discussed and closed, and the complainant sees each step`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            let handler = try await network.person(.complaintsHandler)
            let complaint = try await complain(scene)
            let path = "/complaints/\(complaint)"
            func state() async throws -> JSON? { try await network.get(path, as: scene.person).expecting(200).json["state"] }
            #expect(try await state() == "received")
            #expect(try await network.post("\(path)/close", ["outcome": "upheld", "words": "W"], as: handler).status == 409)
            _ = try await network.post("\(path)/acknowledge", as: handler).expecting(200)
            #expect(try await state() == "acknowledged")
            #expect(try await network.post("\(path)/acknowledge", as: handler).status == 409)
            _ = try await network.post("\(path)/take-on", as: handler).expecting(200)
            #expect(try await state() == "investigating")
            _ = try await network.post("\(path)/entries", ["words": "What did you see?"], as: handler).expecting(200)
            _ = try await network.post("\(path)/entries", ["words": "Nobody came."], as: scene.person).expecting(200)
            _ = try await network.post("\(path)/close", ["outcome": "partly_upheld", "words": "We will ring back."], as: handler).expecting(
                200)
            #expect(try await network.get(path, as: scene.person).json["outcome"] == "partly_upheld")
            let steps = try await network.get("\(path)/entries", as: scene.person).items.compactMap { $0["step"]?.string }
            #expect(steps == ["acknowledged", "taken_on", "note", "note", "closed"])
            #expect(try await network.post("\(path)/withdraw", as: scene.person).status == 409)
        }
    }

    @Test func `Nobody but the complainant and those who handle complaints reads one, and its subject neither`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            let subject = try await network.person(.complaintsHandler)
            let complaint = try await complain(scene, about: subject)
            _ = try await network.post("/complaints/\(complaint)/entries", ["words": "Quillwort again"], as: scene.person).expecting(200)
            let facilitator = try await network.person(.facilitator, .safeguardingLead, .auditor)
            for person in [network.administrator, facilitator, subject, scene.coordinator] {
                for path in [
                    "/complaints", "/complaints/\(complaint)", "/complaints/\(complaint)/entries", "/audit-entries", "/complaint-counts",
                ] {
                    let answer = try await network.get(path, as: person)
                    #expect(!answer.text.contains("Quillwort"), "\(path)")
                }
                #expect(try await network.get("/complaints/\(complaint)", as: person).status == 404)
                #expect(try await network.post("/complaints/\(complaint)/entries", ["words": "W"], as: person).status == 404)
            }
            for act in ["acknowledge", "take-on"] {
                #expect(try await network.post("/complaints/\(complaint)/\(act)", as: subject).status == 404)
            }
            let handler = try await network.person(.complaintsHandler)
            #expect(try await network.get("/complaints/\(complaint)", as: handler).json["summary"] == "Quillwort happened")
            // In no answer that is kept for a repeated request, and in no event.
            let key = HTTPField.Name("Idempotency-Key")!
            _ = try await network.post("/complaints", ["summary": "Quillwort kept"], as: scene.person, headers: [key: "once"]).expecting(
                201)
            let traces = try await network.server.superuser.query(
                """
                select count(*) from (select k::text as t from kith.idempotency_keys k union all select e::text from kith.events e
                    union all select a::text from kith.audit_entries a) x where t like '%Quillwort%'
                """
            ).decode(Int.self)
            #expect(traces == [0])
            // Nor for whoever has the database and not the keyring, in any form of the words.
            let stored = try await network.server.superuser.query(
                """
                select count(*) from (select encode(summary, 'escape') as t from kith.complaints
                    union all select encode(words, 'escape') from kith.complaint_entries) x where t like '%Quillwort%'
                """
            ).decode(Int.self)
            #expect(stored == [0])
        }
    }

    @Test func `A complaint that nobody may answer says so, and the administrators hear that somebody is needed`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            func waiting() async throws -> Int? {
                try await network.server.superuser.query(
                    """
                    select count(*) from kith.messages where template = 'core.something_waits'
                        and person_id = \(network.administrator.id)::text::uuid
                    """
                ).decode(Int.self).first
            }
            _ = try await network.server.superuser.query(
                "update kith.people set email = 'ada@example.org' where person_id = \(network.administrator.id)::text::uuid")
            let subject = try await network.person(.complaintsHandler)
            let alone = try await network.post(
                "/complaints", ["summary": "W", "about_person_id": .string(subject.id)], as: scene.person
            ).expecting(201)
            #expect(alone.json["can_be_answered"] == false)
            #expect(try await waiting() == 1)
            #expect(try await network.post("/complaints", ["summary": "W"], as: scene.person).json["can_be_answered"] == true)
            #expect(try await network.post("/complaints", ["summary": "My own"], as: subject).json["can_be_answered"] == false)
            _ = try await network.person(.complaintsHandler)
            #expect(try await network.get("/complaints/\(alone.id)", as: scene.person).json["can_be_answered"] == true)
            #expect(try await waiting() == 2)
        }
    }

    @Test func `The words of one complaint do not open in the place of another`() async throws {
        try await RightsScene.with { scene in
            let first = try await complain(scene)
            let other = try await scene.network.post("/complaints", ["summary": "Another"]).expecting(201).id
            _ = try await scene.network.server.superuser.query(
                """
                update kith.complaints set summary = (select c.summary from kith.complaints c where c.complaint_id = \(first)::text::uuid)
                where complaint_id = \(other)::text::uuid
                """)
            let moved = try await scene.network.get("/complaints/\(other)")
            #expect(moved.status == 503)
            #expect(!moved.text.contains("Quillwort"))
        }
    }

    @Test func `The acknowledgement is due after the days that the law gives from its date`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            let handler = try await network.person(.complaintsHandler)
            let complaint = try await complain(scene)
            let received = try await network.get("/complaints/\(complaint)", as: scene.person).json
            #expect(received["is_overdue"] == false)
            let days = try await network.server.superuser.query("select acknowledge_by - received_on from kith.complaints").decode(Int.self)
            #expect(days == [30])
            _ = try await network.server.superuser.query(
                """
                insert into kith.policy_figures (figure, effective_from, value, source)
                values ('complaint_acknowledgement_days', current_date, 14, 'A test')
                """)
            let body: JSON = [
                "summary": "By letter", "channel": "paper", "complainant": "A neighbour, 1 Fernlane", "received_on": "2026-08-01",
            ]
            let old = try await network.post("/complaint-records", body, as: handler).expecting(200).json
            #expect(old["acknowledge_by"] == "2026-08-31")
            #expect(old["is_overdue"] == true)
            let new = try await complain(scene)
            let due = try await network.server.superuser.query(
                "select acknowledge_by - received_on from kith.complaints where complaint_id = \(new)::text::uuid"
            ).decode(Int.self)
            #expect(due == [14])
            let overdue = try await network.get("/complaints?overdue=true", as: handler).items
            #expect(overdue.map { $0["id"] } == [old["id"]])
            let counts: JSON = ["open": 3, "unacknowledged": 3, "overdue": 1, "handlers": 1]
            #expect(try await network.get("/complaint-counts").json == counts)
            #expect(try await network.get("/complaint-counts", as: scene.person).status == 403)
        }
    }

    @Test func `Only those who handle complaints write one down for others, and none about themselves`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            let handler = try await network.person(.complaintsHandler)
            let body: JSON = ["summary": "S", "channel": "paper", "complainant": "Outside"]
            #expect(try await network.post("/complaint-records", body).status == 403)
            let own = body.object?.merging(["about_person_id": .string(handler.id)]) { $1 } ?? [:]
            #expect(try await network.post("/complaint-records", .object(own), as: handler).status == 403)
            let both = body.object?.merging(["raised_by": .string(scene.person.id)]) { $1 } ?? [:]
            let twoComplainants = try await network.post("/complaint-records", .object(both), as: handler)
            #expect(twoComplainants.pointers == ["/complainant"])
        }
    }

    @Test func `A complainant takes a complaint back without a reason`() async throws {
        try await RightsScene.with { scene in
            let handler = try await scene.network.person(.complaintsHandler)
            let complaint = try await complain(scene)
            #expect(try await scene.network.post("/complaints/\(complaint)/withdraw", as: handler).status == 409)
            #expect(try await scene.network.post("/complaints/\(complaint)/withdraw", as: scene.person).json["outcome"] == "withdrawn")
        }
    }
}
