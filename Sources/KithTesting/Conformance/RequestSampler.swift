import HTTPTypes
package import Kith
package import KithAPI
import struct FoundationEssentials.UUID

/// Makes requests that are correct in every field, from what the OpenAPI document says of each operation.
package struct RequestSampler: Sendable {
    private let document: JSON

    package init(_ endpoints: [Endpoint]) {
        document = OpenAPI.document(endpoints, version: "0")
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
        let body = type == "text/csv" ? Array("id\nA1\n".utf8) : sample(schema).bytes
        return try await server.send(endpoint.method, path, bytes: body, token: token, headers: headers)
    }

    /// What the document says of an endpoint.
    package func operation(_ endpoint: Endpoint) -> JSON {
        document["paths"]?[endpoint.path.served]?[endpoint.method.rawValue.lowercased()] ?? .null
    }

    private func content(_ operation: JSON) -> (type: String, schema: JSON)? {
        guard let content = operation["requestBody"]?["content"]?.object?.first, let schema = content.value["schema"] else { return nil }
        return (content.key, schema)
    }

    private func sample(_ schema: JSON) -> JSON {
        if let name = schema["$ref"]?.string?.split(separator: "/").last {
            return sample(document["components"]?["schemas"]?[String(name)] ?? .null)
        }
        if let first = schema["enum"]?.array?.first { return first }
        let type = schema["type"]?.string ?? schema["type"]?.array?.first?.string
        return switch type {
        case "object": .object(members(schema))
        case "array": []
        case "integer": schema["minimum"] ?? 1
        case "number": schema["minimum"] ?? 1
        case "boolean": false
        case "string": .string(text(schema))
        default: .null
        }
    }

    private func members(_ schema: JSON) -> [String: JSON] {
        let names = (schema["required"]?.array ?? []).compactMap(\.string)
        return Dictionary(uniqueKeysWithValues: names.map { ($0, sample(schema["properties"]?[$0] ?? .null)) })
    }

    private func text(_ schema: JSON) -> String {
        switch schema["format"]?.string {
        case "uuid": "\(UUID.version7())".lowercased()
        case "date": "2026-03-01"
        case "date-time": "2026-03-01T09:30:00Z"
        default:
            schema["pattern"]?.string?.contains("@") == true
                ? "name@example.org" : String(repeating: "x", count: max(1, Int(schema["minLength"]?.integer ?? 1)))
        }
    }
}
