public import struct FoundationEssentials.UUID
public import Postgres

/// A kind of message that the core or a plugin sends: what it says in each language, and what it needs to know for it.
///
/// A text holds plain paragraphs with `{{placeholders}}`, and never what is sealed or confidential: it says that something waits, and
/// where. `{{name}}` (who it is for), `{{network}}` and `{{site}}` (where Kith is) are always known.
public struct MessageTemplate: Sendable {
    /// What it says in one language.
    public struct Text: Sendable {
        let subject: String
        let body: String

        /// Writes a text.
        /// - Parameters:
        ///   - subject: what it is about, in one line
        ///   - body: paragraphs, with an empty line between them
        public init(_ subject: String, _ body: String) {
            self.subject = subject
            self.body = body
        }
    }

    /// How it goes out.
    public enum Kind: Sendable {
        /// In the person's own time.
        case ordinary
        /// About safeguarding or security: at once, in quiet hours too.
        case urgent
    }

    /// What is known when a message is rendered, by its placeholder.
    public struct Values: Sendable {
        var texts: [String: String]
        var calendar: (method: String, text: String)?

        /// Gathers values.
        /// - Parameters:
        ///   - texts: what stands for each placeholder
        ///   - calendar: an invitation or a cancellation (RFC 5546) to go with it, and its method
        public init(_ texts: [String: String] = [:], calendar: (method: String, text: String)? = nil) {
            self.texts = texts
            self.calendar = calendar
        }
    }

    /// Its name, `module.name`, unique in the server.
    public let id: String
    /// When it goes out, in plain English.
    public let summary: String
    let kind: Kind
    let isConfidential: Bool
    let placeholders: Set<String>
    let texts: [String: Text]
    let values: @Sendable (Actor, _ person: UUID, _ parameters: JSON) async throws -> Values

    /// The languages in which it can be said.
    public var languages: Set<String> { Set(texts.keys) }

    /// The placeholders that every template may use.
    static let common: Set<String> = ["name", "network", "site"]

    /// Declares a template.
    /// - Parameters:
    ///   - module: `core` or the plugin's id
    ///   - name: what it is for
    ///   - summary: when it goes out
    ///   - kind: whether it may wait
    ///   - isConfidential: whether nobody but the person may know that it was sent
    ///   - placeholders: what its texts use beside the common ones
    ///   - texts: what it says, by language (ISO 639); English must be among them
    ///   - values: finds what stands for the placeholders: for a mail with the rights of the person it is for, for a letter with those
    ///     of whoever prints it. It runs at each attempt.
    public init(
        module: String, _ name: String, _ summary: String, kind: Kind = .ordinary, isConfidential: Bool = false,
        placeholders: Set<String> = [], texts: [String: Text],
        values: @escaping @Sendable (Actor, _ person: UUID, _ parameters: JSON) async throws -> Values = { _, _, _ in Values() }
    ) {
        id = "\(module).\(name)"
        self.summary = summary
        self.kind = kind
        self.isConfidential = isConfidential
        self.placeholders = placeholders
        self.texts = texts
        self.values = values
    }

    /// Queues a message in the transaction of its cause: one statement for a batch, which answers the message's id as `id`, or no row
    /// where the person has left or cannot be reached.
    /// - Parameters:
    ///   - person: whom it is for
    ///   - parameters: identifiers of what it is about
    /// - Returns: the statement
    public func queue(for person: UUID, _ parameters: JSON = .object([:])) -> Query {
        """
        select id from kith.queue_message(\(UUID.version7()), \(person), \(id), \(JSONText(parameters.description)),
            \(kind == .urgent), \(isConfidential)) id where id is not null
        """
    }
}
