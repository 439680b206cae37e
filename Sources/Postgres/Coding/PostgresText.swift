/// A value on its way to PostgreSQL, in PostgreSQL's text format.
///
/// One format serves parameters, array elements, range bounds and `COPY`. A value appends its text once;
/// whatever contains it quotes what was appended.
public struct PostgresText: Sendable {
    var bytes: [UInt8] = []
    var isNull = false
    var isInvalid = false

    /// Appends text that may hold any character. A NUL, which PostgreSQL's text cannot hold, makes the statement fail
    /// with ``PostgresError/Code/invalidParameter`` before anything is sent.
    public mutating func append(_ text: some StringProtocol) {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        if bytes[start...].contains(0) { isInvalid = true }
    }

    /// Appends one ASCII character, which must not be NUL.
    public mutating func append(_ character: Unicode.Scalar) {
        bytes.append(UInt8(truncatingIfNeeded: character.value))
    }

    /// Appends an integer's decimal digits.
    public mutating func append(_ number: some FixedWidthInteger) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        appendDigits(UInt64(number.magnitude), width: 1)
    }

    /// Makes the whole value SQL null.
    public mutating func appendNull() { isNull = true }

    /// Refuses the value: the statement fails with ``PostgresError/Code/invalidParameter`` before anything is sent.
    public mutating func reject() { isInvalid = true }

    /// Appends decimal digits, with zeros in front to make at least `width` of them (20 at most).
    mutating func appendDigits(_ number: UInt64, width: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = number
            var first = 20
            repeat {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0 || 20 - first < width
            bytes.append(contentsOf: digits[first...])
        }
    }

    /// Appends a value in double quotes, with backslashes before what would end them: the form of array elements and range bounds.
    mutating func appendQuoted(_ value: some PostgresEncodable) {
        bytes.append(UInt8(ascii: "\""))
        let start = bytes.count
        value.encode(into: &self)
        if isNull { return }
        var position = start
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "\\") {
                bytes.insert(UInt8(ascii: "\\"), at: position)
                position += 1
            }
            position += 1
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
