import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct PublicRegisterTests {
    private struct Scene {
        let call: Call
        let owner: TestPerson
        let author: TestPerson

        var network: TestNetwork { call.network }
        var publication: String { "\(call.panelPath)/register/publication" }
        func address(_ form: String) -> String { network.path("/registers/\(call.panel)/register.\(form)") }

        static func with(_ body: @escaping @Sendable (Scene) async throws -> Void) async throws {
            try await Call.with { call in
                let network = call.network
                let scene = Scene(call: call, owner: try await network.person(.observer), author: try await network.person(.participant))
                let trust = try await network.post("/organisations", ["name": "The trust", "kind": "nhs_trust"]).expecting(201).id
                let recommendation = try await network.post(
                    "\(call.panelPath)/recommendations",
                    [
                        "title": "Quiet rooms", "details": "In every ward.", "asked": 12, "in_favour": 9,
                        "author_ids": [.string(scene.author.id)], "organisation_id": .string(trust), "owner_id": .string(scene.owner.id),
                        "due_on": "2099-01-01",
                    ]
                ).expecting(201).id
                let path = "\(call.panelPath)/recommendations/\(recommendation)"
                _ = try await network.post("\(path)/answers", ["answer": "done"], as: scene.owner).expecting(200)
                _ = try await network.send(.put, "\(path)/opinion", ["agrees": true], as: scene.author).expecting(200)
                try await body(scene)
            }
        }
    }

    @Test func `A register has no public address until the panel chooses it, and none any more when it is taken away`() async throws {
        try await Scene.with { scene in
            let server = scene.network.server
            for form in ["html", "md", "json"] { #expect(try await server.get(scene.address(form), token: nil).status == 404, "\(form)") }
            #expect(try await scene.network.get(scene.publication).status == 404)
            #expect(try await scene.network.send(.put, scene.publication, nil, as: scene.author).status == 403)
            let facilitator = try await scene.network.person(.facilitator)
            let published = try await scene.network.send(.put, scene.publication, nil, as: facilitator).expecting(200).json
            #expect(published["page"]?.string == scene.address("html") && published["json"]?.string == scene.address("json"))
            #expect(try await scene.network.send(.put, scene.publication, nil).expecting(200).json == published)

            let json = try await server.get(scene.address("json"), token: nil).expecting(200)
            #expect(json.json == (try await scene.network.get("\(scene.call.panelPath)/register").json))
            let page = try await server.get(scene.address("html"), token: nil).expecting(200)
            #expect(page.text.contains("<h2>Quiet rooms</h2>") && page.headers[.contentType] == "text/html; charset=utf-8")
            let text = try await server.get(scene.address("md"), token: nil).expecting(200)
            #expect(text.text.contains("## Quiet rooms") && text.headers[.contentType] == "text/markdown; charset=utf-8")
            let names = try await server.superuser.query("select name from kith.people").decode(String.self)
            for answer in [json, page, text] {
                #expect(answer.headers[.cacheControl] == "public, max-age=60")
                for person in [scene.owner, scene.author, facilitator] { #expect(!answer.text.contains(person.id)) }
                for name in names where name.count > 3 { #expect(!answer.text.contains(name), "\(name)") }
            }
            #expect(page.headers[.contentSecurityPolicy]?.contains("style-src 'unsafe-inline'") == true)

            #expect(try await scene.network.send(.delete, scene.publication, nil, as: scene.author).status == 403)
            #expect(try await scene.network.delete(scene.publication).status == 204)
            for form in ["html", "md", "json"] { #expect(try await server.get(scene.address(form), token: nil).status == 404, "\(form)") }
            let recorded = try await scene.network.get("/audit-entries?subject_id=\(scene.call.panel)").items.compactMap {
                $0["action"]?.string
            }
            #expect(recorded.contains("register.published") && recorded.contains("register.unpublished"))
        }
    }

    @Test func `Whoever read it before is told that it is the same, until something changes`() async throws {
        try await Scene.with { scene in
            let server = scene.network.server
            _ = try await scene.network.send(.put, scene.publication, nil).expecting(200)
            let tag = try #require(try await server.get(scene.address("html"), token: nil).headers[.eTag])
            let again = try await server.send(.get, scene.address("html"), token: nil, headers: [.ifNoneMatch: tag])
            #expect(again.status == 304 && again.text.isEmpty)
            let recommendations = try await scene.network.get("\(scene.call.panelPath)/recommendations").items
            let path = "\(scene.call.panelPath)/recommendations/\(recommendations[0]["id"]?.string ?? "")"
            _ = try await scene.network.post("\(path)/answers", ["answer": "partly", "words": "Two wards."], as: scene.owner).expecting(200)
            let changed = try await server.send(.get, scene.address("html"), token: nil, headers: [.ifNoneMatch: tag])
            #expect(changed.status == 200 && changed.text.contains("Two wards."))
        }
    }

    @Test func `It opens this one register: not another panel's, not another network's, and nothing that people sent in`() async throws {
        try await Scene.with { scene in
            let server = scene.network.server
            _ = try await scene.network.send(.put, scene.publication, nil).expecting(200)
            let elsewhere = try await server.makeNetwork(named: "Elsewhere")
            try await elsewhere.enable("expert_panels")
            #expect(try await server.get(elsewhere.path("/registers/\(scene.call.panel)/register.json"), token: nil).status == 404)
            let other = try await scene.network.post(
                "/panels", ["programme_id": .string(scene.network.programme("Better care")), "name": "Another", "purpose": "To advise"]
            ).expecting(201).id
            #expect(try await server.get(scene.network.path("/registers/\(other)/register.json"), token: nil).status == 404)
            #expect(try await server.get(scene.network.path("/people"), token: nil).status == 401)
            let rows = try await server.app.batch([
                "select expert_panels.enter_register('', \(scene.network.id)::text::uuid, \(scene.call.panel)::text::uuid)",
                "select count(*) from expert_panels.interests", "select expert_panels.is_visitor()",
                "select count(*) from expert_panels.role_profiles where published_at is null", "select kith.current_person() is null",
            ])
            #expect(try rows[1].decode(Int.self) == [0] && rows[3].decode(Int.self) == [0])
            #expect(try rows[2].decode(Bool.self) == [true] && rows[4].decode(Bool.self) == [true])
            let door = await #expect(throws: PostgresError.self) {
                _ = try await server.app.query(
                    "select expert_panels.enter_register('', \(elsewhere.id)::text::uuid, \(scene.call.panel)::text::uuid)")
            }
            #expect(door?.sqlState?.rawValue == "KH404")
            // Whoever does not run the panel cannot publish it, whatever the server asks for.
            let insert: Query = """
                insert into expert_panels.register_publications (network_id, panel_id, published_by)
                values (kith.current_network(), \(scene.call.panel)::text::uuid, kith.current_person())
                """
            let entrance: Query = """
                select set_config('kith.network', \(scene.network.id), true), set_config('kith.person', \(scene.author.id), true)
                """
            let refused = await #expect(throws: PostgresError.self) { _ = try await server.app.batch([entrance, insert]) }
            #expect(refused?.sqlState?.rawValue == "42501")
            let ended = try await server.app.batch([entrance, "delete from expert_panels.register_publications returning panel_id"])
            #expect(ended[1].isEmpty)
            // Another module that is enabled opens nothing of this one.
            _ = try await server.superuser.query(
                "insert into kith.enabled_plugins (network_id, plugin) select distinct network_id, 'another' from kith.enabled_plugins"
            )
            _ = try await scene.network.delete("/modules/expert_panels")
            #expect(try await server.get(scene.address("json"), token: nil).status == 404)
        }
    }
}
