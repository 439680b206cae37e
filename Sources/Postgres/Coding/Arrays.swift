extension PostgresEncodable {
    /// The array type over this one.
    public static var postgresArrayType: PostgresType { postgresType.array }

    /// Appends an array's text.
    public static func encode(array: [Self], into text: inout PostgresText) {
        text.append("{" as Unicode.Scalar)
        for (index, element) in array.enumerated() {
            if index > 0 { text.append("," as Unicode.Scalar) }
            if postgresType.isArray {
                element.encode(into: &text)
            } else {
                let start = text.bytes.count
                text.appendQuoted(element)
                if text.isNull {
                    text.bytes.removeSubrange(start...)
                    text.append("NULL")
                    text.isNull = false
                }
            }
        }
        text.append("}" as Unicode.Scalar)
    }
}

extension PostgresDecodable {
    /// Reads an array's text.
    public static func decode(array text: Span<UInt8>) -> [Self]? {
        text.withUnsafeBufferPointer { text in
            var reader = ArrayLiteral(text)
            var elements: [Self] = []
            let complete = reader.forEach { element -> Bool in
                let decoded: Self? =
                    switch element {
                    case .null: Self.decodedNull
                    case .text(let text), .array(let text): Self.decode(text.span)
                    }
                guard let decoded else { return false }
                elements.append(decoded)
                return true
            }
            return complete ? elements : nil
        }
    }
}

extension Array: PostgresArrayEncodable where Element: PostgresArrayEncodable {}

extension Array: PostgresEncodable where Element: PostgresArrayEncodable {
    /// The array type over the elements; `bytea` for bytes.
    public static var postgresType: PostgresType { Element.postgresArrayType }
    /// Appends the value's text.
    public func encode(into text: inout PostgresText) { Element.encode(array: self, into: &text) }
}

extension Array: PostgresArrayDecodable where Element: PostgresArrayDecodable {}

extension Array: PostgresDecodable where Element: PostgresArrayDecodable {
    /// Reads the value's text.
    public static func decode(_ text: Span<UInt8>) -> [Element]? { Element.decode(array: text) }
}
