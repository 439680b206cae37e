import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

/// What only the person reads, or those with whom they share it: in their own copy, in no administrator's, and gone with an erasure.
@Suite struct ConfidentialDataTests {
    private static let canary = "Quillwort"

    /// Somebody of whom there is one of everything that is kept in confidence.
    private static func fill(_ scene: RightsScene) async throws -> String {
        let network = scene.network
        try await scene.decide()
        try await scene.decide("core.equality_monitoring")
        _ = try await network.server.put(network.path("/people/me/monitoring"), ["age": "45_54"], token: scene.person.token)
            .expecting(204)
        let need = try await scene.need()
        _ = try await network.post("/access-needs/\(need)/review", ["still_needed": true], as: scene.person).expecting(200)
        _ = try await network.post(
            "/people/\(scene.person.id)/access-enquiries", ["outcome": "has_needs"], as: scene.coordinator
        ).expecting(200)
        try await scene.invite(scene.person, to: scene.meeting().id)
        let complaint = try await network.post("/complaints", ["summary": .string("\(canary) happened")], as: scene.person).expecting(201)
            .id
        _ = try await network.post("/complaints/\(complaint)/entries", ["words": .string("\(canary) again")], as: scene.person)
            .expecting(200)
        let space = try await network.post(
            "/spaces", ["name": "Circle", "convenor_ids": [.string(scene.person.id)]], as: network.administrator
        ).expecting(201).id
        _ = try await network.post("/spaces/\(space)/notes", ["text": .string("\(canary) said")], as: scene.person).expecting(201)
        return complaint
    }

    @Test func `What is kept in confidence stands in the copy that the person asks for, and in no administrator's`() async throws {
        try await RightsScene.with(worker: true) { scene in
            let network = scene.network
            _ = try await Self.fill(scene)
            let second = try await network.secondAdministrator()
            func copy(_ asked: TestResponse, as who: TestPerson) async throws -> String {
                try await network.done(asked.id, as: who)
                let file = try await network.post(
                    "/data-requests/\(asked.id)/download", ["code": asked.json["code"] ?? .null], as: who
                ).expecting(200)
                return try unzipped(file.body).map { $0.value }.joined()
            }
            let own = try await copy(network.post("/people/me/exports", as: scene.person).expecting(202), as: scene.person)
            for word in ["Quillwort happened", "Quillwort again", "Quillwort said", "Quillwort, please", "45_54", "has_needs"] {
                #expect(own.contains(word), "\(word)")
            }
            let asked = try await network.post("/people/\(scene.person.id)/exports", ["reason": "A court has ordered it"]).expecting(202)
            _ = try await network.post("/data-requests/\(asked.id)/approve", as: second).expecting(200)
            let theirs = try await copy(asked, as: network.administrator)
            #expect(theirs.contains("Your name and how to reach you"))
            for word in ["Quillwort", "45_54", "has_needs", "bsl_interpreter"] { #expect(!theirs.contains(word), "\(word)") }
        }
    }

    @Test func `What somebody wrote in spaces that they have left, and in their concerns, is in their own copy and in no other`()
        async throws
    {
        try await RightsScene.with(worker: true) { scene in
            let network = scene.network
            _ = try await network.person(.safeguardingLead)
            let space = try await network.post(
                "/spaces", ["name": "Circle", "convenor_ids": [.string(scene.person.id), .string(scene.coordinator.id)]]
            ).expecting(201).id
            _ = try await network.post("/spaces/\(space)/notes", ["text": "Quillwort mine"], as: scene.person).expecting(201)
            _ = try await network.post("/spaces/\(space)/notes", ["text": "Quillwort theirs"], as: scene.coordinator).expecting(201)
            let members = try await network.get("/spaces/\(space)/members", as: scene.person).items
            #expect(members.count == 2)
            _ = try await network.delete("/spaces/\(space)/members/\(scene.person.id)", as: scene.person).expecting(204)
            #expect(try await network.get("/spaces/\(space)/notes", as: scene.person).status == 404)
            _ = try await network.post("/concerns", ["text": "Quillwort worry"], as: scene.person).expecting(201)
            let asked = try await network.post("/people/me/exports", as: scene.person).expecting(202)
            try await network.done(asked.id, as: scene.person)
            let file = try await network.post(
                "/data-requests/\(asked.id)/download", ["code": asked.json["code"] ?? .null], as: scene.person
            ).expecting(200)
            let own = try unzipped(file.body).map { $0.value }.joined()
            #expect(own.contains("Quillwort mine") && own.contains("Quillwort worry") && !own.contains("Quillwort theirs"))
            // Without the exercise of a right the door to them is shut, and by that of another's right too.
            for (person, right, notes) in [
                (scene.person, "", 0), (scene.person, scene.person.id, 1), (scene.coordinator, scene.person.id, 0),
                (scene.person, scene.coordinator.id, 0),
            ] {
                let seen = try await network.server.app.batch([
                    """
                    select set_config('kith.network', \(network.id), true), set_config('kith.person', \(person.id), true),
                        set_config('kith.rights', \(right), true)
                    """,
                    "select count(*) from kith.own_notes()",
                ])[1].decode(Int.self)
                #expect(seen == [notes])
            }
        }
    }

    @Test func `An erasure that administrators asked for reaches it too, and leaves the ledgers`() async throws {
        try await RightsScene.with(worker: true) { scene in
            let (network, server) = (scene.network, scene.network.server)
            let complaint = try await Self.fill(scene)
            let handler = try await network.person(.complaintsHandler)
            let second = try await network.secondAdministrator()
            let asked = try await network.post("/people/\(scene.person.id)/erasures", ["reason": "They asked by letter"]).expecting(202)
            _ = try await network.post("/data-requests/\(asked.id)/approve", as: second).expecting(200)
            try await network.makeDue(asked.id)
            try await network.done(asked.id)
            for table in ["monitoring_answers", "access_enquiries", "access_needs", "access_need_history", "meeting_needs"] {
                #expect(try await server.superuser.query("select count(*) from kith.\(raw: table)").decode(Int.self) == [0], "\(table)")
            }
            #expect(try await server.superuser.query("select count(*) from kith.consents").decode(Int.self) == [2])
            let answer = try await network.get("/complaints/\(complaint)", as: handler).expecting(200)
            #expect(answer.json["summary"] == "These words were erased.")
            let entries = try await network.get("/complaints/\(complaint)/entries", as: handler).expecting(200)
            #expect(entries.items.count == 1 && !entries.text.contains(Self.canary))
        }
    }

    @Test func `The words of a closed complaint go after three years, the one from outside too, and not while their use is restricted`()
        async throws
    {
        try await RightsScene.with(worker: true) { scene in
            let (network, server) = (scene.network, scene.network.server)
            let handler = try await network.person(.complaintsHandler)
            let restricted = try await network.person(.participant)
            var complaints: [String] = []
            for who in [scene.person, restricted] {
                complaints.append(try await network.post("/complaints", ["summary": .string(Self.canary)], as: who).expecting(201).id)
            }
            complaints.append(
                try await network.post(
                    "/complaint-records", ["summary": .string(Self.canary), "complainant": .string(Self.canary), "channel": "paper"],
                    as: handler
                ).expecting(200).id)
            for complaint in complaints {
                for act in ["acknowledge", "take-on"] {
                    _ = try await network.post("/complaints/\(complaint)/\(act)", as: handler).expecting(200)
                }
                _ = try await network.post(
                    "/complaints/\(complaint)/close", ["outcome": "upheld", "words": .string(Self.canary)], as: handler
                )
                .expecting(200)
            }
            let open = try await network.post("/complaints", ["summary": "Still open"], as: scene.person).expecting(201).id
            _ = try await network.send(.put, "/people/me/restriction", [:], as: restricted).expecting(200)
            _ = try await server.superuser.query(
                "update kith.complaints set closed_at = now() - interval '4 years' where closed_at is not null")
            let rule = try await network.get("/retention-rules").items.first { $0["name"] == "complaints" }
            #expect(rule?["rows"] == 2)
            let done = try await network.finished(network.post("/retention-rules/run").expecting(202))
            #expect(done["result"]?["erased"]?["complaints"] == 2)
            func text(_ complaint: String) async throws -> String {
                try await network.get("/complaints/\(complaint)", as: handler).text
                    + network.get("/complaints/\(complaint)/entries", as: handler).text
            }
            for complaint in [complaints[0], complaints[2]] { #expect(try await !text(complaint).contains(Self.canary)) }
            #expect(try await text(complaints[1]).contains(Self.canary))
            #expect(try await text(open).contains("Still open"))
        }
    }
}
