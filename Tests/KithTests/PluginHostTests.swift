import Kith
import KithServer
import KithTesting
import PluginKit
import Testing

@Suite struct PluginHostTests {
    @Test func `What a network has not enabled answers 404 on every route`() async throws {
        try await withTestServer(Distribution([Kiln.self])) { server in
            let network = try await server.makeNetwork()
            #expect(try await network.get("/temperature").status == 404)
            _ = try await server.superuser.query(
                "insert into kith.enabled_plugins (network_id, plugin) values (\(network.id)::text::uuid, 'another')")
            #expect(try await network.get("/temperature").status == 404)
            try await network.enable("kiln")
            #expect(try await network.get("/temperature").status == 200)
            #expect(try await network.delete("/modules/kiln").status == 204)
            #expect(try await network.get("/temperature").status == 404)
            let other = try await server.makeNetwork()
            #expect(try await other.get("/temperature").status == 404)
        }
    }

    @Test func `A setting holds by default, is chosen, checked and read again`() async throws {
        try await withTestServer(Distribution([Kiln.self])) { server in
            let network = try await server.makeNetwork()
            try await network.enable("kiln")
            let token = network.administrator.token
            func choose(_ key: String, _ value: JSON) async throws -> TestResponse {
                try await server.put(network.path("/modules/kiln/settings/\(key)"), ["value": value], token: token)
            }
            #expect(try await network.get("/temperature").json == ["temperature": 900])
            #expect(try await choose("temperature", 1200).status == 204)
            #expect(try await choose("temperature", 1100).status == 204)
            #expect(try await network.get("/temperature").json == ["temperature": 1100])
            #expect(try await network.get("/modules/kiln/settings").json == ["temperature": 1100, "glaze": "blue"])
            let wrong = try await choose("temperature", 5000)
            #expect(wrong.status == 422)
            #expect(wrong.pointers == ["/value"])
            #expect(try await choose("temperature", "hot").status == 422)
            #expect(try await choose("depth", 1).status == 404)
            #expect(try await network.get("/temperature").json == ["temperature": 1100])
            let other = try await server.makeNetwork()
            try await other.enable("kiln")
            #expect(try await other.get("/temperature").json == ["temperature": 900])
        }
    }

    @Test func `The modules of the server are listed with whether the network uses them`() async throws {
        try await withTestServer(Distribution([Kiln.self])) { server in
            let network = try await server.makeNetwork()
            #expect(try await network.get("/modules").items.map { $0["enabled"] } == [false])
            try await network.enable("kiln")
            #expect(try await network.get("/modules").items.map { $0["enabled"] } == [true])
            #expect(try await server.put(network.path("/modules/oven"), token: network.administrator.token).status == 404)
        }
    }

    @Test func `A module that another needs is enabled first and disabled last`() async throws {
        try await withTestServer(Distribution([Kiln.self, Glaze.self])) { server in
            let network = try await server.makeNetwork()
            let token = network.administrator.token
            #expect(try await server.put(network.path("/modules/glaze"), token: token).status == 409)
            try await network.enable("kiln")
            try await network.enable("glaze")
            #expect(try await network.delete("/modules/kiln").status == 409)
            #expect(try await network.delete("/modules/glaze").status == 204)
            #expect(try await network.delete("/modules/kiln").status == 204)
        }
    }
}

private enum Glaze: Sketch {
    static let id = "glaze"
    static var requirements: [any Plugin.Type] { [Kiln.self] }
}
