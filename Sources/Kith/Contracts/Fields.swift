/// The body or the filters of a request, read from declared fields.
///
/// The initialiser names each field once. The same initialiser is run to read a request and, without one, to describe it, so that
/// the document and the check cannot drift apart. It never throws: problems are gathered and reported together.
///
/// ```swift
/// struct NewProgramme: Input {
///     let name: String
///     let endsOn: CalendarDate?
///     init(from fields: inout Fields) {
///         name = fields.required("name", .text(), "What people call the programme.")
///         endsOn = fields.optional("ends_on", .date, "The last day.")
///     }
/// }
/// ```
public protocol Input: Sendable {
    /// Reads each field; see the type.
    init(from fields: inout Fields)
}

/// No fields at all.
public struct NoInput: Input {
    /// Reads nothing.
    public init(from fields: inout Fields) {}
}

/// What a merge patch (RFC 7396) says of one field.
public enum Change<Value: Sendable>: Sendable {
    /// The field was not sent.
    case keep
    /// The field was sent.
    case set(Value)
}

/// The fields of one object while they are read or described.
public struct Fields {
    private enum Source {
        case object([String: JSON])
        case text([String: String])
        case description
    }

    private let source: Source
    private let pointer: String
    private var problems: [FieldProblem] = []
    private var members: [(name: String, schema: Schema, note: String)] = []
    private var required: Set<String> = []

    private init(_ source: Source, pointer: String) {
        self.source = source
        self.pointer = pointer
    }

    /// A field that must be there.
    public mutating func required<Value>(_ name: String, _ format: Format<Value>, _ note: String) -> Value {
        required.insert(name)
        declare(name, format.schema, note)
        guard case .description = source else {
            if let json = sent(name, format.schema) { return format.read(json, at(name), &problems) }
            problems.append(FieldProblem(at(name), "This is missing. \(note)"))
            return format.placeholder
        }
        return format.placeholder
    }

    /// A field that may be absent or null.
    public mutating func optional<Value>(_ name: String, _ format: Format<Value>, _ note: String) -> Value? {
        declare(name, isText ? format.schema : .nullable(format.schema), note)
        guard let json = sent(name, format.schema), json != .null else { return nil }
        return format.read(json, at(name), &problems)
    }

    /// A field that may be absent, with what then holds.
    public mutating func optional<Value>(_ name: String, _ format: Format<Value>, default value: Value, _ note: String) -> Value {
        declare(name, format.schema, note)
        guard let json = sent(name, format.schema) else { return value }
        return format.read(json, at(name), &problems)
    }

    /// A field of a merge patch that cannot be emptied.
    public mutating func change<Value>(_ name: String, _ format: Format<Value>, _ note: String) -> Change<Value> {
        declare(name, format.schema, note)
        guard let json = sent(name, format.schema) else { return .keep }
        return .set(format.read(json, at(name), &problems))
    }

    /// A field of a merge patch that null empties.
    public mutating func clearableChange<Value>(_ name: String, _ format: Format<Value>, _ note: String) -> Change<Value?> {
        declare(name, .nullable(format.schema), note)
        guard let json = sent(name, format.schema) else { return .keep }
        return .set(json == .null ? nil : format.read(json, at(name), &problems))
    }

    /// A rule between fields. Only asked when every field by itself is right.
    public mutating func check(_ holds: @autoclosure () -> Bool, _ name: String, _ otherwise: String) {
        if case .description = source { return }
        if problems.isEmpty, !holds() { problems.append(FieldProblem(at(name), otherwise)) }
    }

    private var isText: Bool { if case .text = source { true } else { false } }

    private func at(_ name: String) -> String {
        if isText { return name }
        // Replacing is slow, and hardly a name has one of them.
        let isPlain = !name.utf8.contains { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }
        return "\(pointer)/\(isPlain ? name : name.replacing("~", with: "~0").replacing("/", with: "~1"))"
    }

    private mutating func declare(_ name: String, _ schema: Schema, _ note: String) {
        members.append((name, schema, note))
    }

    private func sent(_ name: String, _ schema: Schema) -> JSON? {
        switch source {
        case .object(let members): members[name]
        case .text(let values): values[name].map { JSON(query: $0, as: schema) }
        case .description: nil
        }
    }

    private mutating func finish() {
        let sent: Set<String> =
            switch source {
            case .object(let members): Set(members.keys)
            case .text(let values): Set(values.keys)
            case .description: []
            }
        for name in sent.subtracting(members.map(\.name)).sorted() {
            let known = members.map(\.name).joined(separator: ", ")
            problems.append(
                FieldProblem(at(name), "There is no such field. \(known.isEmpty ? "None is expected." : "Known are: \(known).")"))
        }
    }
}

extension Fields {
    /// The schema of an input; an object named after the type and those around it.
    public static func describe<Value: Input>(_ type: Value.Type) -> Schema {
        var fields = Fields(.description, pointer: "")
        _ = Value(from: &fields)
        return .object(name: name(of: Value.self), members: fields.members, required: fields.required)
    }

    // As in OrganisationsNew for Kith.Organisations.New; the module is left out where it is the core's.
    private static func name(of type: any Input.Type) -> String {
        let parts = String(reflecting: type).split(separator: "<")[0].split(separator: ".").filter { !$0.hasPrefix("(") }
        return parts.drop { ["Kith", "KithAPI"].contains($0) }.joined()
    }

    static func placeholder<Value: Input>(_ type: Value.Type) -> Value {
        var fields = Fields(.description, pointer: "")
        return Value(from: &fields)
    }

    static func read<Value: Input>(_ type: Value.Type, from json: JSON, at pointer: String, into problems: inout [FieldProblem]) -> Value {
        guard case .object(let members) = json else {
            problems.append(FieldProblem(pointer, "This must be an object; it is \(json.kind)."))
            return placeholder(type)
        }
        var fields = Fields(.object(members), pointer: pointer)
        let value = Value(from: &fields)
        fields.finish()
        problems += fields.problems
        return value
    }

    /// Reads an input from a JSON body.
    /// - Throws: ``Refusal`` of kind `invalid` with every problem.
    public static func read<Value: Input>(_ type: Value.Type, from json: JSON) throws -> Value {
        var problems: [FieldProblem] = []
        let value = read(type, from: json, at: "", into: &problems)
        if !problems.isEmpty { throw Refusal.invalid(problems) }
        return value
    }

    /// Reads an input from the parameters of a query string.
    /// - Throws: ``Refusal`` of kind `invalid` with every problem.
    public static func read<Value: Input>(_ type: Value.Type, fromQuery values: [String: String]) throws -> Value {
        var fields = Fields(.text(values), pointer: "")
        let value = Value(from: &fields)
        fields.finish()
        if !fields.problems.isEmpty { throw Refusal.invalid(fields.problems) }
        return value
    }
}

extension JSON {
    /// A query parameter is text; what its schema calls a number or a truth value is read as one.
    fileprivate init(query text: String, as schema: Schema) {
        guard case .inline(let document) = schema else {
            self = .string(text)
            return
        }
        switch document["type"] {
        case "integer": self = Int64(text).map(JSON.integer) ?? .string(text)
        case "boolean": self = text == "true" ? true : text == "false" ? false : .string(text)
        default: self = .string(text)
        }
    }
}
