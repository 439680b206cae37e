import Postgres
import struct FoundationEssentials.UUID

// Foundation's own go through printf and scanf, which every request would pay for.
extension UUID {
    /// The identifier as the API and the database write it, in lower case.
    package var text: String {
        withUnsafeBytes(of: uuid) { bytes in
            String(unsafeUninitializedCapacity: 36) { text in
                var end = 0
                for (index, byte) in bytes.enumerated() {
                    if [4, 6, 8, 10].contains(index) {
                        text[end] = UInt8(ascii: "-")
                        end += 1
                    }
                    for digit in [byte >> 4, byte & 0xf] {
                        text[end] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
                        end += 1
                    }
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
