import ExpertPanels
import HTTPTypes
import Kith
import KithAPI
import KithServer
import KithTesting
import Logging
import Postgres
import Testing

@Suite struct RoutingTests {
    private static func endpoints() throws -> [Endpoint] {
        let wakeups = Wakeups(configuration: PostgresConfiguration(connectionString: ""), logger: Logger(label: "none"))
        return try Distribution([ExpertPanels.self]).endpoints(wakeups: wakeups)
    }

    @Test func `There is nothing at an unknown address, and it says so in the usual form`() async throws {
        try await withNetwork { network in
            for path in ["/", "/v1", "/v1/unknown", "/v2/networks", "/v1/networks/\(network.id)/unknown", "/v1/networks/"] {
                let answer = try await network.server.get(path, token: network.administrator.token)
                #expect(answer.status == 404 || path.hasSuffix("networks/"), "\(path)")
                if answer.status == 404 { #expect(answer.problem == "not-found") }
            }
        }
    }

    @Test func `What only reads is a GET and records nothing, and what changes something is recorded`() throws {
        for endpoint in try Self.endpoints() { #expect((endpoint.method == .get) == (endpoint.action == nil), "\(endpoint.name)") }
    }

    @Test func `A method that an address does not have is answered with those that it has`() async throws {
        try await withNetwork { network in
            let answer = try await network.server.put(network.path("/people"), [:], token: network.administrator.token)
            #expect(answer.status == 405)
            #expect(answer.headers[.allow] == "GET, HEAD, POST")
            #expect(answer.problem == "method-not-allowed")
        }
    }

    @Test func `Every answer tells a browser to run, frame and keep nothing of it`() async throws {
        try await withNetwork { network in
            let server = network.server
            let answers = [
                try await network.get(""), try await network.get("/people"), try await network.post("/people", ["name": "P"]),
                try await network.post("/people", ["name": 7]), try await server.get(network.path(), token: nil),
                try await server.get("/v1/unknown", token: nil), try await server.get("/v1/openapi.json", token: nil),
                try await server.post(network.path("/leave"), token: network.person().token),
            ]
            #expect(answers.map(\.status) == [200, 200, 201, 422, 401, 404, 200, 204])
            for headers in answers.map(\.headers) {
                #expect(headers[.xContentTypeOptions] == "nosniff")
                #expect(headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
                #expect(headers[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true)
                #expect(headers[.cacheControl] == "no-store")
                #expect(headers[HTTPField.Name("Referrer-Policy")!] == "no-referrer")
                #expect(headers[HTTPField.Name("Cross-Origin-Resource-Policy")!] == "same-origin")
                #expect(headers[.accessControlAllowOrigin] == nil && headers[.location]?.contains("://") != true)
            }
        }
    }

    @Test(arguments: [HTTPRequest.Method.trace, .options, .connect])
    func `Methods that no address has are refused`(method: HTTPRequest.Method) async throws {
        try await withNetwork { network in
            let answer = try await network.server.send(method, network.path(), token: network.administrator.token)
            #expect(answer.status == 405)
        }
    }

    @Test func `HEAD is GET without the body`() async throws {
        try await withNetwork { network in
            let head = try await network.server.send(.head, network.path(), token: network.administrator.token)
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(head.version == "\"1\"")
        }
    }

    @Test func `The server says that it is well`() async throws {
        try await withNetwork { network in
            let answer = try await network.server.get("/v1/health", token: nil)
            #expect(answer.json == ["status": "ok"])
        }
    }

    @Test func `The document names every operation that is served, and no other`() async throws {
        let endpoints = try Self.endpoints()
        try await withTestServer(Distribution([ExpertPanels.self]), worker: false) { server in
            let document = try await server.get("/v1/openapi.json", token: nil).json
            let paths = try #require(document["paths"]?.object)
            var documented: [String: String] = [:]
            for (path, item) in paths {
                for (method, operation) in item.object ?? [:] {
                    documented[operation["operationId"]?.string ?? ""] = "\(method.uppercased()) \(path)"
                }
            }
            let served = Dictionary(uniqueKeysWithValues: endpoints.map { ($0.name, "\($0.method.rawValue) \($0.path.served)") })
            #expect(documented == served)
        }
    }

    @Test func `Operation names are unique, and every parameter of a path is declared`() throws {
        let endpoints = try Self.endpoints()
        #expect(Set(endpoints.map(\.name)).count == endpoints.count)
        let sampler = RequestSampler(endpoints)
        for endpoint in endpoints {
            let declared = (sampler.operation(endpoint)["parameters"]?.array ?? []).filter { $0["in"] == "path" }
            #expect(declared.compactMap { $0["name"]?.string } == endpoint.path.parameters, "\(endpoint.name)")
            #expect(declared.allSatisfy { $0["required"] == true })
        }
    }

    @Test func `Every reference of the document leads somewhere`() throws {
        let document = OpenAPI.document(try Self.endpoints(), version: "1")
        let schemas = Set((document["components"]?["schemas"]?.object ?? [:]).keys)
        var references: Set<String> = []
        func walk(_ json: JSON) {
            switch json {
            case .object(let members):
                if let reference = members["$ref"]?.string { references.insert(reference) }
                members.values.forEach(walk)
            case .array(let elements): elements.forEach(walk)
            default: break
            }
        }
        walk(document)
        #expect(!references.isEmpty)
        #expect(references.subtracting(schemas.map { "#/components/schemas/\($0)" }) == [])
    }

    @Test func `Each body has a schema of its own, and no two share a name`() throws {
        let endpoints = try Self.endpoints()
        let sampler = RequestSampler(endpoints)
        var paths: [String: Set<String>] = [:]
        for endpoint in endpoints {
            let content = sampler.operation(endpoint)["requestBody"]?["content"]?.object?.values.first
            if let name = content?["schema"]?["$ref"]?.string { paths[name, default: []].insert(endpoint.name) }
        }
        #expect(paths.count > 10)
        // The same choices on purpose: for oneself and for others, each form of printing, and a code of a second factor.
        let shared: [Set<String>] = [
            ["choose_message_preferences", "choose_my_message_preferences"],
            ["print_letters", "print_calls", "export_calls", "print_messages_in_formats"],
            ["confirm_second_factor", "give_second_factor", "remove_second_factor"], ["add_concern_entry", "close_concern"],
            ["record_meeting_reply", "reply_to_meeting"], ["record_access_need", "create_access_need"],
            ["export_data", "erase_data"], ["restrict_data", "restrict_my_data"], ["write_pay_letter", "write_my_pay_letter"],
            ["begin_interest", "replace_own_interest", "replace_my_interest"], ["send_own_interest", "send_my_interest"],
        ]
        #expect(paths.filter { $0.value.count > 1 && !shared.contains($0.value) } == [:])
    }

    @Test func `Every body that the document asks for is described as an object that refuses unknown members`() throws {
        let endpoints = try Self.endpoints()
        let document = OpenAPI.document(endpoints, version: "1")
        for (name, schema) in document["components"]?["schemas"]?.object ?? [:] {
            #expect(schema["additionalProperties"] == false, "\(name)")
        }
    }
}
