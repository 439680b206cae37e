import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct ConcernTests {
    private func withNetwork(_ body: @escaping @Sendable (TestNetwork, [TestPerson], TestPerson) async throws -> Void) async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let leads = [try await network.person(.safeguardingLead), try await network.person(.safeguardingLead)]
            try await body(network, leads, network.person(.participant))
        }
    }

    private func raise(_ network: TestNetwork, as person: TestPerson, _ more: [String: JSON] = [:]) async throws -> TestResponse {
        try await network.post("/concerns", .object(["text": "I saw something"].merging(more) { $1 }), as: person)
    }

    private func texts(_ network: TestNetwork, _ concern: String, _ person: TestPerson) async throws -> [String?] {
        try await network.get("/concerns/\(concern)/entries", as: person).expecting(200).items.map { $0["text"]?.string }
    }

    @Test func `A concern is received, acknowledged, talked about and closed, between its raiser and the leads`() async throws {
        try await withNetwork { network, leads, raiser in
            let concern = try await raise(network, as: raiser).expecting(201)
            #expect(concern.json["state"] == "raised" && concern.json["is_overdue"] == false)
            let path = "/concerns/\(concern.id)"
            for person in leads + [raiser] { #expect(try await texts(network, concern.id, person) == ["I saw something"]) }
            #expect(try await network.post("\(path)/acknowledge", as: raiser).status == 403)
            let acknowledged = try await network.post("\(path)/acknowledge", as: leads[0]).expecting(200).json
            #expect(acknowledged["state"] == "acknowledged" && acknowledged["acknowledged_by"]?.string == leads[0].id)
            #expect(try await network.post("\(path)/acknowledge", as: leads[1]).status == 409)
            _ = try await network.post("\(path)/entries", ["text": "When was it?"], as: leads[1]).expecting(201)
            _ = try await network.post("\(path)/entries", ["text": "On Monday"], as: raiser).expecting(201)
            #expect(try await network.post("\(path)/close", ["text": "x"], as: raiser).status == 403)
            let closed = try await network.post("\(path)/close", ["text": "We spoke with everyone"], as: leads[1]).expecting(200).json
            #expect(closed["state"] == "closed" && closed["closed_by"]?.string == leads[1].id)
            #expect(try await network.post("\(path)/close", ["text": "Again"], as: leads[1]).status == 409)
            #expect(try await network.post("\(path)/entries", ["text": "Late"], as: raiser).status == 409)
            #expect(
                try await texts(network, concern.id, raiser) == ["I saw something", "When was it?", "On Monday", "We spoke with everyone"])
        }
    }

    @Test func `Nobody but the raiser and the leads learns of it`() async throws {
        try await withNetwork { network, leads, raiser in
            let concern = try await raise(network, as: raiser).expecting(201).id
            let path = "/concerns/\(concern)"
            let stranger = try await network.server.makeNetwork().administrator
            for person in [network.administrator, try await network.person(.programmeLead), try await network.person(.auditor), stranger] {
                for address in [path, "\(path)/entries"] { #expect(try await network.get(address, as: person).status == 404) }
                for address in ["\(path)/entries", "\(path)/close"] {
                    #expect(try await network.post(address, ["text": "x"], as: person).status == 404)
                }
                #expect(try await network.post("\(path)/acknowledge", as: person).status == 404)
            }
            #expect(try await network.get("/concerns").items.isEmpty)
            #expect(try await network.get("/concerns", as: leads[0]).items.count == 1)
            // The audit says that it happened, and not who did it.
            _ = try await network.post("\(path)/entries", ["text": "More"], as: raiser).expecting(201)
            let entries = try await network.get("/audit-entries?limit=200").items
            for action in ["concern.raised", "concern.entry_added"] {
                let entry = try #require(entries.first { $0["action"]?.string == action })
                for member in ["person_id", "account_id", "request_id"] { #expect(entry[member] == .null, "\(action) \(member)") }
            }
            let seen = try await network.get("/audit-entries?limit=200").text
            #expect(
                !entries.contains { $0["person_id"]?.string == raiser.id && $0["action"]?.string?.hasPrefix("concern") == true }, "\(seen)")
        }
    }

    @Test func `A lead whom it is about is left out, and is not told, nor are those who follow events`() async throws {
        try await withNetwork { network, leads, raiser in
            let concern = try await raise(network, as: raiser, ["leave_out_ids": [.string(leads[0].id)]]).expecting(201).id
            #expect(try await network.get("/concerns/\(concern)", as: leads[0]).status == 404)
            #expect(try await network.get("/concerns/\(concern)/entries", as: leads[0]).status == 404)
            #expect(try await network.get("/concerns", as: leads[0]).items.isEmpty)
            #expect(try await texts(network, concern, leads[1]) == ["I saw something"])
            let told = try await network.server.superuser.query(
                "select person_id::text from kith.events where kind = 'concern.received'"
            ).decode(String.self)
            #expect(told == [leads[1].id])
            for person in [network.administrator, leads[0]] {
                let seen = try await network.server.app.batch([
                    "select set_config('kith.network', \(network.id), true), set_config('kith.person', \(person.id), true)",
                    "select from kith.events where kind = 'concern.received'",
                ])[1]
                #expect(seen.isEmpty)
            }
            // A lead about whom it is not lets nobody in either: the leads are fixed.
            let error = await #expect(throws: PostgresError.self) {
                _ = try await network.server.app.batch([
                    "select set_config('kith.network', \(network.id), true), set_config('kith.person', \(raiser.id), true)",
                    """
                    insert into kith.concern_leads (network_id, concern_id, person_id)
                    values (\(network.id)::text::uuid, \(concern)::text::uuid, \(leads[0].id)::text::uuid)
                    """,
                ])
            }
            #expect(error?.sqlState?.rawValue == "42501")
        }
    }

    @Test func `Where nobody would read it nothing is kept`() async throws {
        try await withNetwork { network, leads, raiser in
            let refused = try await raise(network, as: raiser, ["leave_out_ids": .array(leads.map { .string($0.id) })])
            #expect(refused.status == 409)
            #expect(try await network.server.superuser.query("select from kith.concerns").isEmpty)
            // Nor does a lead who raises one become its lead.
            #expect(try await raise(network, as: leads[0], ["leave_out_ids": [.string(leads[1].id)]]).status == 409)
        }
    }

    @Test func `Leads of the programme read it too, leads of another do not, and a role that ended ends it`() async throws {
        try await withNetwork { network, leads, raiser in
            let (programme, other) = (try await network.programme("One"), try await network.programme("Two"))
            let (lead, stranger) = (
                try await network.person(.safeguardingLead, in: programme), try await network.person(.safeguardingLead, in: other)
            )
            let named = try await network.get("/concern-leads?programme_id=\(programme)", as: raiser).expecting(200).items
            #expect(Set(named.compactMap { $0["id"]?.string }) == Set(leads.map(\.id) + [lead.id]))
            let concern = try await raise(network, as: raiser, ["programme_id": .string(programme)]).expecting(201).id
            #expect(try await texts(network, concern, lead) == ["I saw something"])
            #expect(try await network.get("/concerns/\(concern)", as: stranger).status == 404)
            let grant = try await network.get("/role-grants?person_id=\(lead.id)").items[0]["id"]?.string ?? ""
            #expect(try await network.delete("/role-grants/\(grant)").status == 204)
            #expect(try await network.get("/concerns/\(concern)/entries", as: lead).status == 404)
        }
    }

    @Test func `Another role, or the role in another programme, does not keep a concern open to whoever was its lead`() async throws {
        try await withNetwork { network, _, raiser in
            let (programme, other) = (try await network.programme("One"), try await network.programme("Two"))
            let lead = try await network.person(.safeguardingLead, in: programme)
            let concern = try await raise(network, as: raiser, ["programme_id": .string(programme)]).expecting(201).id
            #expect(try await texts(network, concern, lead) == ["I saw something"])
            let grant = try await network.get("/role-grants?person_id=\(lead.id)").items[0]["id"]?.string ?? ""
            _ = try await network.delete("/role-grants/\(grant)").expecting(204)
            for (role, place) in [("programme_lead", programme), ("safeguarding_lead", other)] {
                let new: JSON = ["person_id": .string(lead.id), "role": .string(role), "programme_id": .string(place)]
                _ = try await network.post("/role-grants", new).expecting(201)
                #expect(try await network.get("/concerns/\(concern)", as: lead).status == 404)
                #expect(try await network.get("/concerns/\(concern)/entries", as: lead).status == 404)
            }
        }
    }

    @Test func `The clock is the network's choice, and what is overdue shows as a count`() async throws {
        try await withNetwork { network, leads, raiser in
            _ = try await network.server.put(
                network.path("/modules/core/settings/concern_acknowledgement_hours"), ["value": 3], token: network.administrator.token
            ).expecting(204)
            let concern = try await raise(network, as: raiser).expecting(201).id
            let hours = try await network.server.superuser.query(
                "select extract(epoch from acknowledge_by - raised_at)::integer / 3600 from kith.concerns"
            ).decode(Int.self)
            #expect(hours == [3])
            #expect(try await network.get("/concern-counts").expecting(200).json == ["open": 1, "waiting": 1, "overdue": 0, "closed": 0])
            _ = try await network.server.superuser.query("update kith.concerns set acknowledge_by = now() - interval '1 minute'")
            #expect(try await network.get("/concern-counts").json["overdue"] == 1)
            #expect(try await network.get("/concerns/\(concern)", as: raiser).json["is_overdue"] == true)
            _ = try await network.post("/concerns/\(concern)/acknowledge", as: leads[0]).expecting(200)
            #expect(try await network.get("/concern-counts").json == ["open": 1, "waiting": 0, "overdue": 0, "closed": 0])
            #expect(try await network.get("/concern-counts", as: raiser).status == 403)
        }
    }

    @Test func `Ciphertext moved between entries does not open`() async throws {
        try await withNetwork { network, _, raiser in
            let concern = try await raise(network, as: raiser).expecting(201).id
            _ = try await network.post("/concerns/\(concern)/entries", ["text": "More"], as: raiser).expecting(201)
            _ = try await network.server.superuser.query(
                """
                update kith.concern_entries e set sealed = o.sealed from kith.concern_entries o where e.kind = 'note' and o.kind = 'concern'
                """)
            let entries = try await network.get("/concerns/\(concern)/entries", as: raiser).expecting(200).items
            #expect(entries.map { $0["text_state"]?.string } == ["readable", "damaged"])
        }
    }
}
