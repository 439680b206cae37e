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
        var calendars: [CalendarDocument]

        /// Gathers values.
        /// - Parameters:
        ///   - texts: what stands for each placeholder
        ///   - calendars: invitations or cancellations (RFC 5546) to go with a mail, which names who sends it and to whom
        public init(_ texts: [String: String] = [:], calendars: [CalendarDocument] = []) {
            self.texts = texts
            self.calendars = calendars
        }
    }

    /// Its name, `module.name`, unique in the server.
    public let id: String
    /// When it goes out, in plain English.
    public let summary: String
    let kind: Kind
    let isConfidential: Bool
    let outlivesLeaving: Bool
    let placeholders: Set<String>
    let texts: [String: Text]
    let values: @Sendable (Actor, _ person: UUID, _ parameters: JSON) async throws -> Values?

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
    ///   - outlivesLeaving: whether it goes to those too who have withdrawn or left, as what is said of pay that they earned does
    ///   - placeholders: what its texts use beside the common ones
    ///   - texts: what it says, by language (ISO 639); English must be among them
    ///   - values: finds what stands for the placeholders: for a mail with the rights of the person it is for, for a letter with those
    ///     of whoever prints it. It runs at each attempt; nil where there is nothing to say any more, and the message is cancelled.
    public init(
        module: String, _ name: String, _ summary: String, kind: Kind = .ordinary, isConfidential: Bool = false,
        outlivesLeaving: Bool = false, placeholders: Set<String> = [], texts: [String: Text],
        values: @escaping @Sendable (Actor, _ person: UUID, _ parameters: JSON) async throws -> Values? = { _, _, _ in Values() }
    ) {
        id = "\(module).\(name)"
        self.summary = summary
        self.kind = kind
        self.isConfidential = isConfidential
        self.outlivesLeaving = outlivesLeaving
        self.placeholders = placeholders
        self.texts = texts
        self.values = values
    }

    /// Queues a message in the transaction of its cause: one statement for a batch, which answers the message's id as `id`, or no row
    /// where the person has left or cannot be reached.
    /// - Parameters:
    ///   - person: whom it is for
    ///   - parameters: identifiers of what it is about; whoever withdraws from the `activity_id` or the `programme_id` among them gets it
    ///     no more
    ///   - byMailOnly: whether it goes out by e-mail or not at all, because whoever posts letters must not learn that there is something
    /// - Returns: the statement
    public func queue(for person: UUID, _ parameters: JSON = .object([:]), byMailOnly: Bool = false) -> Query {
        queue(forEach: "select \(person)::uuid", parameters, byMailOnly: byMailOnly)
    }

    /// Queues a message for each person whom a query answers in its one column.
    public func queue(forEach people: Query, _ parameters: JSON = .object([:]), byMailOnly: Bool = false) -> Query {
        """
        select id from (\(query: people)) told (person), lateral kith.queue_message(kith.new_id(), person, \(id),
            \(JSONText(parameters.description)), \(kind == .urgent), \(isConfidential), \(outlivesLeaving), \(byMailOnly)) id
        where id is not null
        """
    }

    /// Queues an urgent message to the holder of the account that asks, who may be a person of several networks, or of none: one statement.
    func queueForAccount() -> Query { "select kith.tell_account(\(UUID.version7()), \(id))" }
}
