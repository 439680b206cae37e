public import Postgres
public import struct FoundationEssentials.UUID

/// What is sent to people. What a message says is kept nowhere; that it was sent, and how far it came, is.
public enum Messages {
    /// How far a message is.
    public enum State: String, Sendable, CaseIterable, PostgresCodable {
        case queued, sending, sent, gathered, bounced, failed, cancelled
    }

    /// What the API answers for a message.
    public static let resource = Resource(
        "Message", "message", table: "kith.messages", key: "message_id",
        [
            .id("person_id", "Whom it is for."),
            .text("template", "What kind of message it is."),
            .choice("channel", People.Channel.self, "How it goes out."),
            .choice("state", State.self, "How far it is; gathered: it went out in a digest."),
            .integer("attempts", "How often a mail was tried."),
            .moment("due_at", "When it goes out at the earliest."),
            .text("problem", "Why a mail was not taken: the code and status of the mail server.").orNull,
            .moment("sent_at", "When the mail server took it, or the letter was posted, or the call was made.").orNull,
            .id("sent_by", "Who posted the letter or made the call.").orNull,
            .createdAt,
        ])

    /// Which messages to list.
    public struct Filters: Input {
        private let state: State?
        private let channel: People.Channel?
        private let person: UUID?

        public init(from fields: inout Fields) {
            state = fields.optional("state", .choice(), "Only those that are so far.")
            channel = fields.optional("channel", .choice(), "Only those that go out like this.")
            person = fields.optional("person_id", .id, "Only those for this person.")
        }

        /// The condition. That a confidential message exists is for the person alone; that one is made in another format, for those who
        /// arrange it.
        public var condition: Query {
            .all(
                "not is_confidential",
                """
                exists (select from kith.message_choices c where c.network_id = messages.network_id and c.person_id = messages.person_id
                    and c.formats_to_arrange = '{}')
                """, state.map { "state = \($0)" }, channel.map { "channel = \($0)" }, person.map { "person_id = \($0)" })
        }
    }

    /// A mail that came back.
    public struct Returned: Input {
        let path: ReturnPath

        public init(from fields: inout Fields) {
            path = fields.required("address", .returnPath, "The address that the mail was returned to.")
        }
    }

    /// Takes down that a mail came back. The message goes out by letter or phone where there is a way, and no further mail goes to that
    /// address. For the operator, whose mail server receives what is returned.
    public static func bounce(by actor: Actor, _ returned: Returned) async throws {
        _ = try await actor.write("select kith.record_bounce(\(returned.path.network), \(returned.path.message)) as id")
    }

    /// Records that a message reached somebody in the format that they need. One that the same person recorded already stays as it is.
    public static func markMade(by actor: Actor, _ id: UUID) async throws -> Row {
        let changed = try await actor.write(
            """
            update kith.messages set state = 'sent', sent_at = now(), sent_by = kith.current_person()
            where message_id = \(id) and \(query: Letters.waitingForFormats) returning \(query: Letters.inFormats.columns)
            """)
        if let row = changed.first { return row }
        return try await actor.get(Letters.inFormats, id, where: "state = 'sent' and sent_by = kith.current_person()")
    }

    /// Records that a letter was posted or a call was made, by whoever asks. One that is recorded already stays as it is.
    public static func markSent(by actor: Actor, _ id: UUID) async throws -> Row {
        let changed = try await actor.write(
            """
            update kith.messages set state = 'sent', sent_at = now(), sent_by = kith.current_person()
            where message_id = \(id) and channel in ('post', 'phone') and state = 'queued' returning \(query: Letters.resource.columns)
            """)
        if let row = changed.first { return row }
        return try await actor.get(Letters.resource, id, where: "channel in ('post', 'phone')")
    }
}

extension Format where Value == ReturnPath {
    static let returnPath = Format(
        ["type": "string", "maxLength": 320, "pattern": #"^[^@+]{1,64}\+[A-Za-z2-7]{52}@[^@]{1,253}$"#],
        placeholder: ReturnPath(network: .version7(), message: .version7()), expected: "the address that a mail of Kith was returned to"
    ) { $0.string.flatMap { ReturnPath($0) } }
}
