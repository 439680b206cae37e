import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct AccessNeedTests {
    @Test(arguments: [
        [Role.administrator], [.programmeLead], [.facilitator], [.participant], [.observer], [.safeguardingLead], [.paymentsOfficer],
        [.auditor],
        [.complaintsHandler], [.administrator, .programmeLead, .facilitator],
    ])
    func `Those who select, and everybody else who does not arrange, get nothing of a need`(roles: [Role]) async throws {
        try await RightsScene.with { scene in
            try await scene.decide()
            let need = try await scene.need()
            let meeting = try await scene.meeting().id
            try await scene.invite(scene.person, to: meeting)
            let selector = try await scene.network.person(roles[0])
            for role in roles.dropFirst() {
                _ = try await scene.network.post("/role-grants", ["person_id": .string(selector.id), "role": .string(role.rawValue)])
                    .expecting(201)
            }
            let paths = [
                "/access-needs", "/access-needs/\(need)", "/access-needs/\(need)/history", "/people/me/access-needs",
                "/access-enquiries/unasked",
                "\(scene.meetings)/\(meeting)/needs", "\(scene.meetings)/\(meeting)", "\(scene.meetings)/\(meeting)/people",
                "/people/\(scene.person.id)", "/people", "/events", "/audit-entries",
            ]
            for path in paths where path != "/events" {
                let answer = try await scene.network.get(path, as: selector)
                #expect(!answer.text.contains("Quillwort") && !answer.text.contains("bsl_interpreter"), "\(path)")
            }
            #expect(try await scene.network.get("/access-needs", as: selector).status == 403)
            #expect(try await scene.network.get("/access-needs/\(need)", as: selector).status == 404)
            #expect(try await scene.network.get("/access-needs/\(need)/history", as: selector).items.isEmpty)
            #expect(try await scene.needs(meeting, as: selector).isEmpty)
        }
    }

    @Test func `A need reaches those who arrange while the person consents, and no longer`() async throws {
        try await RightsScene.with { scene in
            let need = try await scene.need()
            func seen() async throws -> Int {
                try await scene.network.get("/access-needs", as: scene.coordinator).expecting(200).items.count
            }
            #expect(try await seen() == 0)
            try await scene.decide()
            #expect(try await seen() == 1)
            #expect(try await scene.network.get("/access-needs/\(need)", as: scene.coordinator).json["details"] == "Quillwort, please")
            // One need can be kept to oneself.
            let own = try await scene.network.get("/access-needs/\(need)", as: scene.person)
            _ = try await scene.network.patch("/access-needs/\(need)", ["share_with": "nobody"], version: own.version, as: scene.person)
                .expecting(200)
            #expect(try await seen() == 0)
            let again = try await scene.network.get("/access-needs/\(need)", as: scene.person)
            _ = try await scene.network.patch(
                "/access-needs/\(need)", ["share_with": "arrangers"], version: again.version, as: scene.person
            )
            .expecting(200)
            #expect(try await seen() == 1)
            try await scene.decide(RightsScene.share, false)
            #expect(try await seen() == 0)
            #expect(try await scene.network.get("/people/me/access-needs", as: scene.person).items.count == 1)
        }
    }

    @Test(arguments: [Role.administrator, .programmeLead, .facilitator])
    func `Nobody both arranges and selects`(role: Role) async throws {
        try await RightsScene.with { scene in
            let selector = try await scene.network.person(role)
            let grant: JSON = ["person_id": .string(selector.id), "role": "access_coordinator"]
            #expect(try await scene.network.post("/role-grants", grant).status == 409)
            let other: JSON = [
                "person_id": .string(scene.coordinator.id), "role": .string(role.rawValue), "programme_id": .string(scene.programme),
            ]
            #expect(try await scene.network.post("/role-grants", other).status == 409)
            // Of two grants at the same moment one stands.
            let person = try await scene.network.person()
            async let one = scene.network.post("/role-grants", ["person_id": .string(person.id), "role": "access_coordinator"])
            async let two = scene.network.post("/role-grants", ["person_id": .string(person.id), "role": .string(role.rawValue)])
            #expect([try await one.status, try await two.status].sorted() == [201, 409])
        }
    }

    @Test func `A need passes through the six stages`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            #expect(
                try await network.get("/access-enquiries/unasked", as: scene.coordinator).items.contains {
                    $0["id"] == .string(scene.person.id)
                })
            _ = try await network.post(
                "/people/\(scene.person.id)/access-enquiries", ["outcome": "has_needs", "channel": "phone"], as: scene.coordinator
            ).expecting(200)
            #expect(
                try await network.get("/access-enquiries/unasked", as: scene.coordinator).items.allSatisfy {
                    $0["id"] != .string(scene.person.id)
                })
            try await scene.decide()
            // Recorded by phone, for somebody who consents.
            let need = try await network.post(
                "/people/\(scene.person.id)/access-needs", ["kind": "large_print", "details": "18 point", "is_flagged": true],
                as: scene.coordinator
            ).expecting(200)
            #expect(need.json["identified_at"] != .null)
            #expect(need.json["shared_at"] != .null)
            #expect(need.json["met_at"] == .null)
            #expect(try await network.get("/access-needs?flagged=true", as: scene.coordinator).items.count == 1)
            let meeting = try await scene.meeting().id
            try await scene.invite(scene.person, to: meeting)
            for step: JSON in [["step": "arranged"], ["step": "met"]] {
                _ = try await network.post("\(scene.meetings)/\(meeting)/needs/\(need.id)/steps", step, as: scene.coordinator).expecting(
                    200)
            }
            let reviewed = try await network.post(
                "/access-needs/\(need.id)/review", ["still_needed": true, "review_on": "2027-03-01"], as: scene.person
            )
            .expecting(200).json
            #expect(reviewed["met_at"] != .null)
            #expect(reviewed["review_on"] == "2027-03-01")
            let history = try await network.get("/access-needs/\(need.id)/history", as: scene.coordinator).items
            #expect(history.map { $0["changed_by"] } == [.string(scene.person.id)])
        }
    }

    @Test func `Nobody records a need of somebody who does not share needs with them`() async throws {
        try await RightsScene.with { scene in
            let refused = try await scene.network.post(
                "/people/\(scene.person.id)/access-needs", ["kind": "large_print"], as: scene.coordinator)
            #expect(refused.status == 403)
        }
    }

    @Test func `Reviews that are overdue are listed`() async throws {
        try await RightsScene.with { scene in
            try await scene.decide()
            let need = try await scene.need()
            func overdue() async throws -> [JSON?] {
                try await scene.network.get("/access-needs?overdue=true", as: scene.coordinator).items.map { $0["id"] }
            }
            #expect(try await overdue() == [])
            let now = try await scene.network.get("/access-needs/\(need)", as: scene.person)
            _ = try await scene.network.patch("/access-needs/\(need)", ["review_on": "2026-01-01"], version: now.version, as: scene.person)
                .expecting(200)
            #expect(try await overdue() == [.string(need)])
        }
    }

    @Test func `The policies alone keep from everybody else what is a person's own`() async throws {
        try await RightsScene.with { scene in
            let (network, server) = (scene.network, scene.network.server)
            try await scene.decide()
            try await scene.decide("core.equality_monitoring")
            _ = try await server.put(network.path("/people/me/monitoring"), ["age": "45_54"], token: scene.person.token).expecting(204)
            let need = try await scene.need()
            _ = try await network.post("/access-needs/\(need)/review", ["still_needed": true], as: scene.person).expecting(200)
            let asked: JSON = ["outcome": "has_needs"]
            _ = try await network.post("/people/\(scene.person.id)/access-enquiries", asked, as: scene.coordinator).expecting(200)
            try await scene.invite(scene.person, to: scene.meeting().id)
            let complaint = try await network.post("/complaints", ["summary": "S"], as: scene.person).expecting(201).id
            _ = try await network.post("/complaints/\(complaint)/entries", ["words": "W"], as: scene.person).expecting(200)
            for table in [
                "monitoring_answers", "access_enquiries", "access_needs", "access_need_history", "meeting_needs", "complaints",
                "complaint_entries",
            ] {
                func seen(_ person: TestPerson) async throws -> Int {
                    try await server.app.batch([
                        "select set_config('kith.network', \(network.id), true), set_config('kith.person', \(person.id), true)",
                        "select count(*) from kith.\(raw: table)",
                    ])[1].decode(Int.self)[0]
                }
                #expect(try await seen(scene.person) == 1, "\(table)")
                #expect(try await seen(network.administrator) == 0, "\(table)")
            }
        }
    }

    @Test func `Messages learn the formats that a person shares, and nothing else of their needs`() async throws {
        try await RightsScene.with { scene in
            _ = try await scene.need("large_print")
            _ = try await scene.need("quiet_space")
            func formats() async throws -> [String] {
                try await scene.network.server.app.batch([
                    "select set_config('kith.network', \(scene.network.id), true)",
                    "select formats from kith.communication_of(\(scene.network.id)::text::uuid, \(scene.person.id)::text::uuid)",
                ])[1].decode([String].self)[0]
            }
            #expect(try await formats() == [])
            try await scene.decide()
            #expect(try await formats() == ["large_print"])
            let outside = try await scene.network.server.app.query(
                "select formats from kith.communication_of(\(scene.network.id)::text::uuid, \(scene.person.id)::text::uuid)")
            #expect(outside.isEmpty)
        }
    }
}
