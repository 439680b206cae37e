public import Postgres
import CSV
import Mustache
import struct FoundationEssentials.UUID

/// What goes out by hand: letters to post and calls to make, for those who asked for them.
///
/// Whoever does it sees what goes on the envelope, the number to call, and the text of the template. A confidential message only says
/// that something waits, and does not show what kind it is.
public enum Letters {
    /// What the API answers for a letter or a call that waits or was made.
    public static let resource = Resource(
        "Letter", "letter or call", table: "kith.messages", key: "message_id",
        [
            .id("person_id", "Whom it is for."),
            .text(
                "name", "What they are called.",
                from: "(select p.name from kith.people p where p.network_id = messages.network_id and p.person_id = messages.person_id)"),
            .choice("channel", People.Channel.self, "post: a letter; phone: a call."),
            .choice("state", Messages.State.self, "queued: to be done; sent: done."),
            .moment("printed_at", "When it was last printed.").orNull,
            .moment("sent_at", "When it was posted or the call was made.").orNull,
            .id("sent_by", "By whom.").orNull,
            .createdAt,
        ])

    /// What the API answers for a message that waits to be made in another format.
    public static let inFormats = Resource(
        "MessageInFormat", "message", table: "kith.messages", key: "message_id",
        [
            .id("person_id", "Whom it is for."),
            .text(
                "name", "What they are called.",
                from: "(select p.name from kith.people p where p.network_id = messages.network_id and p.person_id = messages.person_id)"),
            .texts(
                "formats", "The formats that they need, of which the server can write none.",
                from: """
                    (select c.formats_to_arrange from kith.message_choices c
                     where c.network_id = messages.network_id and c.person_id = messages.person_id)
                    """),
            .choice("state", Messages.State.self, "queued: to be done; sent: done."),
            .moment("printed_at", "When it was last listed.").orNull,
            .createdAt,
        ])

    /// Which letters to print.
    public struct Printing: Input {
        let most: Int
        let again: Bool

        public init(from fields: inout Fields) {
            most = fields.optional("most", .integer(1...200), default: 100, "How many at most, the oldest first.")
            again = fields.optional(
                "again", .boolean, default: false,
                "Whether also those that were printed already. A code in an earlier letter stops working.")
        }
    }

    /// How a batch is written.
    public enum Form: Sendable {
        case letters, callList, csv, formats

        fileprivate var waiting: Query {
            switch self {
            case .letters: Letters.waiting(by: .post)
            case .callList, .csv: Letters.waiting(by: .phone)
            case .formats: Letters.waitingForFormats
            }
        }
    }

    /// What waits on one channel: not what somebody makes in another format, nor what was for those who have left.
    public static func waiting(by channel: People.Channel) -> Query {
        """
        channel = \(channel) and state = 'queued' and exists (
            select from kith.message_choices c join kith.people p using (network_id, person_id)
            where c.network_id = messages.network_id and c.person_id = messages.person_id and c.formats_to_arrange = '{}'
              and (p.ended_at is null or messages.outlives_leaving))
        """
    }

    /// What waits to be made in a format that the server cannot write, by those who arrange access: they alone know that it does.
    public static let waitingForFormats: Query = """
        state = 'queued' and due_at <= now() and not by_mail_only and exists (
            select from kith.message_choices c join kith.people p using (network_id, person_id)
            where c.network_id = messages.network_id and c.person_id = messages.person_id and c.formats_to_arrange <> '{}'
              and (p.ended_at is null or messages.outlives_leaving))
        """

    /// Writes a batch and notes that it was printed. It waits until each one is recorded as posted or called.
    public static func print(
        by actor: Actor, _ form: Form, _ printing: Printing, _ catalogue: MessageCatalogue, site: String
    ) async throws -> [UInt8] {
        try await actor.transaction { actor in
            let ids = try await actor.read(
                """
                select message_id from kith.messages
                where \(query: form.waiting) and (printed_at is null or \(printing.again))
                order by message_id limit \(printing.most) for update
                """
            ).decode(UUID.self)
            var items: [Item] = []
            var obsolete: [UUID] = []
            for id in ids {
                guard let rendering = try await MessageRendering.find(id, by: actor) else { continue }
                if let (text, _) = try await rendering.rendered(catalogue, site: site, isForOthers: true, by: actor) {
                    items.append(Item(id, rendering, text.text))
                } else {
                    obsolete.append(id)
                }
            }
            _ = try await actor.run("update kith.messages set state = 'cancelled' where message_id = any (\(obsolete))")
            if !items.isEmpty {
                let printed = items.map(\.id)
                _ = try await actor.write(
                    "update kith.messages set printed_at = now() where message_id = any (\(printed)) returning message_id as id")
            }
            return try write(items, form)
        }
    }

    private struct Item: Sendable {
        let id: UUID
        let name: String
        let address: [String]
        let phone: String
        let date: String
        let size: String
        let text: String
        let formats: String
        let ways: [String]

        init(_ id: UUID, _ rendering: MessageRendering, _ text: String) {
            self.id = id
            name = rendering.name
            address = (rendering.postalAddress ?? "").split(whereSeparator: \.isNewline).map(String.init)
            phone = rendering.phone ?? ""
            date = rendering.createdAt
            size = rendering.isLarge ? "18pt" : "12pt"
            self.text = text
            formats = rendering.formatsToArrange.compactMap { Letters.formatNames[$0] }.joined(separator: ", ")
            ways = address + [rendering.phone, rendering.email].compactMap(\.self)
        }
    }

    private static let formatNames = [
        "easy_read": "Easy read", "braille": "Braille", "audio": "Audio", "bsl_video": "BSL video", "translation": "Translation",
    ]

    private static func write(_ items: [Item], _ form: Form) throws -> [UInt8] {
        switch form {
        case .letters, .callList, .formats:
            struct Batch {
                let items: [[String: Any]]
            }
            let batch = Batch(
                items: items.map {
                    [
                        "id": $0.id.text, "name": $0.name, "address": $0.address, "phone": $0.phone, "date": $0.date,
                        "size": $0.size, "paragraphs": $0.text.split(separator: "\n\n").map(String.init), "formats": $0.formats,
                        "ways": $0.ways,
                    ]
                })
            let pages =
                switch form {
                case .letters: letterPages
                case .formats: formatPages
                case .callList, .csv: callPages
                }
            return try Array(MustacheTemplate(string: pages).render(batch).utf8)
        case .csv:
            var writer = CSVWriter(header: ["id", "name", "phone", "waiting_since", "text"], guardingFormulas: true)
            for item in items { writer.append([item.id.text, item.name, item.phone, item.date, item.text]) }
            return writer.bytes
        }
    }

    // The address stands where the window of a DL envelope is; one letter a page.
    private static let letterPages = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Letters</title><style>
        @page { size: A4; margin: 20mm } body { font-family: Arial, sans-serif; line-height: 1.5; margin: 0 }
        section { break-after: page } section:last-child { break-after: auto } address { font-style: normal; min-height: 45mm; padding-top: 25mm }
        p { white-space: pre-line }</style></head><body>
        {{#items}}<section style="font-size: {{size}}"><address>{{name}}<br>{{#address}}{{.}}<br>{{/address}}</address>
        <p>{{date}}</p>
        {{#paragraphs}}<p>{{.}}</p>
        {{/paragraphs}}</section>
        {{/items}}</body></html>

        """

    private static let callPages = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Calls</title><style>
        @page { size: A4; margin: 15mm } body { font: 12pt/1.4 Arial, sans-serif } article { break-inside: avoid; border-top: 1px solid }
        p { white-space: pre-line }</style></head><body><h1>Calls to make</h1>
        {{#items}}<article><h2>&#9744; {{name}}, {{phone}}</h2>
        <p>Waiting since {{date}}. Record the call as {{id}}</p>
        {{#paragraphs}}<p>{{.}}</p>
        {{/paragraphs}}</article>
        {{/items}}</body></html>

        """

    private static let formatPages = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Messages to make in other formats</title><style>
        @page { size: A4; margin: 15mm } body { font: 12pt/1.4 Arial, sans-serif } article { break-inside: avoid; border-top: 1px solid }
        p { white-space: pre-line }</style></head><body><h1>Messages to make in other formats</h1>
        {{#items}}<article><h2>&#9744; {{name}}: {{formats}}</h2>
        <p>{{#ways}}{{.}}
        {{/ways}}Waiting since {{date}}. When it has reached them, record it as {{id}}</p>
        {{#paragraphs}}<p>{{.}}</p>
        {{/paragraphs}}</article>
        {{/items}}</body></html>

        """
}
