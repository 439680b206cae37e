public import HTTPTypes
public import Kith

/// A person of a test network who can sign in.
public struct TestPerson: Sendable {
    /// The person.
    public let id: String
    /// The account.
    public let account: String
    /// A token that may read and write.
    public let token: String
}

/// A network on a test server, made through the API as an operator and an administrator make one.
public struct TestNetwork: Sendable {
    /// The server.
    public let server: TestServer
    /// The network.
    public let id: String
    /// Its first administrator.
    public let administrator: TestPerson

    /// The path of something in the network.
    public func path(_ path: String = "") -> String { "/v1/networks/\(id)\(path)" }

    /// Adds a person who has roles in the whole network, or in a programme, and has accepted the invitation.
    /// - Parameters:
    ///   - roles: what the person is trusted with
    ///   - programme: in which programme; nil for the whole network
    /// - Returns: the person
    /// - Throws: ``TestServer/Unexpected`` where the server refuses
    public func person(_ roles: Role..., in programme: String? = nil) async throws -> TestPerson {
        let id = try await post("/people", ["name": "A Person"]).expecting(201).id
        for role in roles {
            var grant: [String: JSON] = ["person_id": .string(id), "role": .string(role.rawValue)]
            if let programme { grant["programme_id"] = .string(programme) }
            _ = try await post("/role-grants", .object(grant)).expecting(201)
        }
        let invitation = try await post("/people/\(id)/invitations").expecting(201)
        return try await server.accept(invitation.json["code"]?.string ?? "")
    }

    /// Adds a programme.
    /// - Parameter name: its name
    /// - Returns: its identifier
    /// - Throws: ``TestServer/Unexpected`` where the server refuses
    public func programme(_ name: String = "A programme") async throws -> String {
        try await post("/programmes", ["name": .string(name)]).expecting(201).id
    }

    /// Enables a module.
    public func enable(_ module: String) async throws {
        _ = try await server.put(path("/modules/\(module)"), token: administrator.token).expecting(204)
    }

    /// GET in the network, as the administrator unless another person is named.
    public func get(_ path: String, as person: TestPerson? = nil, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await server.get(self.path(path), token: (person ?? administrator).token, headers: headers)
    }

    /// POST in the network, as the administrator unless another person is named.
    public func post(_ path: String, _ body: JSON = [:], as person: TestPerson? = nil, headers: HTTPFields = [:]) async throws
        -> TestResponse
    {
        try await server.post(self.path(path), body, token: (person ?? administrator).token, headers: headers)
    }

    /// Any method in the network, as the administrator unless another person is named.
    public func send(_ method: HTTPRequest.Method, _ path: String, _ body: JSON? = nil, as person: TestPerson? = nil) async throws
        -> TestResponse
    {
        try await server.send(method, self.path(path), body, token: (person ?? administrator).token)
    }

    /// PATCH in the network, as the administrator unless another person is named.
    public func patch(_ path: String, _ body: JSON, version: String?, as person: TestPerson? = nil) async throws -> TestResponse {
        try await server.patch(self.path(path), body, version: version, token: (person ?? administrator).token)
    }

    /// DELETE in the network, as the administrator unless another person is named.
    public func delete(_ path: String, as person: TestPerson? = nil) async throws -> TestResponse {
        try await server.delete(self.path(path), token: (person ?? administrator).token)
    }

    /// Sends a CSV file, as the administrator unless another person is named.
    public func upload(_ path: String, _ file: [UInt8], as person: TestPerson? = nil) async throws -> TestResponse {
        try await server.send(
            .post, self.path(path), bytes: file, token: (person ?? administrator).token, headers: [.contentType: "text/csv"])
    }
}

extension TestServer {
    /// An answer that the test could not go on with.
    public struct Unexpected: Error, CustomStringConvertible {
        /// What was expected and what came.
        public let description: String
    }

    /// Makes a network and signs in its administrator.
    /// - Parameter name: its name
    /// - Returns: the network
    /// - Throws: ``Unexpected`` where the server refuses
    public func makeNetwork(named name: String = "A network") async throws -> TestNetwork {
        let network = try await post(
            "/v1/networks", ["name": .string(name), "administrator_name": "An Administrator"], token: operatorToken
        )
        .expecting(201)
        let administrator = try await accept(network.json["invitation_code"]?.string ?? "")
        return TestNetwork(server: self, id: network.id, administrator: administrator)
    }

    /// Accepts an invitation as somebody who has no account yet.
    /// - Parameter code: the code of the invitation
    /// - Returns: the person who joined
    /// - Throws: ``Unexpected`` where the server refuses
    public func accept(_ code: String) async throws -> TestPerson {
        let accepted = try await post("/v1/invitations/accept", ["code": .string(code)], token: nil).expecting(200).json
        return TestPerson(
            id: accepted["person_id"]?.string ?? "", account: accepted["account_id"]?.string ?? "", token: accepted["token"]?.string ?? "")
    }
}

extension TestResponse {
    /// The answer itself, where it has the status that the test needs to go on.
    /// - Parameter status: the status
    /// - Returns: the answer
    /// - Throws: ``TestServer/Unexpected`` where it has another
    @discardableResult
    public func expecting(_ status: Int) throws -> TestResponse {
        if self.status != status { throw TestServer.Unexpected(description: "\(status) was expected, \(self.status) came: \(text)") }
        return self
    }
}
