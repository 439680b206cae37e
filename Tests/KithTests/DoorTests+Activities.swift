import Kith
import KithTesting
import Postgres
import Testing
import struct FoundationEssentials.UUID

extension DoorTests {
    @Test func `A role in a programme counts for its activities, while it lasts, and for no others`() async throws {
        try await withNetwork { network in
            let (led, other) = (try await network.programme("Led"), try await network.programme("Other"))
            let lead = try await network.person(.programmeLead, in: led)
            let (own, strange) = (try await activity(of: network, led), try await activity(of: network, other))
            func call(_ activity: UUID, as person: TestPerson) async throws -> Int {
                let meeting: JSON = [
                    "title": "M", "starts_at": "2030-01-01T10:00:00Z", "ends_at": "2030-01-01T11:00:00Z", "place": "Town hall",
                ]
                return try await network.post("/activities/\(activity)/meetings", meeting, as: person).status
            }
            #expect(try await call(own, as: lead) == 201)
            #expect(try await call(strange, as: lead) == 403)
            #expect(try await call(own, as: network.person(.participant, in: led)) == 403)
            #expect(try await call(own, as: network.person()) == 403)
            // The same identifiers with the right role in another network.
            let foreign = try await network.server.makeNetwork()
            let programme = try await foreign.programme("Foreign")
            _ = try await activity(of: foreign, programme, strange)
            _ = try await network.server.superuser.batch([
                "insert into kith.people (network_id, person_id, name) values (\(foreign.id)::text::uuid, \(lead.id)::text::uuid, 'Namesake')",
                """
                insert into kith.role_grants (network_id, grant_id, person_id, role, programme_id)
                values (\(foreign.id)::text::uuid, \(UUID()), \(lead.id)::text::uuid, 'programme_lead', \(programme)::text::uuid)
                """,
            ])
            #expect(try await call(strange, as: lead) == 403)
            let grants = try await network.get("/role-grants?person_id=\(lead.id)")
            #expect(try await network.delete("/role-grants/\(grants.items[0]["id"]?.string ?? "")").status == 204)
            #expect(try await call(own, as: lead) == 403)
        }
    }

    private func activity(of network: TestNetwork, _ programme: String, _ id: UUID = UUID()) async throws -> UUID {
        _ = try await network.server.superuser.query(
            """
            insert into kith.activities (network_id, activity_id, programme_id, plugin, name)
            values (\(network.id)::text::uuid, \(id), \(programme)::text::uuid, 'any', 'An activity')
            """)
        return id
    }
}
