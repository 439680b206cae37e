import struct FoundationEssentials.Data

/// How text beyond printable ASCII travels.
enum Encodings {
    /// A text for a header: as it stands where it is short and plain, otherwise as encoded words (RFC 2047) on lines of at most 76 bytes.
    ///
    /// Control characters, and line breaks first of all, become spaces before anything is encoded.
    static func header(_ text: String) -> String {
        let text = String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
        if isPlain(text) { return text }
        return words(text)
    }

    /// The name before an address: quoted, or as encoded words, which must not stand in quotes.
    static func phrase(_ text: String) -> String {
        let text = String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
        if isPlain(text) { return "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"" }
        return words(text)
    }

    /// Text as quoted-printable (RFC 2045, section 6.7), with CRLF at the ends of lines that are at most 76 bytes long.
    static func quotedPrintable(_ text: String) -> String {
        var output: [UInt8] = []
        let text = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            var column = 0
            for (index, byte) in zip(line.indices, line) {
                let isBlank = byte == 0x20 || byte == 0x09
                let isLast = line.index(after: index) == line.endIndex
                let isLiteral = (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "=") || isBlank && !isLast
                let width = isLiteral ? 1 : 3
                if column + width > 75 {
                    output += "=\r\n".utf8
                    column = 0
                }
                if isLiteral { output.append(byte) } else { output += [UInt8(ascii: "="), hex(byte >> 4), hex(byte & 15)] }
                column += width
            }
            output += "\r\n".utf8
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Bytes as base64 (RFC 2045, section 6.8) on lines of 76.
    static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed]) + "\r\n"
    }

    private static func hex(_ digit: UInt8) -> UInt8 { Array("0123456789ABCDEF".utf8)[Int(digit)] }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.count <= 60 && text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && !text.contains("=?")
    }

    // Of 39 bytes each, so that a line with the name of the header stays within 76. A character is never cut in two.
    private static func words(_ text: String) -> String {
        var chunks: [String] = [""]
        for scalar in text.unicodeScalars {
            if chunks[chunks.count - 1].utf8.count + UTF8.width(scalar) > 39 { chunks.append("") }
            chunks[chunks.count - 1].unicodeScalars.append(scalar)
        }
        return chunks.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }
}
