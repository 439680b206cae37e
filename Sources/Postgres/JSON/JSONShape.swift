/// How a result's columns become the members of a JSON object.
struct JSONShape: Sendable {
    /// How a column's text becomes JSON.
    enum Kind: Sendable {
        case string, boolean, number, verbatim, timestamp, base64
        indirect case array(of: Kind)
    }

    struct Member: Sendable {
        /// `{"key":` or `,"key":`
        let prefix: [UInt8]
        let kind: Kind
    }

    let members: [Member]

    init(columns: [String], types: [UInt32]) {
        members = zip(columns, types).enumerated().map { index, column in
            var prefix: [UInt8] = [index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ",")]
            var name = column.0
            name.withUTF8 { prefix.appendJSONString($0) }
            prefix.append(UInt8(ascii: ":"))
            return Member(prefix: prefix, kind: JSONShape.kinds[column.1] ?? .string)
        }
    }

    private static let kinds: [UInt32: Kind] = {
        let simple: [(PostgresType, Kind)] = [
            (.bool, .boolean), (.int2, .number), (.int4, .number), (.int8, .number), (.objectID, .number), (.float4, .number),
            (.float8, .number), (.numeric, .number), (.json, .verbatim), (.jsonb, .verbatim), (.timestamptz, .timestamp),
            (.bytea, .base64), (.text, .string), (.varchar, .string), (.uuid, .string), (.date, .string),
        ]
        return simple.reduce(into: [:]) { kinds, entry in
            kinds[entry.0.oid] = entry.1
            kinds[entry.0.arrayOID] = .array(of: entry.1)
        }
    }()
}
