import KithServer
import KithTesting
import Noticeboard
import PluginKit
import Testing

@Suite struct NoticeboardTests {
    @Test func `The noticeboard keeps the promises of every plugin`() async throws {
        #expect(try await PluginConformance.check(Noticeboard.self) == [])
    }

    @Test func `A notice is put up, read by everyone, and taken down when it is old`() async throws {
        try await withTestServer(Distribution([Noticeboard.self])) { server in
            let network = try await server.makeNetwork()
            try await network.enable("noticeboard")
            let member = try await network.person(.participant)
            let notice: JSON = ["title": "Tea", "body": "On Tuesdays"]
            #expect(try await network.post("/notices", notice, as: member).status == 403)
            let made = try await network.post("/notices", notice).expecting(201)
            #expect(try await network.get("/notices/\(made.id)", as: member).json["title"] == "Tea")
            #expect(try await network.post("/notices", notice).status == 409)

            let setting = network.path("/modules/noticeboard/settings/days")
            _ = try await server.put(setting, ["value": 1], token: network.administrator.token).expecting(204)
            _ = try await server.superuser.query("update noticeboard.notices set created_at = now() - interval '2 days'")
            let done = try await network.finished(network.post("/notices/tidying"))
            #expect(done["result"] == ["taken_down": 1])
            #expect(try await network.get("/notices", as: member).items.isEmpty)
        }
    }
}
