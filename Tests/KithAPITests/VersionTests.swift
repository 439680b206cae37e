import HTTPTypes
import Kith
import KithServer
import KithTesting
import Testing

@Suite struct VersionTests {
    @Test func `A change must say of which version it is, and a stale one is refused`() async throws {
        try await withNetwork { network in
            let made = try await network.post("/programmes", ["name": "P", "summary": "S"]).expecting(201)
            let path = "/programmes/\(made.id)"
            #expect(made.version == "\"1\"")
            #expect(try await network.patch(path, ["name": "Q"], version: nil).status == 428)
            for stale in ["\"0\"", "\"2\""] {
                #expect(try await network.patch(path, ["name": "Q"], version: stale).status == 412, "\(stale)")
            }
            for unknown in ["W/\"1\"", "1", "*", "\"x\""] {
                #expect(try await network.patch(path, ["name": "Q"], version: unknown).status == 422, "\(unknown)")
            }
            let changed = try await network.patch(path, ["name": "Q"], version: made.version)
            #expect(changed.status == 200)
            #expect(changed.version == "\"2\"")
            #expect(changed.json["name"] == "Q")
            #expect(changed.json["summary"] == "S")
            #expect(try await network.patch(path, ["name": "R"], version: made.version).status == 412)
            #expect(try await network.patch(path, ["summary": .null], version: changed.version).json["summary"] == .null)
            #expect(try await network.patch(path, ["name": .null], version: "\"3\"").status == 422)
        }
    }

    @Test func `Of many who change the same version at once, one does`() async throws {
        try await withNetwork { network in
            let made = try await network.post("/programmes", ["name": "P"]).expecting(201)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<10 {
                    group.addTask {
                        try await network.patch("/programmes/\(made.id)", ["name": .string("P\(number)")], version: "\"1\"").status
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [200: 1, 412: 9])
        }
    }

    @Test func `What has not changed is not sent again`() async throws {
        try await withNetwork { network in
            let made = try await network.post("/programmes", ["name": "P"]).expecting(201)
            let path = "/programmes/\(made.id)"
            let known = try await network.get(path, headers: [.ifNoneMatch: made.version ?? ""])
            #expect(known.status == 304)
            #expect(known.body.isEmpty)
            #expect(known.version == made.version)
            _ = try await network.patch(path, ["name": "Q"], version: made.version).expecting(200)
            #expect(try await network.get(path, headers: [.ifNoneMatch: made.version ?? ""]).status == 200)
        }
    }

    @Test func `Whatever is made says where it is`() async throws {
        try await withNetwork { network in
            let made = try await network.post("/programmes", ["name": "P"]).expecting(201)
            let location = try #require(made.headers[.location])
            #expect(location == network.path("/programmes/\(made.id)"))
            #expect(try await network.server.get(location, token: network.administrator.token).json == made.json)
        }
    }
}
