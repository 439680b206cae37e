import HTTPTypes
public import Kith

/// The OpenAPI 3.1 document, made from the declarations that route the requests.
public enum OpenAPI {
    /// The document for a list of endpoints.
    /// - Parameters:
    ///   - endpoints: all that are served
    ///   - version: the version of this release
    /// - Returns: the document
    public static func document(_ endpoints: [Endpoint], version: String) -> JSON {
        var components: [String: JSON] = [:]
        _ = Problem.schema.document(into: &components)
        var paths: [String: [String: JSON]] = [:]
        for endpoint in endpoints {
            paths[endpoint.path.served, default: [:]][endpoint.method.rawValue.lowercased()] = operation(endpoint, &components)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Kith", "version": .string(version),
                "description": "Co-production and peer networks: expert-by-experience panels, learning sets, inquiries and mentoring.",
            ],
            "servers": [["url": "/"]],
            "paths": .object(paths.mapValues(JSON.object)),
            "components": [
                "schemas": .object(components),
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer", "description": "An API token, or a session's secret."],
                    "session": [
                        "type": "apiKey", "in": "cookie", "name": .string(Cookie.session),
                        "description": "A browser's session. What is not GET also needs its CSRF token, in the header X-CSRF-Token.",
                    ],
                ],
            ],
        ]
    }

    private static func operation(_ endpoint: Endpoint, _ components: inout [String: JSON]) -> JSON {
        var operation: [String: JSON] = [
            "operationId": .string(endpoint.name), "summary": .string(endpoint.summary), "tags": [.string(tag(endpoint))],
            "responses": responses(endpoint, &components), "description": .string(description(endpoint) + consent(endpoint)),
        ]
        switch endpoint.access {
        case .anyone, .visitor(_, .some): operation["security"] = []
        case .visitor(_, .none): operation["security"] = [["token": []]]
        default: operation["security"] = [["token": []], ["session": []]]
        }
        let parameters = parameters(endpoint, &components)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        switch endpoint.body {
        case .none: break
        case .json(let schema):
            var content: [String: JSON] = [:]
            let type = endpoint.method == .patch ? "application/merge-patch+json" : "application/json"
            content[type] = ["schema": schema.document(into: &components)]
            operation["requestBody"] = ["required": true, "content": .object(content)]
        case .csv:
            operation["requestBody"] = ["required": true, "content": ["text/csv": ["schema": ["type": "string"]]]]
        }
        return .object(operation)
    }

    private static func tag(_ endpoint: Endpoint) -> String {
        let words = endpoint.path.text.split(separator: "/").filter { !$0.hasPrefix("{") }
        return String((words.first == "networks" && words.count > 1 ? words[1] : words.first) ?? "kith")
    }

    private static func description(_ endpoint: Endpoint) -> String {
        switch endpoint.access {
        case .anyone, .visitor(_, .some): "Needs no token."
        case .visitor(_, .none): "Needs no account: the token is the secret that was shown once."
        case .account: "Needs a token."
        case .signIn: "Needs a session, or a token that may write."
        case .operator: "For the operator of the server."
        case .member: "For every person of the network."
        case .everMember: "For every person of the network, also after they have left it."
        case .permission(let permission, _):
            "Needs the permission \(permission.id), which these roles carry: \(permission.roles.map(\.rawValue).sorted().joined(separator: ", "))."
        }
    }

    private static func consent(_ endpoint: Endpoint) -> String {
        endpoint.consent.map { " Needs your consent to \($0.id): \($0.title)." } ?? ""
    }

    private static func parameters(_ endpoint: Endpoint, _ components: inout [String: JSON]) -> [JSON] {
        var parameters: [JSON] = endpoint.path.parameters.map { name in
            let schema: JSON =
                PathTemplate.isWord(name) ? ["type": "string", "pattern": "^[a-z0-9_.-]{1,100}$"] : ["type": "string", "format": "uuid"]
            return ["name": .string(name), "in": "path", "required": true, "schema": schema]
        }
        if case .object(_, let members, let required)? = endpoint.query {
            parameters += members.map { member in
                [
                    "name": .string(member.name), "in": "query", "required": .bool(required.contains(member.name)),
                    "description": .string(member.note), "schema": member.schema.document(into: &components),
                ]
            }
        }
        if endpoint.needsVersion {
            parameters.append([
                "name": "If-Match", "in": "header", "required": true, "description": "The ETag of the version that you change.",
                "schema": ["type": "string", "pattern": "^\"[1-9][0-9]{0,17}\"$"],
            ])
        }
        if endpoint.isUnsafe, endpoint.access.knowsRepeats {
            parameters.append([
                "name": "Idempotency-Key", "in": "header", "required": false,
                "description": "Makes it safe to send the same request again: it is done once, and answered alike for 24 hours.",
                "schema": ["type": "string", "pattern": "^[A-Za-z0-9_-]{1,255}$"],
            ])
        }
        if endpoint.observed != nil {
            parameters.append([
                "name": "Kith-Access-Reason", "in": "header", "required": false,
                "description": "Why you look. Your use of this is recorded, and whoever it is about can see that you looked, and why.",
                "schema": ["type": "string", "minLength": 1, "maxLength": 500, "pattern": "^[!-~]([ -~]*[!-~])?$"],
            ])
        }
        if case .stream = endpoint.answer {
            parameters.append([
                "name": "Last-Event-ID", "in": "header", "required": false,
                "description": "The id of the last event seen; nothing after it is lost.",
                "schema": ["type": "string", "pattern": "^[0-9]{1,18}$"],
            ])
        }
        return parameters
    }

    private static func responses(_ endpoint: Endpoint, _ components: inout [String: JSON]) -> JSON {
        var responses: [String: JSON] = [:]
        func problem(_ code: Int, _ description: String) {
            responses["\(code)"] = [
                "description": .string(description),
                "content": .object([Problem.mediaType: ["schema": ["$ref": "#/components/schemas/Problem"]]]),
            ]
        }
        func answer(_ code: Int, _ description: String, _ mediaType: String, _ schema: JSON, headers: [String: JSON] = [:]) {
            var response: [String: JSON] = ["description": .string(description), "content": .object([mediaType: ["schema": schema]])]
            if !headers.isEmpty { response["headers"] = .object(headers) }
            responses["\(code)"] = .object(response)
        }
        switch endpoint.answer {
        case .one(let resource, let status):
            var headers: [String: JSON] = [:]
            if resource.isVersioned { headers["ETag"] = ["schema": ["type": "string"], "description": "The version, for If-Match."] }
            if status == .created || status == .accepted {
                headers["Location"] = ["schema": ["type": "string"], "description": "Where it is."]
            }
            answer(status.code, "The \(resource.thing).", "application/json", resource.schema.document(into: &components), headers: headers)
        case .page(let resource):
            let page = Schema.object(
                name: "\(resource.name)Page",
                members: [
                    ("items", .list(resource.schema), "The page, oldest first."),
                    (
                        "next", .nullable(.inline(["type": "string", "format": "uuid"])),
                        "Send it as `after` for the next page; null on the last."
                    ),
                ], required: ["items", "next"])
            answer(200, "A page.", "application/json", page.document(into: &components))
        case .nothing: responses["204"] = ["description": "Done."]
        case .value(let schema):
            let document = schema.document(into: &components)
            answer(200, "The answer.", "application/json", document)
            guard case .csv = endpoint.body else { break }
            responses["200"] = [
                "description": .string(
                    "The answer. With Accept: text/event-stream, events of the kind progress (a share from 0 to 1, and a stage), and at the end "
                        + "one result, with the answer, or one problem."),
                "content": ["application/json": ["schema": document], "text/event-stream": ["schema": ["type": "string"]]],
            ]
        case .document(let mediaType): answer(200, "The document.", mediaType, ["type": "string"])
        case .stream: answer(200, "Server-sent events.", "text/event-stream", ["type": "string"])
        }
        problem(400, "The request could not be read.")
        problem(422, "Some fields need correcting; each is named.")
        problem(429, "Too many requests.")
        problem(503, "Not available at the moment.")
        if !endpoint.access.isAuthenticated, endpoint.isUnsafe { problem(401, "What was given to sign in is not right.") }
        if endpoint.access.isAuthenticated {
            problem(401, "The token is missing, expired or withdrawn.")
            problem(403, "The roles of the person do not allow it.")
        }
        problem(404, "There is no such thing, or you may not know that there is.")
        if endpoint.isUnsafe {
            problem(409, "It does not fit what is there.")
            problem(413, "The body is too large.")
            problem(415, "The body is in another form than expected.")
        }
        if endpoint.needsVersion {
            problem(412, "Somebody else changed it.")
            problem(428, "If-Match is missing.")
        }
        return .object(responses)
    }
}

extension Access {
    /// Whether nobody may ask without a token.
    var isAuthenticated: Bool {
        switch self {
        case .anyone, .visitor(_, .some): false
        default: true
        }
    }

    /// Whether a repeated request is known again, by the account or the visitor that sent it.
    var knowsRepeats: Bool { if case .anyone = self { false } else { true } }

    /// Whether something in the database decides.
    var hasDoor: Bool { if case .anyone = self { false } else { true } }
}
