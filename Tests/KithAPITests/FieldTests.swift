import HTTPTypes
import Kith
import KithAPI
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct FieldTests {
    @Test func `Whoever may not do something is told so, and not what is wrong with the request`() async throws {
        try await withNetwork { network in
            let participant = try await network.person(.participant)
            let wrong: JSON = ["name": 7]
            #expect(try await network.post("/organisations", wrong, as: participant).status == 403)
            #expect(try await network.server.post(network.path("/organisations"), wrong, token: "kith_unknown").status == 401)
            #expect(try await network.post("/organisations", wrong).status == 422)
            let type: HTTPFields = [.contentType: "text/plain"]
            #expect(try await network.post("/organisations", as: participant, headers: type).status == 403)
            #expect(try await network.post("/organisations", headers: type).status == 415)
        }
    }

    @Test func `Every field that is wrong is named at once, by its pointer`() async throws {
        try await withNetwork { network in
            let answer = try await network.post(
                "/organisations", ["kind": "guild", "board_members": "ten", "board_lived_experience": -1, "colour": "blue", "a/b~c": 1])
            #expect(answer.status == 422)
            #expect(answer.problem == "invalid")
            #expect(answer.headers[.contentType] == "application/problem+json")
            let expected = ["/name", "/kind", "/board_members", "/board_lived_experience", "/a~1b~0c", "/colour"]
            #expect(answer.pointers.sorted() == expected.sorted())
            #expect(answer.json["request_id"]?.string == answer.headers[HTTPField.Name("X-Request-ID")!])
            let nothing = try await network.server.superuser.query("select from kith.organisations")
            #expect(nothing.isEmpty)
        }
    }

    @Test(arguments: [
        (#"{"name":5,"kind":"charity"}"#, "/name"), (#"{"name":null,"kind":"charity"}"#, "/name"),
        (#"{"name":["x"],"kind":"charity"}"#, "/name"), (#"{"name":"","kind":"charity"}"#, "/name"),
        (#"{"name":"   ","kind":"charity"}"#, "/name"), (#"{"name":"a\u0007b","kind":"charity"}"#, "/name"),
        (#"{"name":"a\u0000b","kind":"charity"}"#, "/name"), (#"{"name":"a\nb","kind":"charity"}"#, "/name"),
        (#"{"name":"a","kind":true}"#, "/kind"), (#"{"name":"a","kind":"charity","board_members":1.5}"#, "/board_members"),
        (#"{"name":"a","kind":"charity","board_members":99999999999999999999999}"#, "/board_members"),
        (#"{"name":"a","kind":"charity","board_members":0}"#, "/board_members"),
        (#"{"name":"a","kind":"charity","board_members":3,"board_lived_experience":4}"#, "/board_lived_experience"),
        (#"{"name":"a","kind":"charity","board_members":3}"#, "/board_lived_experience"),
        (#"[]"#, ""), (#""text""#, ""), (#"null"#, ""),
    ])
    func `A value of another kind is refused where it stands`(body: String, pointer: String) async throws {
        try await withNetwork { network in
            let answer = try await network.send("/organisations", Array(body.utf8))
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.pointers == [pointer])
        }
    }

    @Test func `Text may have as many characters as it says, and not one more`() async throws {
        try await withNetwork { network in
            for letter in ["x", "ä", "🜂"] {
                let fits = JSON.string(String(repeating: letter, count: 200))
                let taken = try await network.post("/people", ["name": fits])
                #expect(taken.status == 201)
                let tooLong = JSON.string(String(repeating: letter, count: 201))
                #expect(try await network.post("/people", ["name": tooLong]).pointers == ["/name"])
            }
        }
    }

    @Test(arguments: [
        ("", "ends too early"), ("{", "member's name"), (#"{"name":"a",}"#, "member's name"), (#"{"name":"a"} x"#, "after the end"),
        (#"{"name":"a","name":"b"}"#, "stands twice"), (#"{"name":"\ud800"}"#, "surrogate"), (#"{"name":1e999}"#, "too large"),
        (#"{"name":01}"#, "comma or a closing brace"), (#"{'name':1}"#, "member's name"), (#"{"name":NaN}"#, "not JSON"),
        ("\u{feff}{}", "not JSON"),
        (String(repeating: "[", count: 100_000), "nested more than 32"),
        (String(repeating: #"{"a":"#, count: 34) + "1" + String(repeating: "}", count: 34), "nested more than 32"),
    ])
    func `What is no JSON, or more than one thing at once, is refused with the place`(body: String, reason: String) async throws {
        try await withNetwork { network in
            let answer = try await network.send("/organisations", Array(body.utf8))
            #expect(answer.status == 400)
            #expect(answer.problem == "malformed")
            #expect(answer.json["detail"]?.string?.contains(reason) == true, "\(answer.text)")
            #expect(answer.json["detail"]?.string?.contains("(byte ") == true)
        }
    }

    @Test func `Bytes that are no UTF-8 are refused`() async throws {
        try await withNetwork { network in
            for bytes: [UInt8] in [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc0, 0x80]] {
                let body = Array(#"{"kind":"charity","name":""#.utf8) + bytes + Array(#""}"#.utf8)
                let answer = try await network.send("/organisations", body)
                #expect(answer.status == 400)
                #expect(answer.json["detail"]?.string?.contains("UTF-8") == true)
            }
        }
    }

    @Test func `A body of another form, and none at all, are refused`() async throws {
        try await withNetwork { network in
            for type in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonx", nil] {
                let answer = try await network.send("/people", Array(#"{"name":"a"}"#.utf8), type: type)
                #expect(answer.status == 415, "\(type ?? "none")")
                #expect(answer.headers[.accept]?.contains("application/json") == true)
            }
            #expect(try await network.send("/people", Array(#"{"name":"a"}"#.utf8), type: "Application/JSON ; charset=utf-8").status == 201)
        }
    }

    @Test func `A body that is too large is refused`() async throws {
        try await withNetwork(configure: { $0.api.mostBytes = 1000 }) { network in
            let body = Array(#"{"name":"\#(String(repeating: "x", count: 2000))"}"#.utf8)
            let answer = try await network.send("/people", body)
            #expect(answer.status == 413)
            #expect(answer.json["detail"]?.string?.contains("1000 bytes") == true)
        }
    }

    @Test(arguments: [
        ("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("after=x", "after"), ("colour=blue", "colour"),
        ("limit=1&limit=2", "limit"), ("kind=guild", "kind"),
    ])
    func `A parameter of the address is checked like a field`(query: String, name: String) async throws {
        try await withNetwork { network in
            let answer = try await network.get("/organisations?\(query)")
            #expect(answer.status == 422)
            #expect(answer.pointers == [name])
        }
    }

    @Test func `An address whose identifier is none is not found`() async throws {
        try await withNetwork { network in
            for id in ["1", "x", "00000000-0000-0000-0000-00000000000", "%00", "..%2F.."] {
                let answer = try await network.get("/organisations/\(id)")
                #expect(answer.status == 404, "\(id)")
            }
        }
    }

    @Test(arguments: [
        ("starts_on", "2026-02-30"), ("starts_on", "26-01-01"), ("starts_on", "2026-1-1"), ("ends_on", "2025-01-01"),
    ])
    func `A day that the calendar does not have, or one before the start, is refused`(field: String, value: String) async throws {
        try await withNetwork { network in
            var body: [String: JSON] = ["name": "P", "starts_on": "2026-01-01"]
            body[field] = .string(value)
            let answer = try await network.post("/programmes", .object(body))
            #expect(answer.status == 422)
            #expect(answer.pointers == ["/\(field)"])
        }
    }

    @Test func `Text comes back as it was sent`() async throws {
        try await withNetwork { network in
            for name in ["Zoë \"the\" O’Néill", "a\\b/c", "😀 e\u{301}", "<script>", "'; drop table kith.people; --", "{{x}} %s $1"] {
                let made = try await network.post("/people", ["name": .string(name)]).expecting(201)
                let read = try await network.get("/people/\(made.id)").json["name"]?.string
                #expect(read.map { Array($0.utf8) } == Array(name.utf8))
            }
        }
    }
}

extension TestNetwork {
    /// Sends a body byte for byte.
    func send(_ path: String, _ body: [UInt8], type: String? = "application/json") async throws -> TestResponse {
        var headers: HTTPFields = [:]
        headers[.contentType] = type
        return try await server.send(.post, self.path(path), bytes: body, token: administrator.token, headers: headers)
    }
}
