public import Postgres
public import struct FoundationEssentials.UUID

/// What the API answers for one kind of thing: its fields, each with its column and its schema.
///
/// The `select` list and the OpenAPI schema are made from the same declaration, and rows travel from PostgreSQL to the client without
/// a Swift type in between, so the document cannot say what the database does not answer.
public struct Resource: Sendable {
    /// One field.
    public struct Field: Sendable {
        let name: String
        let expression: String
        let schema: Schema
        let note: String
        // Not selected: the function that answers it opens it.
        let isSealed: Bool

        init(_ name: String, _ expression: String?, _ schema: Schema, _ note: String, isSealed: Bool = false) {
            self.name = name
            self.expression = expression ?? name
            self.schema = schema
            self.note = note
            self.isSealed = isSealed
        }
    }

    /// The name of the schema, as in `Organisation`.
    public let name: String
    /// What a person calls it, as in "organisation".
    public let thing: String
    /// The fields in the order in which they are answered.
    public let fields: [Field]
    /// The table and the column of its identifier.
    public let table: String, key: String
    /// The list for `select` and `returning`.
    public let columns: Query

    /// Declares a resource.
    /// - Parameters:
    ///   - name: the name of its schema
    ///   - thing: what a person calls it
    ///   - table: the table or view, with its schema
    ///   - key: the column that identifies it in its network
    ///   - fields: everything else that is answered; `id` comes first by itself
    public init(_ name: String, _ thing: String, table: String, key: String, _ fields: [Field]) {
        self.name = name
        self.thing = thing
        self.table = table
        self.key = key
        self.fields = [.id("id", "The identifier.", from: key)] + fields
        columns = Query(
            raw: self.fields.filter { !$0.isSealed }.map { $0.expression == $0.name ? $0.name : "\($0.expression) as \($0.name)" }.joined(
                separator: ", "))
    }

    /// The schema of one.
    public var schema: Schema {
        .object(name: name, members: fields.map { ($0.name, $0.schema, $0.note) }, required: Set(fields.map(\.name)))
    }

    /// Whether it says which version it is, so that changes can be refused when stale.
    public var isVersioned: Bool { fields.contains { $0.name == "version" } }
}

extension Resource.Field {
    /// A text.
    public static func text(_ name: String, _ note: String, from column: String? = nil) -> Self {
        Self(name, column, .inline(["type": "string"]), note)
    }

    /// An identifier.
    public static func id(_ name: String, _ note: String, from column: String? = nil) -> Self {
        Self(name, column, .inline(["type": "string", "format": "uuid"]), note)
    }

    /// A whole number.
    public static func integer(_ name: String, _ note: String, from column: String? = nil) -> Self {
        Self(name, column, .inline(["type": "integer"]), note)
    }

    /// A number.
    public static func number(_ name: String, _ note: String, from column: String? = nil) -> Self {
        Self(name, column, .inline(["type": "number"]), note)
    }

    /// True or false.
    public static func boolean(_ name: String, _ note: String, from column: String? = nil) -> Self {
        Self(name, column, .inline(["type": "boolean"]), note)
    }

    /// A day.
    public static func date(_ name: String, _ note: String, from column: String? = nil) -> Self {
        Self(name, column, .inline(["type": "string", "format": "date"]), note)
    }

    /// A moment, in UTC.
    public static func moment(_ name: String, _ note: String, from column: String? = nil) -> Self {
        Self(name, column, .inline(["type": "string", "format": "date-time"]), note)
    }

    /// One of the cases of an enumeration.
    public static func choice<Value: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Value.Type, _ note: String, from column: String? = nil
    ) -> Self where Value.RawValue == String {
        Self(name, column, .inline(["type": "string", "enum": .array(Value.allCases.map { .string($0.rawValue) })]), note)
    }

    /// A list of texts.
    public static func texts(_ name: String, _ note: String, from column: String? = nil) -> Self {
        Self(name, column, .list(.inline(["type": "string"])), note)
    }

    /// Any JSON value (a `jsonb` column).
    public static func json(_ name: String, schema: [String: JSON] = [:], _ note: String, from column: String? = nil) -> Self {
        Self(name, column, .inline(schema), note)
    }

    /// A text that is kept sealed and opened for the person who asks; null where it cannot be.
    public static func sealedText(_ name: String, _ note: String) -> Self {
        Self(name, nil, .nullable(.inline(["type": "string"])), note, isSealed: true)
    }

    /// Whether a sealed text could be opened.
    public static let textState = Self(
        "text_state", nil, .inline(["type": "string", "enum": .array(SealedText.State.allCases.map { .string($0.rawValue) })]),
        "readable; erased, where its author's key was destroyed; damaged, where the database holds something else than was written.",
        isSealed: true)

    /// The version, from 1, which the ETag shows.
    public static let version = integer("version", "Counts the changes, from 1.")
    /// When it was made.
    public static let createdAt = moment("created_at", "When it was made.")

    /// The same field where it may be null.
    public var orNull: Self { Self(name, expression, .nullable(schema), note) }
}

/// A page of a list.
public struct Page: Sendable {
    /// How many at most, from 1 to 200.
    public let limit: Int
    /// The identifier after which the page begins, or nil for the first.
    public let after: UUID?

    /// Makes a page.
    public init(limit: Int = 50, after: UUID? = nil) {
        self.limit = limit
        self.after = after
    }

    /// Ends a statement with one row more than the page, which shows whether there is another page. Written out and not bound: for a bound
    /// limit PostgreSQL plans a statement anew each time, because it takes a plan that is good for any limit to be the dearer one.
    public var oneMore: Query { Query(raw: "limit \(limit + 1)") }
}

extension Actor {
    /// One thing by its identifier.
    /// - Throws: ``Refusal`` of kind `notFound`
    public func get(_ resource: Resource, _ id: UUID, where condition: Query? = nil) async throws -> Row {
        try await read(
            "select \(query: resource.columns) from \(raw: resource.table) where \(raw: resource.key) = \(id)\(query: and(condition))"
        ).only(resource)
    }

    /// A page of things, oldest first, with one more row than the page where there are more.
    public func list(_ resource: Resource, _ page: Page, where condition: Query? = nil) async throws -> Rows {
        let after: Query = page.after.map { " and \(raw: resource.key) > \($0)" } ?? ""
        return try await read(
            """
            select \(query: resource.columns) from \(raw: resource.table)
            where network_id = kith.current_network()\(query: after)\(query: and(condition))
            order by \(raw: resource.key) \(query: page.oneMore)
            """)
    }

    /// Changes one thing, if it still is of the version that the person last read.
    /// - Parameters:
    ///   - resource: what kind of thing
    ///   - id: which one
    ///   - version: the version last read
    ///   - changes: the columns to set
    ///   - condition: what must also hold of it
    /// - Returns: the thing as it is now
    /// - Throws: ``Refusal`` of kind `stale` or `notFound`
    public func update(_ resource: Resource, _ id: UUID, version: Int64, _ changes: Changes, where condition: Query? = nil) async throws
        -> Row
    {
        let changed = try await write(
            """
            update \(raw: resource.table) set \(query: changes.assignments) version = version + 1
            where \(raw: resource.key) = \(id) and version = \(version)\(query: and(condition))
            returning \(query: resource.columns)
            """)
        if let row = changed.first { return row }
        _ = try await get(resource, id, where: condition)
        throw Refusal.stale
    }

    private func and(_ condition: Query?) -> Query {
        condition.map { " and (\(query: $0))" } ?? ""
    }
}

extension Query {
    /// The conditions that are there, all of which must hold.
    public static func all(_ conditions: Query?...) -> Query {
        conditions.compactMap(\.self).reduce("true") { "\(query: $0) and \(query: $1)" }
    }
}

extension Rows {
    /// The one row that was asked for.
    /// - Throws: ``Refusal`` of kind `notFound`
    public func only(_ resource: Resource) throws -> Row {
        guard let row = first else { throw Refusal.notFound(resource.thing) }
        return row
    }
}

/// The columns that a merge patch sets.
public struct Changes: Sendable {
    fileprivate var assignments: Query = ""

    /// No change yet.
    public init() {}

    /// Sets a column where the field was sent.
    public mutating func set<Value: PostgresEncodable>(_ column: String, _ change: Change<Value>) {
        if case .set(let value) = change { assignments = assignments + "\(raw: column) = \(value), " }
    }

    /// Sets or empties a column where the field was sent.
    public mutating func set<Value: PostgresEncodable>(_ column: String, _ change: Change<Value?>) {
        if case .set(let value) = change { assignments = assignments + "\(raw: column) = \(value), " }
    }
}
