import struct FoundationEssentials.UUID

// Foundation's own go through printf and scanf, which every request would pay for.
extension UUID {
    /// The identifier as PostgreSQL and the API write it, in lower case.
    package var text: String {
        withUnsafeBytes(of: uuid) { bytes in
            String(unsafeUninitializedCapacity: 36) { text in
                var end = 0
                for (index, byte) in bytes.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        text[end] = UInt8(ascii: "-")
                        end += 1
                    }
                    text[end] = hexDigits[Int(byte >> 4)]
                    text[end + 1] = hexDigits[Int(byte & 15)]
                    end += 2
                }
                return end
            }
        }
    }

    /// Reads an identifier; nil where the text is none.
    package init?(text: String) {
        guard let id = UUID.decode(text.utf8.span) else { return nil }
        self = id
    }
}
