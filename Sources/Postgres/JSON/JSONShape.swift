/// How a result's columns become the members of a JSON object.
struct JSONShape: Sendable {
    /// How a value's text becomes JSON.
    enum Kind: Sendable { case string, boolean, number, verbatim, timestamp, base64 }

    struct Member: Sendable {
        /// Where `{"key":` or `,"key":` stands in `keys`.
        let key: Range<Int>
        let kind: Kind
        let isArray: Bool
    }

    let members: [Member]
    /// The keys of all members, escaped, one behind the other: one buffer, so that a row touches no reference count for its keys.
    let keys: [UInt8]

    init(columns: [String], types: [UInt32]) {
        var keys: [UInt8] = []
        members = zip(columns, types).enumerated().map { index, column in
            var key = JSONWriter(capacity: 64)
            key.append(index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
            var name = column.0
            name.withUTF8 { key.appendString($0) }
            key.append(UInt8(ascii: ":"))
            let start = keys.count
            key.withBytes { keys.append(contentsOf: $0) }
            let (kind, isArray) = JSONShape.kinds[column.1] ?? (.string, false)
            return Member(key: start..<keys.count, kind: kind, isArray: isArray)
        }
        self.keys = keys
    }

    private static let kinds: [UInt32: (Kind, isArray: Bool)] = {
        let simple: [(PostgresType, Kind)] = [
            (.bool, .boolean), (.int2, .number), (.int4, .number), (.int8, .number), (.objectID, .number), (.float4, .number),
            (.float8, .number), (.numeric, .number), (.json, .verbatim), (.jsonb, .verbatim), (.timestamptz, .timestamp),
            (.bytea, .base64), (.text, .string), (.varchar, .string), (.uuid, .string), (.date, .string),
        ]
        return simple.reduce(into: [:]) { kinds, entry in
            kinds[entry.0.oid] = (entry.1, false)
            kinds[entry.0.arrayOID] = (entry.1, true)
        }
    }()
}
