import Postgres
public import FoundationEssentials

/// An entry of the audit log as the hash tree sees it: its fields in a fixed order and form, which `kith.audit_leaf` makes in SQL.
///
/// Version 1: the byte 1, then each field as its length in four bytes (-1 for null) and its bytes. Identifiers have 16 bytes, the time is
/// microseconds since 1970 in UTC as a signed integer of 8 bytes, the transaction an unsigned one of 8 bytes; integers are
/// big-endian, texts UTF-8. The order is that of the properties. What the tree holds is SHA-256(0x00 ‖ these bytes).
public struct AuditLeaf: Sendable, Hashable {
    public let network: UUID?
    public let entry: UUID?
    /// Microseconds since 1970, in UTC.
    public let time: Int64?
    public let account: UUID?
    public let person: UUID?
    public let action: String?
    public let subject: UUID?
    public let subjectUntil: UUID?
    public let request: UUID?
    public let role: String?
    public let digest: [UInt8]?
    public let transaction: UInt64?

    /// The columns from which ``init(_:from:)`` reads, of a table that goes by the name of `e`. Times that no clock says are null.
    static let columns: Query = """
        e.network_id, e.entry_id,
        case when e.at >= '0001-01-01T00:00:00+00' and e.at < '10000-01-01T00:00:00+00' then (extract(epoch from e.at) * 1000000)::bigint end,
        e.account_id, e.person_id, e.action, e.subject_id, e.subject_until, e.request_id, e.role, e.digest, e.transaction_id
        """

    /// Reads an entry from the columns of a row, beginning at one.
    init(_ row: Row, from first: Int = 0) throws(PostgresError) {
        network = try row[first]
        entry = try row[first + 1]
        time = try row[first + 2]
        account = try row[first + 3]
        person = try row[first + 4]
        action = try row[first + 5]
        subject = try row[first + 6]
        subjectUntil = try row[first + 7]
        request = try row[first + 8]
        role = try row[first + 9]
        digest = try row[first + 10]
        transaction = try row[first + 11, as: String?.self].flatMap { UInt64($0) }
    }

    /// The hash of the entry whose ``columns`` stand in a row in PostgreSQL's binary forms, which are those of the leaf.
    static func hash(_ row: Row, from first: Int) -> TreeHash {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        bytes.append(1)
        for column in first..<first + 12 { row.withBytes(of: column) { bytes.append(field: $0) } }
        return .leaf(bytes)
    }

    /// The bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        bytes.append(1)
        bytes.append(field: network)
        bytes.append(field: entry)
        bytes.append(field: time)
        bytes.append(field: account)
        bytes.append(field: person)
        bytes.append(field: action?.utf8)
        bytes.append(field: subject)
        bytes.append(field: subjectUntil)
        bytes.append(field: request)
        bytes.append(field: role?.utf8)
        bytes.append(field: digest)
        bytes.append(field: transaction)
        return bytes
    }

    /// The hash of the leaf.
    public var hash: TreeHash { .leaf(bytes) }
}

extension [UInt8] {
    fileprivate mutating func append(field: (some Collection<UInt8>)?) {
        append(bigEndian: Int32(truncatingIfNeeded: field?.count ?? -1))
        if let field { append(contentsOf: field) }
    }

    fileprivate mutating func append(field id: UUID?) {
        append(bigEndian: id == nil ? -1 : 16 as Int32)
        if let id { Swift.withUnsafeBytes(of: id.uuid) { append(contentsOf: $0) } }
    }

    fileprivate mutating func append(field number: (some FixedWidthInteger)?) {
        append(bigEndian: number == nil ? -1 : 8 as Int32)
        if let number { append(bigEndian: number) }
    }

    private mutating func append(bigEndian number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}

extension AuditLeaf {
    /// The fields as a proof shows them. Binary ones are in base64, the transaction is text because it may be larger than 2⁵³.
    var json: JSON {
        func id(_ id: UUID?) -> JSON { id.map { .string($0.text) } ?? .null }
        return [
            "network_id": id(network), "id": id(entry), "at_microseconds": time.map(JSON.integer) ?? .null, "account_id": id(account),
            "person_id": id(person), "action": action.map(JSON.string) ?? .null, "subject_id": id(subject),
            "subject_until": id(subjectUntil), "request_id": id(request), "role": role.map(JSON.string) ?? .null,
            "digest": digest.map { .string(Data($0).base64EncodedString()) } ?? .null,
            "transaction_id": transaction.map { .string("\($0)") } ?? .null,
        ]
    }

    /// Reads the fields of a proof; what cannot be read is null, and then hashes to something else.
    init(_ json: JSON) {
        func id(_ name: String) -> UUID? { json[name]?.string.flatMap { UUID(uuidString: $0) } }
        network = id("network_id")
        entry = id("id")
        time = json["at_microseconds"]?.integer
        account = id("account_id")
        person = id("person_id")
        action = json["action"]?.string
        subject = id("subject_id")
        subjectUntil = id("subject_until")
        request = id("request_id")
        role = json["role"]?.string
        digest = json["digest"]?.string.flatMap { Data(base64Encoded: $0) }.map(Array.init)
        transaction = json["transaction_id"]?.string.flatMap { UInt64($0) }
    }
}
