public import struct FoundationEssentials.Date
public import struct FoundationEssentials.UUID

/// One mail to one person.
public struct Email: Sendable {
    /// Who it is from.
    public var from: Mailbox
    /// Whom it is for.
    public var to: Mailbox
    /// Where it is returned to when it cannot be delivered; nil for the address in `from`.
    public var returnPath: EmailAddress?
    /// What it is about; any text, it is encoded.
    public var subject: String
    /// What it says.
    public var text: String
    /// The same as HTML.
    public var html: String?
    /// What comes with it.
    public var attachments: [Attachment] = []
    /// Further headers.
    public var headers: [HeaderField] = []
    /// When it was written.
    public var date = Date.now
    /// What makes it this mail and no other, before the `@` of its Message-ID. Whoever sends a mail again keeps it, so that a reader
    /// who has it already need not see it twice.
    public var id = UUID()

    /// Writes a mail.
    public init(from: Mailbox, to: Mailbox, subject: String, text: String, html: String? = nil) {
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
    }

    /// A file that comes with a mail.
    public struct Attachment: Sendable {
        let name: String
        let mediaType: HeaderField
        let content: [UInt8]
        let isAlternative: Bool

        /// Makes an attachment; nil where the name or the media type cannot stand in a header.
        /// - Parameters:
        ///   - name: the name of the file; letters, digits, dots, hyphens and underscores of ASCII
        ///   - mediaType: what it is, as in `text/calendar; method=REQUEST; charset=utf-8`
        ///   - content: the bytes
        ///   - isAlternative: whether it says the same as the text in another form, as an invitation to a meeting does (RFC 6047)
        public init?(name: String, mediaType: String, content: [UInt8], isAlternative: Bool = false) {
            guard let field = HeaderField("Content-Type", mediaType), (1...100).contains(name.utf8.count),
                name.utf8.allSatisfy({
                    (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || "._-".utf8.contains($0)
                })
            else { return nil }
            self.name = name
            self.mediaType = field
            self.content = content
            self.isAlternative = isAlternative
        }
    }
}
