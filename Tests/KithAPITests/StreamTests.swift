import HTTPTypes
import Kith
import KithServer
import KithTesting
import Synchronization
import Testing

@Suite struct StreamTests {
    @Test func `Events arrive in their order while many write, and a reader who comes back misses none`() async throws {
        try await withNetwork(socket: true) { network in
            let (writers, each) = (6, 25)
            let reader = Task { try await follow(network, until: writers * each) }
            let made = try await withThrowingTaskGroup(of: [String].self) { group in
                for writer in 0..<writers {
                    group.addTask {
                        var ids: [String] = []
                        for number in 0..<each {
                            let name = JSON.string("O \(writer) \(number)")
                            ids.append(try await network.post("/organisations", ["name": name, "kind": "charity"]).expecting(201).id)
                        }
                        return ids
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let seen = try await reader.value
            #expect(seen.map(\.position) == seen.map(\.position).sorted())
            #expect(Set(seen.map(\.position)).count == seen.count)
            #expect(seen.count == made.count)
            #expect(Set(seen.map(\.subject)) == Set(made))
        }
    }

    @Test func `A reader without a last event hears what comes from then on`() async throws {
        try await withNetwork(socket: true) { network in
            try await network.server.withConnection { connection in
                try await connection.follow(network, after: nil)
                try await connection.awaitHead()
                let made = try await network.post("/organisations", ["name": "New", "kind": "charity"]).expecting(201)
                // What was done just before may still be on its way.
                var event = try await connection.nextEvent()
                while let heard = event, !heard.isOrganisation { event = try await connection.nextEvent() }
                #expect(event?.subject == made.id)
            }
        }
    }

    @Test func `The stream ends when the role of its reader ends`() async throws {
        try await withNetwork(socket: true) { network in
            let auditor = try await network.person(.auditor)
            try await network.server.withConnection { connection in
                try await connection.follow(network, after: nil, as: auditor)
                try await connection.awaitHead()
                let grant = try await network.get("/role-grants?person_id=\(auditor.id)").items[0]["id"]?.string ?? ""
                _ = try await network.delete("/role-grants/\(grant)").expecting(204)
                var lines: [String] = []
                while let line = try await connection.nextLine(), line != "0" { lines.append(line) }
                #expect(lines.contains("event: end"))
                #expect(!lines.contains("event: role.ended"))
            }
        }
    }

    @Test(.timeLimit(.minutes(2))) func `A server that stops ends its streams and does not wait for their readers`() async throws {
        let (stops, stopped) = AsyncStream.makeStream(of: Task<Void, any Error>.self)
        let begun = Mutex(ContinuousClock.now)
        try await withNetwork(socket: true) { network in
            let (heads, head) = AsyncStream.makeStream(of: Void.self)
            stopped.yield(
                Task {
                    try await network.server.withConnection { connection in
                        try await connection.follow(network, after: nil)
                        try await connection.awaitHead()
                        head.yield()
                        while try await connection.nextLine() != nil {}
                    }
                })
            _ = await heads.first { _ in true }
            begun.withLock { $0 = .now }
        }
        #expect(begun.withLock { $0 }.duration(to: .now) < .seconds(20))
        try await stops.first { _ in true }?.value
    }

    @Test func `Whoever may not follow is told so at once`() async throws {
        try await withNetwork { network in
            let participant = try await network.person(.participant)
            #expect(try await network.get("/events", as: participant).status == 403)
            #expect(try await network.get("/events", headers: [HTTPField.Name("Last-Event-ID")!: "x"]).status == 422)
        }
    }

    // Reads a few events, goes away in the middle, and comes back with the id of the last one.
    private func follow(_ network: TestNetwork, until count: Int) async throws -> [StreamedEvent] {
        var seen: [StreamedEvent] = []
        var last = "0"
        while seen.count < count {
            let (position, wanted, known) = (last, Int.random(in: 1...40), seen.count)
            let some = try await network.server.withConnection { connection in
                try await connection.follow(network, after: position)
                var events: [StreamedEvent] = []
                while events.count < wanted, let event = try await connection.nextEvent() {
                    events.append(event)
                    if known + events.count(where: \.isOrganisation) == count { break }
                }
                return events
            }
            last = some.last.map { "\($0.position)" } ?? last
            seen += some.filter(\.isOrganisation)
        }
        return seen
    }
}

struct StreamedEvent: Sendable {
    let position: Int
    let kind: String
    let subject: String

    var isOrganisation: Bool { kind == "organisation.created" }
}

extension TestConnection {
    func follow(_ network: TestNetwork, after last: String?, as person: TestPerson? = nil) async throws {
        try await write(
            """
            GET \(network.path("/events")) HTTP/1.1\r
            Host: localhost\r
            Authorization: Bearer \((person ?? network.administrator).token)\r
            \(last.map { "Last-Event-ID: \($0)\r\n" } ?? "")\r\n
            """)
    }

    mutating func awaitHead() async throws {
        while let line = try await nextLine(), !line.hasPrefix(":") {}
    }

    mutating func nextEvent() async throws -> StreamedEvent? {
        var position = 0
        var kind = ""
        while let line = try await nextLine() {
            if line.hasPrefix("id: ") { position = Int(line.dropFirst(4)) ?? 0 }
            if line.hasPrefix("event: ") { kind = String(line.dropFirst(7)) }
            if line.hasPrefix("data: ") {
                let data = try JSON(reading: Array(line.utf8.dropFirst(6)))
                return StreamedEvent(position: position, kind: kind, subject: data["subject_id"]?.string ?? "")
            }
        }
        return nil
    }
}
