import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct PagingTests {
    @Test(arguments: [1, 2, 7, 25, 26, 200])
    func `Every row comes once, in a stable order, whatever the size of the page`(limit: Int) async throws {
        try await withNetwork { network in
            try await fill(network, 25)
            var seen: [String] = []
            var path: String? = network.path("/organisations?limit=\(limit)")
            while let next = path {
                let page = try await network.server.get(next, token: network.administrator.token).expecting(200)
                #expect(page.items.count <= limit)
                seen += page.items.compactMap { $0["id"]?.string }
                let link = page.headers[HTTPField.Name("Link")!]
                #expect((link == nil) == (page.json["next"] == .null))
                path = link.flatMap { $0.firstMatch(of: /<(.*)>; rel="next"/) }.map { String($0.1) }
                if let path { #expect(path.contains("after=\(page.json["next"]?.string ?? "?")")) }
            }
            #expect(seen.count == 25)
            #expect(Set(seen).count == 25)
            #expect(seen == seen.sorted())
        }
    }

    @Test func `Rows that come in meanwhile neither repeat nor hide any`() async throws {
        try await withNetwork { network in
            try await fill(network, 10)
            let first = try await network.get("/organisations?limit=4")
            _ = try await network.post("/organisations", ["name": "Later", "kind": "charity"]).expecting(201)
            let rest = try await network.get("/organisations?limit=200&after=\(first.json["next"]?.string ?? "")")
            #expect(Set((first.items + rest.items).compactMap { $0["id"]?.string }).count == 11)
        }
    }

    @Test func `Filters stay on the way to the next page`() async throws {
        try await withNetwork { network in
            try await fill(network, 6)
            _ = try await network.post("/organisations", ["name": "Council", "kind": "council"]).expecting(201)
            let page = try await network.get("/organisations?kind=charity&limit=5")
            #expect(page.headers[HTTPField.Name("Link")!]?.contains("kind=charity") == true)
            #expect(try await network.get("/organisations?kind=council").items.count == 1)
        }
    }

    @Test func `A page has fifty rows where nobody says otherwise`() async throws {
        try await withNetwork { network in
            try await fill(network, 51)
            #expect(try await network.get("/organisations").items.count == 50)
        }
    }

    private func fill(_ network: TestNetwork, _ count: Int) async throws {
        _ = try await network.server.superuser.query(
            """
            insert into kith.organisations (network_id, organisation_id, name, kind)
            select \(network.id)::text::uuid, kith.new_id(), 'O' || n, 'charity' from generate_series(1, \(count)::integer) n
            """)
    }
}
