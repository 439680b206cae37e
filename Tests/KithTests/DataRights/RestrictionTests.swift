import ExpertPanels
import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct RestrictionTests {
    @Test func `Restricted data is kept and not used, in any module, until the person says so`() async throws {
        try await withTestServer(Distribution([ExpertPanels.self]), worker: false) { server in
            let network = try await server.makeNetwork()
            try await network.enable("expert_panels")
            let person = try await network.person(.participant)
            let programme = try await network.programme()
            let panel = try await network.post("/panels", ["programme_id": .string(programme), "name": "A", "purpose": "B"]).expecting(201)
                .id
            let call = try await network.post("/panels/\(panel)/opportunities", ["title": "C", "description": "D", "seats": 1]).expecting(
                201
            ).id
            let volunteers = "/panels/\(panel)/opportunities/\(call)/volunteers"
            _ = try await network.upload("\(volunteers)/import", Array("id,age\nv1,old\nv2,young\n".utf8)).expecting(200)
            _ = try await server.superuser.query(
                "update expert_panels.volunteers set person_id = \(person.id)::text::uuid where reference = 'v1'")
            _ = try await network.upload(
                "/panels/\(panel)/opportunities/\(call)/targets/import", Array("feature,value,min,max\nage,old,0,1\nage,young,0,1\n".utf8)
            ).expecting(200)
            #expect(try await network.get(volunteers).items.count == 2)

            let restriction = try await network.send(.put, "/people/me/restriction", ["basis": "accuracy"], as: person).expecting(200)
            #expect(restriction.json["basis"] == "accuracy")
            #expect(try await network.get("/people").items.allSatisfy { $0["id"]?.string != person.id })
            #expect(try await network.get("/people/\(person.id)").status == 404)
            #expect(try await network.get("/role-grants?person_id=\(person.id)").items == [])
            #expect(try await network.get(volunteers).items.compactMap { $0["reference"]?.string } == ["v2"])
            // Nor are they drawn from the pool, or written about.
            let pool = try await network.post("/panels/\(panel)/pools", ["opportunity_id": .string(call)]).expecting(201)
            #expect(pool.json["volunteers"] == 1)
            let grant: JSON = ["person_id": .string(person.id), "role": "observer"]
            #expect(try await network.post("/role-grants", grant).status == 409)
            // The person sees what is theirs, and an administrator that there is a restriction.
            #expect(try await network.get("/people/me", as: person).status == 200)
            #expect(try await network.get("/restrictions").items.compactMap { $0["person_id"]?.string } == [person.id])
            // It is kept.
            let kept = try await server.superuser.query("select count(*) from kith.people where person_id = \(person.id)::text::uuid")
                .decode(Int.self)
            #expect(kept == [1])
            // Who asked for it ends it, and nobody else.
            #expect(try await network.delete("/people/\(person.id)/restriction").status == 404)
            _ = try await network.delete("/people/me/restriction", as: person).expecting(204)
            #expect(try await network.get("/people/\(person.id)").status == 200)
            #expect(try await network.get(volunteers).items.count == 2)
        }
    }

    @Test func `An administrator restricts on behalf of somebody who has no account`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let person = try await network.post("/people", ["name": "By post"]).expecting(201).id
            _ = try await network.send(.put, "/people/\(person)/restriction", [:]).expecting(200)
            #expect(try await network.get("/people/\(person)").status == 404)
            // What waits to be sent to them waits on.
            _ = try await server.superuser.query(
                """
                insert into kith.messages (network_id, message_id, person_id, template, is_urgent, is_confidential, channel, digest, due_at)
                values (\(network.id)::text::uuid, gen_random_uuid(), \(person)::text::uuid, 'core.invitation', true, false, 'email', 'at_once', now())
                """)
            func stateOfMessage() async throws -> [String] {
                _ = try await server.app.query("select from kith.claim_messages(gen_random_uuid(), 10, interval '1 minute')")
                return try await server.superuser.query("select state from kith.messages").decode(String.self)
            }
            #expect(try await stateOfMessage() == ["queued"])
            _ = try await network.delete("/people/\(person)/restriction").expecting(204)
            #expect(try await network.get("/people/\(person)").status == 200)
            #expect(try await stateOfMessage() != ["queued"])
            let told = try await server.superuser.query(
                "select kind from kith.events where person_id = \(person)::text::uuid and kind like 'restriction.%' order by event_id"
            ).decode(String.self)
            #expect(told == ["restriction.started", "restriction.lifted"])
        }
    }

    @Test func `A correction is decided by somebody else, once`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let (person, other) = (try await network.person(.participant), try await network.person(.participant))
            let asked = try await network.post("/people/me/rectifications", ["request": "My name is Ada"], as: person).expecting(201)
            #expect(try await network.get("/rectifications/\(asked.id)", as: other).status == 404)
            let decision: JSON = ["outcome": "corrected", "answer": "Your name is put right."]
            #expect(try await network.post("/rectifications/\(asked.id)/decide", decision, as: person).status == 403)
            _ = try await network.post("/rectifications/\(asked.id)/decide", decision).expecting(200)
            #expect(try await network.post("/rectifications/\(asked.id)/decide", decision).status == 409)
            #expect(try await network.get("/rectifications/\(asked.id)", as: person).json["answer"] == "Your name is put right.")
            // An administrator does not decide about themselves.
            let own = try await network.post("/people/me/rectifications", ["request": "I am better than that"]).expecting(201)
            #expect(try await network.post("/rectifications/\(own.id)/decide", decision).status == 409)
        }
    }
}
