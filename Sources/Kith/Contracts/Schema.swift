/// What a value may be: a fragment of JSON Schema 2020-12, from which the OpenAPI document is made.
public indirect enum Schema: Sendable {
    /// A schema written out where it stands.
    case inline([String: JSON])
    /// A list of values of one schema.
    case list(Schema, count: ClosedRange<Int>? = nil)
    /// An object with known members; those in `required` are always there.
    case object(name: String?, members: [(name: String, schema: Schema, note: String)], required: Set<String>)
    /// A value that may also be null.
    case nullable(Schema)

    /// The JSON Schema. Named objects are collected in `components` and referred to.
    public func document(into components: inout [String: JSON]) -> JSON {
        switch self {
        case .inline(let document): return .object(document)
        case .list(let element, let count):
            var document: [String: JSON] = ["type": "array", "items": element.document(into: &components)]
            if let count {
                document["minItems"] = .integer(Int64(count.lowerBound))
                document["maxItems"] = .integer(Int64(count.upperBound))
            }
            return .object(document)
        case .nullable(let schema):
            let document = schema.document(into: &components)
            if case .object(var members) = document, case .string(let type)? = members["type"] {
                members["type"] = [.string(type), "null"]
                if let choices = members["enum"]?.array { members["enum"] = .array(choices + [.null]) }
                return .object(members)
            }
            return ["anyOf": [document, ["type": "null"]]]
        case .object(let name, let members, let required):
            var properties: [String: JSON] = [:]
            for member in members {
                var document = member.schema.document(into: &components).object ?? [:]
                document["description"] = .string(member.note)
                properties[member.name] = .object(document)
            }
            let document: JSON = [
                "type": "object", "properties": .object(properties), "required": .array(required.sorted().map(JSON.string)),
                "additionalProperties": false,
            ]
            guard let name else { return document }
            components[name] = document
            return ["$ref": .string("#/components/schemas/\(name)")]
        }
    }
}
