public import HTTPTypes
public import Kith

/// A browser at a test server: keeps its cookies, and sends the CSRF token of its session as a page of the site does.
public actor TestBrowser {
    /// The server.
    public nonisolated let server: TestServer
    /// The cookies, by name.
    public private(set) var cookies: [String: String] = [:]
    /// The attributes of each cookie as it was set last.
    public private(set) var attributes: [String: String] = [:]
    /// What the page read from its session.
    public var csrfToken: String?

    /// Makes a browser without cookies.
    public init(_ server: TestServer) {
        self.server = server
    }

    /// Sends a request with the cookies, and takes those of the answer.
    /// - Parameters:
    ///   - method: the method
    ///   - path: the path from `/v1`
    ///   - body: the JSON body
    ///   - headers: further headers
    /// - Returns: the answer
    /// - Throws: where the answer cannot be written
    @discardableResult
    public func send(_ method: HTTPRequest.Method, _ path: String, _ body: JSON? = nil, headers: HTTPFields = [:]) async throws
        -> TestResponse
    {
        var headers = headers
        if !cookies.isEmpty { headers[.cookie] = cookies.map { "\($0)=\($1)" }.sorted().joined(separator: "; ") }
        if let csrfToken, method != .get { headers[HTTPField.Name("X-CSRF-Token")!] = csrfToken }
        let answer = try await server.send(method, path, body, token: nil, headers: headers)
        for header in answer.headers[values: .setCookie] {
            let parts = header.split(separator: ";", maxSplits: 1)
            let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            cookies[String(pair[0])] = pair[1].isEmpty ? nil : String(pair[1])
            attributes[String(pair[0])] = parts.count > 1 ? String(parts[1]) : ""
        }
        if let token = answer.json["csrf_token"]?.string { csrfToken = token }
        return answer
    }

    /// Forgets a cookie, or takes one from elsewhere.
    public func set(_ cookie: String, to value: String?) {
        cookies[cookie] = value
    }

    /// Forgets what the page knows of its session, or makes it believe something else.
    public func set(csrfToken: String?) {
        self.csrfToken = csrfToken
    }

    /// Signs in with a password.
    @discardableResult
    public func signIn(_ name: String, _ password: String, _ more: [String: JSON] = [:]) async throws -> TestResponse {
        try await send(
            .post, "/v1/sign-in/password", .object(["name": .string(name), "password": .string(password)].merging(more) { $1 }))
    }
}

extension TestNetwork {
    /// Adds a person with an address and a password.
    /// - Parameters:
    ///   - email: the address
    ///   - password: the password
    ///   - roles: what the person is trusted with
    /// - Returns: the person
    /// - Throws: ``TestServer/Unexpected`` where the server refuses
    public func person(_ email: String, password: String, _ roles: Role...) async throws -> TestPerson {
        let id = try await post("/people", ["name": "A Person", "email": .string(email)]).expecting(201).id
        for role in roles {
            _ = try await post("/role-grants", ["person_id": .string(id), "role": .string(role.rawValue)]).expecting(201)
        }
        let person = try await server.accept(try await post("/people/\(id)/invitations").expecting(201).json["code"]?.string ?? "")
        _ = try await server.send(.put, "/v1/account/password", ["password": .string(password)], token: person.token).expecting(200)
        return person
    }
}
