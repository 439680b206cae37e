import Postgres
public import struct FoundationEssentials.Date
public import struct FoundationEssentials.UUID

/// How a value is written in JSON and in a query string: one declaration that reads it, checks it and describes it.
public struct Format<Value: Sendable>: Sendable {
    /// The JSON Schema of the value, as strict as the check.
    public let schema: Schema
    /// A value of the type, used where there is none to read: while describing, and after a problem was noted.
    let placeholder: Value
    /// Reads the value, or notes what is wrong with it and answers the placeholder.
    let read: @Sendable (JSON, _ pointer: String, inout [FieldProblem]) -> Value

    init(_ schema: Schema, placeholder: Value, read: @escaping @Sendable (JSON, String, inout [FieldProblem]) -> Value) {
        self.schema = schema
        self.placeholder = placeholder
        self.read = read
    }

    /// A format whose values come from one JSON value.
    ///
    /// - Parameters:
    ///   - schema: the JSON Schema, as strict as `parse`
    ///   - placeholder: any value of the type
    ///   - expected: what was expected, to follow "This must be"
    ///   - parse: the value, or nil where it cannot be read
    public init(_ schema: [String: JSON], placeholder: Value, expected: String, parse: @escaping @Sendable (JSON) -> Value?) {
        self.init(.inline(schema), placeholder: placeholder) { json, pointer, problems in
            if let value = parse(json) { return value }
            problems.append(FieldProblem(pointer, "This must be \(expected); it is \(json.kind)."))
            return placeholder
        }
    }
}

extension Format where Value == String {
    /// Text with something to read in it: no control characters (line breaks and tabs where `lines` allows them).
    /// - Parameters:
    ///   - length: how many characters (Unicode scalars) it may have
    ///   - lines: whether it may have several lines
    /// - Returns: the format
    public static func text(_ length: ClosedRange<Int> = 1...200, lines: Bool = false) -> Format {
        let allowed = lines ? #"[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]"# : #"[^\u0000-\u001f\u007f]"#
        let pattern = length.lowerBound == 0 ? "^\(allowed)*$" : "^\(allowed)*[^\\s\\u0000-\\u001f\\u007f\\u0085\\ufeff]\(allowed)*$"
        return Format(
            .inline([
                "type": "string", "minLength": .integer(Int64(length.lowerBound)), "maxLength": .integer(Int64(length.upperBound)),
                "pattern": .string(pattern),
            ]), placeholder: ""
        ) { json, pointer, problems in
            guard let text = json.string else {
                problems.append(FieldProblem(pointer, "This must be text; it is \(json.kind)."))
                return ""
            }
            let count = text.unicodeScalars.count
            if count < length.lowerBound || length.lowerBound > 0 && text.allSatisfy(\.isWhitespace) {
                problems.append(FieldProblem(pointer, "This must not be empty."))
            } else if count > length.upperBound {
                problems.append(
                    FieldProblem(pointer, "This is too long: it has \(count) characters, at most \(length.upperBound) are allowed."))
            } else if text.unicodeScalars.contains(where: {
                $0.value < 0x20 && !(lines && "\t\n\r".unicodeScalars.contains($0)) || $0.value == 0x7f
            }) {
                problems.append(FieldProblem(pointer, "This contains a control character. Remove it; it may be invisible."))
            }
            return text
        }
    }

    /// An e-mail address, answered in lower case. Whether mail arrives there is for the invitation to find out.
    public static let email = Format(
        ["type": "string", "maxLength": 254, "pattern": #"^[A-Za-z0-9._%+'-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}$"#],
        placeholder: "", expected: "an e-mail address, like name@example.org"
    ) { json in
        guard let text = json.string, text.utf8.count <= 254, text.utf8.allSatisfy({ $0 < 0x80 }),
            text.wholeMatch(of: /[A-Za-z0-9._%+'\-]{1,64}@([A-Za-z0-9\-]{1,63}\.)+[A-Za-z]{2,63}/) != nil
        else { return nil }
        return text.lowercased()
    }
}

extension Format where Value == Int {
    /// A whole number within bounds.
    public static func integer(_ range: ClosedRange<Int>) -> Format {
        Format(
            ["type": "integer", "minimum": .integer(Int64(range.lowerBound)), "maximum": .integer(Int64(range.upperBound))],
            placeholder: range.lowerBound, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)"
        ) { json in json.integer.flatMap { Int(exactly: $0) }.flatMap { range.contains($0) ? $0 : nil } }
    }
}

extension Format where Value == Bool {
    /// True or false.
    public static let boolean = Format(["type": "boolean"], placeholder: false, expected: "true or false") { $0.bool }
}

extension Format where Value == UUID {
    /// An identifier (UUID, RFC 9562).
    public static let id = Format(
        ["type": "string", "format": "uuid", "pattern": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"],
        placeholder: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), expected: "an identifier (a UUID)"
    ) { $0.string.flatMap { UUID(text: $0) } }
}

extension Format where Value == JSON {
    /// Any JSON value.
    public static let json = Format(.inline([:]), placeholder: .null) { json, _, _ in json }
}

extension Format where Value == CalendarDate {
    /// A date without a time, as in 2026-03-01.
    public static let date = Format(
        ["type": "string", "format": "date", "pattern": #"^(19|20|21)\d\d-\d\d-\d\d$"#],
        placeholder: CalendarDate(year: 2000, month: 1, day: 1)!, expected: "a date from 1900 to 2199, like 2026-03-01"
    ) { $0.string.flatMap { CalendarDate($0) } }
}

extension Format where Value == Date {
    /// A moment, as in 2026-03-01T09:30:00Z (RFC 3339).
    public static let moment = Format(
        [
            "type": "string", "format": "date-time",
            "pattern": #"^(19|20|21)\d\d-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$"#,
        ],
        placeholder: Date(timeIntervalSince1970: 0), expected: "a date and time with its offset, like 2026-03-01T09:30:00Z"
    ) { $0.string.flatMap(Moment.parse) }
}

extension Format where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the cases of an enumeration, by its raw value.
    public static func choice(_ type: Value.Type = Value.self) -> Format {
        let choices = Value.allCases.map(\.rawValue)
        return Format(
            ["type": "string", "enum": .array(choices.map(JSON.string))], placeholder: Value.allCases.first!,
            expected: "one of \(choices.joined(separator: ", "))"
        ) { $0.string.flatMap(Value.init(rawValue:)) }
    }
}

extension Format {
    /// A list of values of one format.
    /// - Parameters:
    ///   - element: the format of each
    ///   - count: how many it may have
    /// - Returns: the format
    public static func list<Element>(of element: Format<Element>, _ count: ClosedRange<Int>) -> Format where Value == [Element] {
        Format(.list(element.schema, count: count), placeholder: []) { json, pointer, problems in
            guard let elements = json.array else {
                problems.append(FieldProblem(pointer, "This must be a list; it is \(json.kind)."))
                return []
            }
            guard count.contains(elements.count) else {
                let allowed = "from \(count.lowerBound) to \(count.upperBound)"
                problems.append(FieldProblem(pointer, "This list has \(elements.count) entries; \(allowed) are allowed."))
                return []
            }
            return elements.enumerated().map { element.read($1, "\(pointer)/\($0)", &problems) }
        }
    }

    /// An object with fields of its own.
    public static func object(_ type: Value.Type = Value.self) -> Format where Value: Input {
        Format(Fields.describe(Value.self), placeholder: Fields.placeholder(Value.self)) { json, pointer, problems in
            Fields.read(Value.self, from: json, at: pointer, into: &problems)
        }
    }
}
