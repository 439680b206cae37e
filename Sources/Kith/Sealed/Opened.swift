public import Postgres

/// A thing whose sealed text was opened for the person who asks. It goes into the answer, and nowhere else.
public struct Opened: Sendable {
    /// The row; the columns of its resource come first.
    public let row: Row
    private let columns: Int
    private let texts: [(name: String, text: String?)]

    /// Joins a row with what was opened.
    /// - Parameters:
    ///   - row: a row that begins with the columns of `resource`
    ///   - resource: what it is
    ///   - texts: the sealed fields of the resource by name, opened; nil for what cannot be
    public init(_ row: Row, _ resource: Resource, _ texts: (name: String, text: String?)...) {
        self.row = row
        columns = resource.fields.count { !$0.isSealed }
        self.texts = texts
    }

    /// Appends the thing as a JSON object.
    public func appendJSON(into buffer: inout [UInt8]) {
        row.appendJSON(columns: columns, into: &buffer)
        buffer.removeLast()
        for (name, text) in texts {
            buffer.append(contentsOf: ",\"\(name)\":".utf8)
            (text.map(JSON.string) ?? .null).append(to: &buffer)
        }
        buffer.append(UInt8(ascii: "}"))
    }
}
