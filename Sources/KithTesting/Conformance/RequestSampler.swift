import HTTPTypes
package import Kith
package import KithAPI
import struct FoundationEssentials.UUID

/// Makes requests that are correct in every field, from what the OpenAPI document says of each operation.
package struct RequestSampler: Sendable {
    private let document: JSON

    /// What stands in every text that may be free, also in those that need not be sent; nil for the least that is correct.
    private let filling: String?

    package init(_ endpoints: [Endpoint], filling: String? = nil) {
        document = OpenAPI.document(endpoints, version: "0")
        self.filling = filling
    }

    /// Sends a correct request to an endpoint.
    /// - Parameters:
    ///   - endpoint: the endpoint
    ///   - server: where it is served
    ///   - parameters: what stands for the parameters of its path; new identifiers and "unknown" otherwise
    ///   - token: the token to present
    /// - Returns: the answer
    /// - Throws: where the answer cannot be written
    package func send(
        _ endpoint: Endpoint, to server: TestServer, with parameters: [String: String], token: String?
    ) async throws -> TestResponse {
        var path = endpoint.path.served
        for name in endpoint.path.parameters {
            let value = parameters[name] ?? (name.hasSuffix("_name") ? "unknown" : "\(UUID.version7())".lowercased())
            path = path.replacing("{\(name)}", with: value)
        }
        var headers: HTTPFields = [:]
        let operation = operation(endpoint)
        if operation["parameters"]?.array?.contains(where: { $0["name"] == "If-Match" }) == true { headers[.ifMatch] = "\"1\"" }
        guard let (type, schema) = content(operation) else {
            // A stream does not end, so it is asked for without its body.
            return try await server.send(endpoint.isStream ? .head : endpoint.method, path, token: token, headers: headers)
        }
        headers[.contentType] = type
        let body = type == "text/csv" ? Array("id\n\(filling ?? "A1")\n".utf8) : sample(schema, naming: parameters).bytes
        return try await server.send(endpoint.method, path, bytes: body, token: token, headers: headers)
    }

    /// What the document says of an endpoint.
    package func operation(_ endpoint: Endpoint) -> JSON {
        document["paths"]?[endpoint.path.served]?[endpoint.method.rawValue.lowercased()] ?? .null
    }

    /// The names of the members of an endpoint's body.
    package func members(_ endpoint: Endpoint) -> [String] {
        guard var schema = content(operation(endpoint))?.schema else { return [] }
        if let name = schema["$ref"]?.string?.split(separator: "/").last {
            schema = document["components"]?["schemas"]?[String(name)] ?? .null
        }
        return (schema["properties"]?.object ?? [:]).keys.sorted()
    }

    private func content(_ operation: JSON) -> (type: String, schema: JSON)? {
        guard let content = operation["requestBody"]?["content"]?.object?.first, let schema = content.value["schema"] else { return nil }
        return (content.key, schema)
    }

    private func sample(_ schema: JSON, naming known: [String: String]) -> JSON {
        if let name = schema["$ref"]?.string?.split(separator: "/").last {
            return sample(document["components"]?["schemas"]?[String(name)] ?? .null, naming: known)
        }
        if let first = schema["enum"]?.array?.first { return first }
        let type = schema["type"]?.string ?? schema["type"]?.array?.first?.string
        return switch type {
        case "object": .object(members(schema, naming: known))
        case "array": []
        case "integer": schema["minimum"] ?? 1
        case "number": schema["minimum"] ?? 1
        case "boolean": false
        case "string": .string(text(schema))
        default: .null
        }
    }

    // A member such as `programme_id` names the programme that is known.
    private func members(_ schema: JSON, naming known: [String: String]) -> [String: JSON] {
        let properties = schema["properties"]?.object ?? [:]
        let required = (schema["required"]?.array ?? []).compactMap(\.string)
        let names = filling == nil ? required : required + properties.keys.filter { isText(properties[$0]) && !required.contains($0) }
        return Dictionary(
            uniqueKeysWithValues: names.map { name in
                if name.hasSuffix("_id"), let id = known[String(name.dropLast(3))] { return (name, .string(id)) }
                return (name, sample(properties[name] ?? .null, naming: known))
            })
    }

    private func isText(_ schema: JSON?) -> Bool {
        let type = schema?["type"]?.string ?? schema?["type"]?.array?.first?.string
        return type == "string" && schema?["enum"] == nil && schema?["format"] == nil
    }

    private func text(_ schema: JSON) -> String {
        switch schema["format"]?.string {
        case "uuid": "\(UUID.version7())".lowercased()
        case "date": "2026-03-01"
        case "date-time": "2026-03-01T09:30:00Z"
        default:
            schema["pattern"]?.string?.contains("@") == true
                ? "\(filling ?? "name")@example.org"
                : filling.map { String($0.prefix(Int(schema["maxLength"]?.integer ?? 1000))) }
                    ?? String(repeating: "x", count: max(1, Int(schema["minLength"]?.integer ?? 1)))
        }
    }
}
