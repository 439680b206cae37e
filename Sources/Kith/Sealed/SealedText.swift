import Crypto
import struct FoundationEssentials.UUID

/// A text that was sealed, as it opens for its reader.
public struct SealedText: Sendable {
    /// Whether it could be opened.
    public enum State: String, Sendable, CaseIterable {
        /// It opened.
        case readable
        /// The key of its author was destroyed.
        case erased
        /// It was changed or moved in the database.
        case damaged
    }

    /// The text; nil where it did not open.
    public let text: String?
    /// Whether it opened.
    public let state: State

    init(text: String? = nil, _ state: State) {
        self.text = text
        self.state = state
    }

    // One damaged text must not take the others on its page along, so that it is answered as what it is.
    init(opening sealed: [UInt8], at place: SealedPlace, in network: UUID, with keys: [SymmetricKey]) {
        do {
            self.init(text: String(decoding: try place.open(sealed, in: network, with: keys), as: UTF8.self), .readable)
        } catch {
            self.init(.damaged)
        }
    }
}

extension Format where Value == String {
    /// What people write in confidence: up to 20,000 characters.
    static let confidence = Format.text(1...20_000, lines: true)
}
