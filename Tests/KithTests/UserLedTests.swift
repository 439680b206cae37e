import Kith
import KithServer
import KithTesting
import Testing

@Suite struct UserLedTests {
    @Test(arguments: [
        (50, 10, 5, false), (50, 10, 6, true), (50, 11, 6, true), (50, 1, 1, true), (50, 7, 3, false), (50, 3, 2, true),
        (75, 8, 5, false), (75, 8, 6, true), (75, 4, 3, true), (75, 100, 74, false), (75, 100, 75, true), (100, 5, 4, false),
        (100, 5, 5, true),
    ])
    func `An organisation is user-led by a majority that reaches the network's share`(
        percent: Int, board: Int, lived: Int, isUserLed: Bool
    ) async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            _ = try await network.patch("", ["user_led_percent": .integer(Int64(percent))], version: "\"1\"").expecting(200)
            let organisation = try await network.post(
                "/organisations",
                [
                    "name": "O", "kind": "charity", "board_members": .integer(Int64(board)),
                    "board_lived_experience": .integer(Int64(lived)),
                ]
            ).expecting(201)
            #expect(organisation.json["user_led"]?.bool == isUserLed)
            #expect(try await network.get("/organisations/\(organisation.id)").json["user_led"]?.bool == isUserLed)
        }
    }

    @Test func `Where a board has declared nothing, nothing is inferred`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let answer = try await network.post("/organisations", ["name": "O", "kind": "user_led_organisation"])
            #expect(answer.json["user_led"] == .null)
        }
    }

    @Test func `A change of the network's share changes who is user-led`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let organisation = try await network.post(
                "/organisations", ["name": "O", "kind": "charity", "board_members": 10, "board_lived_experience": 6])
            #expect(organisation.json["user_led"] == true)
            _ = try await network.patch("", ["user_led_percent": 75], version: "\"1\"").expecting(200)
            #expect(try await network.get("/organisations/\(organisation.id)").json["user_led"] == false)
        }
    }
}
