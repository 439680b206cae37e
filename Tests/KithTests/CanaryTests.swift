import Glibc
import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing
import struct FoundationEssentials.Data

@Suite struct CanaryTests {
    private static let canary = "Quillwort"

    /// How the canary would look in a row: as it is, in a `bytea`, in base64 at each of its three offsets.
    private static var traces: [String] {
        let hex = canary.utf8.hexadecimal
        let encoded = (0..<3).map { offset in
            let text = Data(Array(repeating: UInt8(ascii: "x"), count: offset) + Array(canary.utf8)).base64EncodedString()
            return String(text.dropFirst(4).prefix(8))
        }
        return [canary, hex] + encoded
    }

    @Test func `What is sealed is in no table, event, audit entry or answer to others`() async throws {
        try await Circle.with { circle in
            let network = circle.network
            let (first, second) = (try await network.person(.safeguardingLead), try await network.person(.safeguardingLead))
            let text: JSON = ["text": .string("My \(Self.canary) is here")]
            func key(_ name: String) -> HTTPFields { [HTTPField.Name("Idempotency-Key")!: name] }
            let note = try await network.post(circle.notes, text, as: circle.convenor, headers: key("a")).expecting(201)
            _ = try await network.patch("\(circle.notes)/\(note.id)", text, version: note.version, as: circle.convenor).expecting(200)
            let request = try await network.post(
                "\(circle.path)/break-glass", ["reason": .string("Because of \(Self.canary)"), "hours": 1], as: first, headers: key("b")
            ).expecting(201).id
            _ = try await network.post("\(circle.path)/break-glass/\(request)/approve", as: second, headers: key("c")).expecting(200)
            let concern = try await network.post("/concerns", text, as: circle.member, headers: key("d")).expecting(201).id
            _ = try await network.post("/concerns/\(concern)/entries", text, as: first, headers: key("e")).expecting(201)
            _ = try await network.post("/concerns/\(concern)/close", text, as: first, headers: key("f")).expecting(200)
            // And refused: a text that cannot be kept is in no message.
            let refused = [
                try await network.post(circle.notes, text, as: network.administrator),
                try await network.post(circle.notes, ["text": .string(Self.canary), "parent_id": .string(circle.id)], as: circle.member),
                try await network.post(circle.notes, ["text": .string("\(Self.canary)\u{0}")], as: circle.member),
                try await network.post("/concerns/\(concern)/entries", text, as: circle.member),
            ]
            for answer in refused { #expect(answer.status >= 400 && !answer.text.contains(Self.canary)) }
            for path in ["/space-counts", "/audit-entries?limit=200", "/spaces", "/concerns", "/concern-counts"] {
                #expect(try await !network.get(path).expecting(200).text.contains(Self.canary), "\(path)")
            }
            let tables = try await network.server.superuser.query(
                "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
            ).decode(String.self)
            #expect(tables.count > 20)
            for table in tables {
                let rows = try await network.server.superuser.query("select t::text from \(raw: table) t").decode(String.self)
                for trace in Self.traces { #expect(!rows.contains { $0.contains(trace) }, "\(table)") }
            }
        }
    }

    @Test func `Nothing sealed is written or read without the keyring, and all is there again with it`() async throws {
        try await Circle.with { circle in
            _ = try await circle.write(Self.canary).expecting(201)
            let path = circle.network.server.keyring.path
            try await renaming(path, to: "\(path).away") {
                for answer in [
                    try await circle.write("More"), try await circle.network.get(circle.notes, as: circle.member),
                    try await circle.network.post("/concerns", ["text": "A concern"], as: circle.member),
                ] {
                    #expect(answer.status == 503)
                    #expect(answer.json["detail"]?.string?.contains("kith keys create") == true)
                }
                // What is not sealed goes on.
                #expect(try await circle.network.get("/spaces", as: circle.member).items.count == 1)
            }
            #expect(try await circle.texts(as: circle.member) == [Self.canary])
        }
    }

    @Test func `Keys rotate while members write and read`() async throws {
        try await Circle.with { circle in
            let server = circle.network.server
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<4 {
                    group.addTask {
                        for note in 0..<5 {
                            _ = try await circle.write("\(number) \(note)", as: number % 2 == 0 ? circle.convenor : circle.member)
                                .expecting(201)
                            #expect(try await !circle.texts(as: circle.member).contains(nil))
                        }
                    }
                }
                for _ in 0..<4 { #expect(try await KeyRotation(server.keyring, owner: server.owner).run().lost == 0) }
                try await group.waitForAll()
            }
            #expect(try await circle.texts(as: circle.member).count == 20)
        }
    }

    private func renaming(_ path: String, to other: String, _ body: () async throws -> Void) async throws {
        rename(path, other)
        try await body()
        rename(other, path)
    }
}
