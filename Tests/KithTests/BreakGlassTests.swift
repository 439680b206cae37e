import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct BreakGlassTests {
    private static let reason: JSON = ["reason": "Somebody may be in danger", "hours": 2]

    private func request(_ circle: Circle, _ person: TestPerson) async throws -> String {
        try await circle.network.post("\(circle.path)/break-glass", Self.reason, as: person).expecting(201).id
    }

    private func approve(_ circle: Circle, _ id: String, _ person: TestPerson) async throws -> TestResponse {
        try await circle.network.post("\(circle.path)/break-glass/\(id)/approve", as: person)
    }

    @Test func `Two people with the role open a space, the members are told, and every reading is recorded`() async throws {
        try await Circle.with { circle in
            let network = circle.network
            let (first, second) = (try await network.person(.safeguardingLead), try await network.person(.safeguardingLead))
            let note = try await circle.write("Quillwort").expecting(201).id
            let id = try await request(circle, first)
            for person in [first, second] { #expect(try await network.get(circle.notes, as: person).status == 404) }
            #expect(try await approve(circle, id, first).status == 409)
            let opened = try await approve(circle, id, second).expecting(200).json
            #expect(opened["reason"] == "Somebody may be in danger" && opened["expires_at"] != .null)
            for person in [first, second] {
                #expect(try await circle.texts(as: person) == ["Quillwort"])
                #expect(try await circle.note(note, person)["text"] == "Quillwort")
                // Reading is all that they can do.
                #expect(try await circle.write("Hello", as: person).status == 404)
                let joins = try await network.post("\(circle.path)/members", ["person_id": .string(person.id)], as: person)
                #expect(joins.status == 404)
            }
            let seen = try await network.get("\(circle.path)/break-glass", as: circle.member).expecting(200).items
            #expect(seen.count == 1 && seen[0]["reason"] == "Somebody may be in danger")
            #expect(seen[0]["requested_by"]?.string == first.id && seen[0]["approved_by"]?.string == second.id)
            let told = try await network.server.superuser.query(
                "select kind, count(distinct person_id) from kith.events where is_private and kind like 'break_glass%' group by 1 order by 1"
            ).decode((String, Int).self)
            #expect(told.map(\.0) == ["break_glass.approved", "break_glass.requested"] && told.allSatisfy { $0.1 == 2 })
            let audit = try await network.get("/audit-entries?limit=200&subject_id=\(circle.id)").items
            let readings = audit.filter { $0["action"] == "break_glass.read" }.compactMap { $0["person_id"]?.string }
            #expect(Set(readings) == [first.id, second.id] && readings.count == 4)
            _ = try await circle.texts(as: circle.member)
            #expect(try await network.get("/audit-entries?limit=200&subject_id=\(circle.id)").items.count == audit.count)
        }
    }

    @Test func `Nobody else opens a space, and nobody else reads it while it is open`() async throws {
        try await Circle.with { circle in
            let network = circle.network
            let (first, second) = (try await network.person(.safeguardingLead), try await network.person(.safeguardingLead))
            let third = try await network.person(.safeguardingLead)
            for person in [network.administrator, circle.member] {
                #expect(try await network.post("\(circle.path)/break-glass", Self.reason, as: person).status == 404)
            }
            let id = try await request(circle, first)
            #expect(try await approve(circle, id, network.administrator).status == 404)
            #expect(try await approve(circle, id, circle.member).status == 404)
            _ = try await approve(circle, id, second).expecting(200)
            // It stays between the two, and cannot be taken over.
            #expect(try await approve(circle, id, third).status == 409)
            for person in [third, network.administrator] { #expect(try await network.get(circle.notes, as: person).status == 404) }
            // A role that ended ends it.
            let grant = try await network.get("/role-grants?person_id=\(second.id)").items[0]["id"]?.string ?? ""
            #expect(try await network.delete("/role-grants/\(grant)").status == 204)
            #expect(try await network.get(circle.notes, as: second).status == 404)
            #expect(try await network.get(circle.notes, as: first).status == 200)
        }
    }

    @Test func `It closes by itself, or when it is ended, and an old request cannot be approved`() async throws {
        try await Circle.with { circle in
            let network = circle.network
            let (first, second) = (try await network.person(.safeguardingLead), try await network.person(.safeguardingLead))
            let superuser = network.server.superuser
            let id = try await request(circle, first)
            _ = try await approve(circle, id, second).expecting(200)
            #expect(try await network.get(circle.notes, as: first).status == 200)
            _ = try await superuser.query("update kith.break_glass set expires_at = now()")
            #expect(try await network.get(circle.notes, as: first).status == 404)
            let again = try await request(circle, second)
            _ = try await approve(circle, again, first).expecting(200)
            #expect(try await network.delete("\(circle.path)/break-glass/\(again)", as: first).status == 204)
            for person in [first, second] { #expect(try await network.get(circle.notes, as: person).status == 404) }
            let takenBack = try await request(circle, first)
            _ = try await network.delete("\(circle.path)/break-glass/\(takenBack)", as: first).expecting(204)
            #expect(try await approve(circle, takenBack, second).status == 409)
            // Both have had the role for longer than that: only the request is too old.
            let old = try await request(circle, first)
            _ = try await superuser.batch([
                "update kith.role_grants set granted_at = now() - interval '30 days'",
                "update kith.break_glass set requested_at = now() - interval '8 days' where approved_by is null and ended_at is null",
            ])
            #expect(try await approve(circle, old, second).status == 409)
            _ = try await superuser.query(
                "update kith.break_glass set requested_at = now() - interval '6 days' where request_id = \(old)::text::uuid")
            #expect(try await approve(circle, old, second).status == 200)
        }
    }

    @Test func `Whoever has the role in a programme opens the spaces of that programme, and no others`() async throws {
        try await Circle.with { circle in
            let network = circle.network
            let programme = try await network.programme()
            let lead = try await network.person(.safeguardingLead, in: programme)
            #expect(try await network.post("\(circle.path)/break-glass", Self.reason, as: lead).status == 404)
            let space = try await network.post(
                "/spaces", ["name": "S", "convenor_ids": [.string(circle.convenor.id)], "programme_id": .string(programme)]
            ).expecting(201).id
            #expect(try await network.post("/spaces/\(space)/break-glass", Self.reason, as: lead).status == 201)
        }
    }

    @Test func `Nobody is appointed to look: a role that was given after the request opens nothing of it`() async throws {
        try await Circle.with { circle in
            let network = circle.network
            let (first, second) = (try await network.person(.safeguardingLead), try await network.person(.safeguardingLead))
            let id = try await request(circle, first)
            let appointed = try await network.person(.safeguardingLead)
            let refused = try await approve(circle, id, appointed)
            #expect(refused.status == 409 && refused.json["detail"]?.string?.contains("had the role already") == true)
            // Nor does a role that was taken and given again, also once the space is open.
            _ = try await approve(circle, id, second).expecting(200)
            let grant = try await network.get("/role-grants?person_id=\(second.id)").items[0]["id"]?.string ?? ""
            _ = try await network.delete("/role-grants/\(grant)").expecting(204)
            _ = try await network.post("/role-grants", ["person_id": .string(second.id), "role": "safeguarding_lead"]).expecting(201)
            #expect(try await network.get(circle.notes, as: second).status == 404)
            #expect(try await network.get(circle.notes, as: first).status == 200)
            // They can ask for the next one, or approve it.
            let next = try await request(circle, first)
            _ = try await approve(circle, next, appointed).expecting(200)
            #expect(try await network.get(circle.notes, as: appointed).status == 200)
        }
    }

    @Test func `Nor does a role that the network made the one that counts after the request`() async throws {
        try await Circle.with { circle in
            let network = circle.network
            let (lead, auditor) = (try await network.person(.safeguardingLead, .auditor), try await network.person(.auditor))
            let id = try await request(circle, lead)
            _ = try await network.server.put(
                network.path("/modules/core/settings/break_glass_role"), ["value": "auditor"], token: network.administrator.token
            ).expecting(204)
            #expect(try await approve(circle, id, auditor).status == 409)
            let next = try await request(circle, lead)
            // The same choice again changes nothing.
            _ = try await network.server.put(
                network.path("/modules/core/settings/break_glass_role"), ["value": "auditor"], token: network.administrator.token
            ).expecting(204)
            _ = try await approve(circle, next, auditor).expecting(200)
            #expect(try await network.get(circle.notes, as: auditor).status == 200)
        }
    }

    @Test func `The network names the role, and a limit of hours holds`() async throws {
        try await Circle.with { circle in
            let network = circle.network
            let lead = try await network.person(.safeguardingLead)
            let chosen = try await network.server.put(
                network.path("/modules/core/settings/break_glass_role"), ["value": "auditor"], token: network.administrator.token)
            #expect(chosen.status == 204)
            #expect(try await network.post("\(circle.path)/break-glass", Self.reason, as: lead).status == 404)
            let auditor = try await network.person(.auditor)
            let long = try await network.post("\(circle.path)/break-glass", ["reason": "Somebody is in danger", "hours": 73], as: auditor)
            #expect(long.status == 422)
            #expect(try await network.post("\(circle.path)/break-glass", Self.reason, as: auditor).status == 201)
            let wrong = try await network.server.put(
                network.path("/modules/core/settings/break_glass_role"), ["value": "king"], token: network.administrator.token)
            #expect(wrong.status == 422)
        }
    }

    @Test func `The database itself refuses an approval by one's own hand or in another's name`() async throws {
        try await Circle.with { circle in
            let (first, second) = (try await circle.network.person(.safeguardingLead), try await circle.network.person(.safeguardingLead))
            let id = try await request(circle, first)
            for approver in [first.id, second.id] {
                let error = await #expect(throws: PostgresError.self) {
                    _ = try await circle.network.server.app.batch([
                        "select set_config('kith.network', \(circle.network.id), true), set_config('kith.person', \(first.id), true)",
                        "update kith.break_glass set approved_by = \(approver)::text::uuid where request_id = \(id)::text::uuid",
                    ])
                }
                #expect(error?.sqlState?.rawValue == "KH409")
            }
        }
    }
}
