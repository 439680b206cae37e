import Kith
import KithTesting
import Postgres
import Testing

/// What the database itself keeps from whoever is not concerned, whatever the server asks it for.
@Suite struct SealedPolicyTests {
    /// What comes of a statement behind the door of a person: how many rows it reached, or why it was refused.
    private func attempt(_ circle: Circle, as person: TestPerson, _ statement: Query) async -> String {
        do {
            let rows = try await circle.network.server.app.batch([
                "select set_config('kith.network', \(circle.network.id), true), set_config('kith.person', \(person.id), true)", statement,
            ])[1]
            return "\(rows.affected)"
        } catch {
            return error.sqlState?.rawValue ?? "\(error.code)"
        }
    }

    private static let denied = "42501"

    @Test func `Spaces and their members are changed by convenors, and whoever left does not come back by themselves`() async throws {
        try await Circle.with { circle in
            let (member, convenor) = (circle.member, circle.convenor)
            let opening: Query = """
                insert into kith.spaces (network_id, space_id, kind, name, created_by)
                values (kith.current_network(), gen_random_uuid(), 'space', 'S', \(convenor.id)::text::uuid)
                """
            #expect(await attempt(circle, as: member, opening) == Self.denied)
            #expect(await attempt(circle, as: member, "update kith.spaces set name = 'Mine'") == "0")
            #expect(await attempt(circle, as: convenor, "update kith.spaces set name = 'Ours'") == "1")
            #expect(await attempt(circle, as: member, "update kith.space_members set left_at = now() where is_convenor") == "0")
            #expect(await attempt(circle, as: member, "update kith.space_members set left_at = now() where not is_convenor") == "1")
            #expect(await attempt(circle, as: member, "update kith.space_members set left_at = null") == Self.denied)
        }
    }

    @Test func `A note is its author's`() async throws {
        try await Circle.with { circle in
            _ = try await circle.write("Mine").expecting(201)
            let version: Query = """
                insert into kith.note_versions (network_id, version_id, note_id, version, sealed)
                select network_id, gen_random_uuid(), note_id, 2, decode(repeat('00', 29), 'hex') from kith.notes
                """
            for (person, rows) in [(circle.member, "0"), (circle.convenor, "1")] {
                #expect(await attempt(circle, as: person, "update kith.notes set updated_at = now()") == rows)
                #expect(await attempt(circle, as: person, version) == (rows == "1" ? "1" : Self.denied))
            }
            #expect(await attempt(circle, as: circle.member, "delete from kith.note_versions") == "0")
            #expect(await attempt(circle, as: circle.convenor, "delete from kith.note_versions") == "2")
        }
    }

    @Test func `Only those with the role ask for the glass to be broken and end it, and nobody sets the clock`() async throws {
        try await Circle.with { circle in
            let network = circle.network
            let (first, second) = (try await network.person(.safeguardingLead), try await network.person(.safeguardingLead))
            let asking: Query = """
                insert into kith.break_glass (network_id, request_id, space_id, requested_by, hours, sealed_reason)
                values (kith.current_network(), gen_random_uuid(), \(circle.id)::text::uuid, kith.current_person(), 1, decode(repeat('00', 29), 'hex'))
                """
            #expect(await attempt(circle, as: circle.member, asking) == Self.denied)
            let path = "\(circle.path)/break-glass"
            let id = try await network.post(path, ["reason": "Somebody may be in danger", "hours": 2], as: first).expecting(201).id
            #expect(await attempt(circle, as: network.administrator, "select from kith.break_glass") == "0")
            #expect(await attempt(circle, as: circle.member, "select from kith.break_glass") == "1")
            #expect(await attempt(circle, as: circle.member, "update kith.break_glass set ended_at = now()") == "0")
            _ = try await network.post("\(path)/\(id)/approve", as: second).expecting(200)
            for column in ["expires_at = now() + interval '1 year'", "hours = 72", "requested_at = now()", "approved_at = now()"] {
                #expect(await attempt(circle, as: second, "update kith.break_glass set \(raw: column)") == Self.denied, "\(column)")
            }
            // A superuser cannot by mistake, either.
            for statement: Query in [
                "update kith.break_glass set expires_at = approved_at + interval '3 hours'",
                "update kith.break_glass set expires_at = null",
            ] {
                let error = await #expect(throws: PostgresError.self) { _ = try await network.server.superuser.query(statement) }
                #expect(error?.sqlState?.rawValue == "23514")
            }
            _ = try await network.server.superuser.query("alter table kith.break_glass disable trigger approval")
            let alone = await #expect(throws: PostgresError.self) {
                _ = try await network.server.superuser.query("update kith.break_glass set approved_by = requested_by")
            }
            #expect(alone?.sqlState?.rawValue == "23514")
        }
    }

    @Test func `A concern is for its raiser and its leads, and each has their own part in it`() async throws {
        try await Circle.with { circle in
            let (network, raiser) = (circle.network, circle.member)
            let lead = try await network.person(.safeguardingLead)
            let concern = try await network.post("/concerns", ["text": "I saw something"], as: raiser).expecting(201).id
            let other: Query = """
                insert into kith.concerns (network_id, concern_id, raised_by, acknowledge_by)
                values (kith.current_network(), gen_random_uuid(), \(raiser.id)::text::uuid, now())
                """
            #expect(await attempt(circle, as: lead, other) == Self.denied)
            #expect(await attempt(circle, as: raiser, "update kith.concerns set closed_at = now()") == "0")
            #expect(await attempt(circle, as: lead, "update kith.concerns set version = version + 1") == "1")
            func entry(_ kind: String) -> Query {
                """
                insert into kith.concern_entries (network_id, entry_id, concern_id, author_id, kind, sealed)
                values (kith.current_network(), gen_random_uuid(), \(concern)::text::uuid, kith.current_person(), \(kind), decode(repeat('00', 29), 'hex'))
                """
            }
            #expect(await attempt(circle, as: circle.convenor, entry("note")) == Self.denied)
            #expect(await attempt(circle, as: raiser, entry("outcome")) == Self.denied)
            #expect(await attempt(circle, as: raiser, entry("note")) == "1")
            #expect(await attempt(circle, as: lead, entry("outcome")) == "1")
            for table in ["concerns", "concern_leads", "concern_entries"] {
                for person in [circle.convenor, network.administrator] {
                    #expect(await attempt(circle, as: person, "select from kith.\(raw: table)") == "0", "\(table)")
                }
                #expect(await attempt(circle, as: raiser, "select from kith.\(raw: table)") != "0", "\(table)")
            }
        }
    }

    @Test func `Nobody makes a key in somebody else's name`() async throws {
        try await Circle.with { circle in
            func key(of person: TestPerson) -> Query {
                """
                insert into kith.data_keys (network_id, key_id, holder, holder_id, wrapping_key, wrapped)
                values (kith.current_network(), gen_random_uuid(), 'person', \(person.id)::text::uuid, 'k', decode(repeat('00', 61), 'hex'))
                """
            }
            #expect(await attempt(circle, as: circle.member, key(of: circle.convenor)) == Self.denied)
            #expect(await attempt(circle, as: circle.member, key(of: circle.member)) == "1")
        }
    }
}
