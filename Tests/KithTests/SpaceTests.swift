import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct SpaceTests {
    @Test func `Members write to each other, page by page, and answer each other`() async throws {
        try await Circle.with { circle in
            var ids: [String] = []
            for number in 0..<5 {
                ids.append(try await circle.write("Note \(number) “ü\"\n", as: number % 2 == 0 ? nil : circle.member).expecting(201).id)
            }
            let answer = try await circle.network.post(
                circle.notes, ["text": "An answer", "parent_id": .string(ids[0])], as: circle.member
            ).expecting(201)
            #expect(
                answer.json["text"] == "An answer" && answer.json["text_state"] == "readable" && answer.json["parent_id"]?.string == ids[0])
            #expect(answer.headers[.location] == "/v1/networks/\(circle.network.id)\(circle.notes)/\(answer.id)")
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(try await circle.texts(as: circle.member).first == "Note 0 “ü\"\n")
            let page = try await circle.network.get("\(circle.notes)?limit=4", as: circle.convenor).json
            #expect(page["items"]?.array?.count == 4)
            let rest = try await circle.network.get("\(circle.notes)?limit=4&after=\(page["next"]?.string ?? "")", as: circle.convenor)
            #expect(rest.items.map { $0["text"]?.string } == ["Note 4 “ü\"\n", "An answer"])
            let other = try await circle.network.post(circle.notes, ["text": "T", "parent_id": .string(circle.id)], as: circle.member)
            #expect(other.status == 409)
        }
    }

    @Test func `A note is revised and deleted by its author only, and its versions are kept until then`() async throws {
        try await Circle.with { circle in
            let (network, note) = (circle.network, try await circle.write("First").expecting(201))
            let path = "\(circle.notes)/\(note.id)"
            let revised = try await network.patch(path, ["text": "Second"], version: note.version, as: circle.convenor).expecting(200)
            #expect(revised.json["text"] == "Second" && revised.json["version"] == 2)
            #expect(try await circle.note(note.id, circle.member)["text"] == "Second")
            #expect(try await network.patch(path, ["text": "Third"], version: note.version, as: circle.convenor).status == 412)
            #expect(try await network.patch(path, ["text": "Mine"], version: revised.version, as: circle.member).status == 403)
            #expect(try await network.delete(path, as: circle.member).status == 403)
            let versions = try await network.get("\(path)/versions", as: circle.member).expecting(200).items
            #expect(versions.map { $0["text"]?.string } == ["First", "Second"])
            #expect(try await network.delete(path, as: circle.convenor).status == 204)
            for gone in [path, "\(path)/versions"] { #expect(try await network.get(gone, as: circle.convenor).status == 404) }
            #expect(try await network.server.superuser.query("select from kith.note_versions").isEmpty)
        }
    }

    @Test func `Nobody but members reads: no administrator, no former member, nobody of another network`() async throws {
        try await Circle.with { circle in
            let (network, server) = (circle.network, circle.network.server)
            let note = try await circle.write("Between us").expecting(201).id
            let outsider = try await network.person(.facilitator)
            let stranger = try await server.makeNetwork().administrator
            let former = try await network.person()
            try await circle.add(former)
            _ = try await circle.write("While they were here").expecting(201)
            #expect(try await circle.texts(as: former) == ["While they were here"])
            #expect(try await network.delete("\(circle.path)/members/\(former.id)", as: former).status == 204)
            for person in [network.administrator, outsider, stranger, former] {
                for path in [circle.notes, "\(circle.notes)/\(note)", "\(circle.notes)/\(note)/versions", "\(circle.path)/members"] {
                    let answer = try await network.get(path, as: person)
                    #expect(answer.status == 404, "\(path)")
                }
                #expect(try await circle.write("Hello", as: person).status == 404)
                #expect(try await network.patch("\(circle.notes)/\(note)", ["text": "x"], version: "\"1\"", as: person).status == 404)
                #expect(try await network.delete("\(circle.notes)/\(note)", as: person).status == 404)
                let joined = try await network.post("\(circle.path)/members", ["person_id": .string(person.id)], as: person)
                #expect(joined.status == 404)
                let removed = try await network.delete("\(circle.path)/members/\(circle.member.id)", as: person)
                #expect(removed.status == 404)
            }
            #expect(try await network.get("/spaces", as: outsider).items.isEmpty)
        }
    }

    @Test(arguments: ["kith.notes", "kith.note_versions", "kith.sealed_notes", "kith.space_members"])
    func `The policies keep even the ciphertext from who is not in the space`(table: String) async throws {
        try await Circle.with { circle in
            _ = try await circle.write("Between us").expecting(201)
            let outsider = try await circle.network.person(.administrator)
            func seen(by person: TestPerson) async throws -> [Int] {
                try await circle.network.server.app.batch([
                    "select set_config('kith.network', \(circle.network.id), true), set_config('kith.person', \(person.id), true)",
                    "select count(*) from \(raw: table)",
                ])[1].decode(Int.self)
            }
            #expect(try await seen(by: circle.member) != [0])
            #expect(try await seen(by: outsider) == [0])
        }
    }

    @Test func `The policies refuse what somebody outside would write, whatever the server asks for`() async throws {
        try await Circle.with { circle in
            let (outsider, member) = (try await circle.network.person(.facilitator).id, circle.member.id)
            func attempt(as person: String, _ statement: Query) async throws -> String? {
                do {
                    _ = try await circle.network.server.app.batch([
                        "select set_config('kith.network', \(circle.network.id), true), set_config('kith.person', \(person), true)",
                        statement,
                    ])
                    return nil
                } catch {
                    return error.sqlState?.rawValue
                }
            }
            func note(by author: String) -> Query {
                """
                insert into kith.notes (network_id, note_id, space_id, author_id)
                values (kith.current_network(), gen_random_uuid(), \(circle.id)::text::uuid, \(author)::text::uuid)
                """
            }
            func joining(_ person: String) -> Query {
                """
                insert into kith.space_members (network_id, membership_id, space_id, person_id, added_by)
                values (kith.current_network(), gen_random_uuid(), \(circle.id)::text::uuid, \(person)::text::uuid, kith.current_person())
                """
            }
            #expect(try await attempt(as: member, note(by: member)) == nil)
            #expect(try await attempt(as: outsider, note(by: outsider)) == "42501")
            #expect(try await attempt(as: member, note(by: circle.convenor.id)) == "42501")
            #expect(try await attempt(as: circle.network.administrator.id, joining(circle.network.administrator.id)) == "42501")
            #expect(try await attempt(as: member, joining(outsider)) == "42501")
            #expect(try await attempt(as: circle.convenor.id, joining(outsider)) == nil)
        }
    }

    @Test func `A new member reads from when they joined, and whoever leaves the network leaves its spaces`() async throws {
        try await Circle.with { circle in
            let before = try await circle.write("Before").expecting(201).id
            let third = try await circle.network.person()
            try await circle.add(third)
            _ = try await circle.write("After").expecting(201)
            #expect(try await circle.texts(as: third) == ["After"])
            #expect(try await circle.network.get("\(circle.notes)/\(before)", as: third).status == 404)
            #expect(try await circle.network.get("\(circle.notes)/\(before)/versions", as: third).status == 404)
            let members = try await circle.network.get("\(circle.path)/members", as: third).items
            #expect(members.count == 3 && members.last?["added_by"]?.string == circle.convenor.id)
            _ = try await circle.network.server.post(circle.network.path("/leave"), token: third.token)
            let left = try await circle.network.get("\(circle.path)/members", as: circle.member).expecting(200).items
            #expect(left.map { $0["left_at"] == .null } == [true, true, false])
            // Who has left is told nothing more, and cannot be let in again.
            try await circle.add(circle.network.person())
            let told = try await circle.network.server.superuser.query(
                "select count(*) from kith.events where is_private and kind = 'space.joined' and person_id = \(third.id)::text::uuid"
            ).decode(Int.self)
            #expect(told == [1])
            let again = try await circle.network.post("\(circle.path)/members", ["person_id": .string(third.id)], as: circle.convenor)
            #expect(again.status == 422)
        }
    }

    @Test func `Only convenors let others in, and only who can sign in`() async throws {
        try await Circle.with { circle in
            let network = circle.network
            let other = try await network.person()
            let unsigned = try await network.post("/people", ["name": "By post"]).expecting(201).id
            #expect(try await network.post("\(circle.path)/members", ["person_id": .string(other.id)], as: circle.member).status == 403)
            for person in [unsigned, circle.id] {
                let answer = try await network.post("\(circle.path)/members", ["person_id": .string(person)], as: circle.convenor)
                #expect(answer.status == 422 && answer.pointers == ["/person_id"])
                #expect(try await network.post("/spaces", ["name": "S", "convenor_ids": [.string(person)]]).status == 422)
            }
            try await circle.add(other)
            #expect(try await network.post("\(circle.path)/members", ["person_id": .string(other.id)], as: circle.convenor).status == 409)
            #expect(try await network.delete("\(circle.path)/members/\(other.id)", as: circle.member).status == 403)
            #expect(try await network.delete("\(circle.path)/members/\(other.id)", as: circle.convenor).status == 204)
            #expect(try await network.get(circle.notes, as: other).status == 404)
            // Whoever opened the space cannot come in afterwards.
            let own = try await network.post("\(circle.path)/members", ["person_id": .string(network.administrator.id)])
            #expect(own.status == 404)
        }
    }

    @Test func `Administrators see counts and days, and nothing else of a space`() async throws {
        try await Circle.with { circle in
            _ = try await circle.write("Quillwort").expecting(201)
            let counts = try await circle.network.get("/space-counts").expecting(200)
            #expect(counts.items.count == 1 && counts.items[0]["members"] == 2 && counts.items[0]["notes"] == 1)
            #expect(counts.items[0]["name"] == nil && !counts.text.contains("Quillwort"))
            #expect(try await circle.network.get("/space-counts", as: circle.member).status == 403)
        }
    }

    @Test func `In a space that has ended nothing more is written, and all can be read`() async throws {
        try await Circle.with { circle in
            let note = try await circle.write("Before").expecting(201)
            #expect(try await circle.network.delete(circle.path, as: circle.member).status == 403)
            #expect(try await circle.network.delete(circle.path, as: circle.convenor).status == 204)
            #expect(try await circle.write("After").status == 409)
            let path = "\(circle.notes)/\(note.id)"
            #expect(try await circle.network.patch(path, ["text": "x"], version: "\"1\"", as: circle.convenor).status == 409)
            #expect(try await circle.texts(as: circle.member) == ["Before"])
        }
    }

    @Test func `Ciphertext that a superuser moved between rows does not open`() async throws {
        try await Circle.with { circle in
            let first = try await circle.write("First").expecting(201)
            let second = try await circle.write("Second").expecting(201).id
            _ = try await circle.network.patch("\(circle.notes)/\(first.id)", ["text": "Revised"], version: "\"1\"", as: circle.convenor)
            let superuser = circle.network.server.superuser
            func check(_ statement: Query, damaged: [String]) async throws {
                let kept = try await superuser.query("select version_id::text, sealed from kith.note_versions").decode(
                    (String, [UInt8]).self)
                _ = try await superuser.query(statement)
                for note in [first.id, second] {
                    let answer = try await circle.note(note, circle.member)
                    #expect((answer["text_state"] == "damaged") == damaged.contains(note), "\(statement.sql)")
                    #expect((answer["text"] == .null) == damaged.contains(note))
                }
                for (id, sealed) in kept {
                    _ = try await superuser.query("update kith.note_versions set sealed = \(sealed) where version_id = \(id)::text::uuid")
                }
                #expect(try await circle.note(first.id, circle.member)["text"] == "Revised")
            }
            // Of another note, by the same author in the same space and version.
            try await check(
                """
                update kith.note_versions v set sealed = o.sealed from kith.note_versions o
                where v.note_id = \(second)::text::uuid and o.note_id = \(first.id)::text::uuid and o.version = 1
                """, damaged: [second])
            // Of an earlier version of the same note.
            try await check(
                """
                update kith.note_versions v set sealed = o.sealed from kith.note_versions o
                where v.note_id = \(first.id)::text::uuid and v.version = 2 and o.note_id = v.note_id and o.version = 1
                """, damaged: [first.id])
            try await check("update kith.note_versions set sealed = sealed || '\\x00'::bytea", damaged: [first.id, second])
        }
    }

    @Test func `A person's notes die with their key, and those of others stay`() async throws {
        try await Circle.with { circle in
            let mine = try await circle.write("Mine").expecting(201).id
            _ = try await circle.write("Theirs", as: circle.member).expecting(201)
            _ = try await circle.network.server.app.batch([
                "select set_config('kith.network', \(circle.network.id), true)",
                "select kith.destroy_person_key(\(circle.convenor.id)::text::uuid)",
            ])
            #expect(try await circle.texts(as: circle.member) == [nil, "Theirs"])
            #expect(try await circle.note(mine, circle.convenor)["text_state"] == "erased")
            #expect(try await circle.write("Again").status == 409)
            #expect(try await circle.write("Still here", as: circle.member).status == 201)
        }
    }

    @Test func `A repeated request is not done again, and its text is kept nowhere`() async throws {
        try await Circle.with { circle in
            let key: HTTPFields = [HTTPField.Name("Idempotency-Key")!: "once"]
            #expect(try await circle.write("Quillwort", headers: key).status == 201)
            #expect(try await circle.write("Quillwort", headers: key).status == 409)
            #expect(try await circle.write("Something else", headers: key).status == 422)
            #expect(try await circle.texts(as: circle.member) == ["Quillwort"])
            let superuser = circle.network.server.superuser
            let kept = try await superuser.query(
                "select body, fingerprint from kith.idempotency_keys where key = 'once'"
            ).decode((String?, [UInt8]).self)
            #expect(kept.count == 1 && kept[0].0 == nil)
            // Nor as a hash that a guess could be compared with.
            let guess = "POST /v1/networks/\(circle.network.id)\(circle.notes)?\n\n{\"text\":\"Quillwort\"}"
            #expect(kept[0].1 != Secret.hash(of: guess))
        }
    }
}
