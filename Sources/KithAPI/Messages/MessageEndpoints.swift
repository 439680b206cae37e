import HTTPTypes
public import Kith
import Postgres

extension Endpoint {
    /// What is sent to people, and how they want it.
    /// - Parameters:
    ///   - catalogue: the templates
    ///   - site: where people find Kith
    /// - Returns: the endpoints
    public static func messages(_ catalogue: MessageCatalogue, site: String) -> [Endpoint] {
        preferences + [
            .list(
                "list_messages", "/networks/{network}/messages", "List what was sent and what waits, without what is confidential",
                .permission(.manageMessages, .network), of: Messages.resource, by: Messages.Filters.self
            ) { try await $0.actor.list(Messages.resource, $0.page, where: $0.input.condition) },
            .list("list_my_messages", "/networks/{network}/people/me/messages", "List what was sent to you", .member, of: Messages.resource)
            {
                try await $0.actor.list(Messages.resource, $0.page, where: "person_id = kith.current_person()")
            },
            .act(
                "send_invitation", "/networks/{network}/people/{person}/invitations/send",
                "Invite a person by mail or letter, as they want to be reached", .permission(.managePeople, .network),
                records: "invitation.sent", returns: Messages.resource, body: NoInput.self
            ) { try await Invitations.send(by: $0.actor, $0.id("person")) },
            .end(
                "record_bounce", method: .post, "/bounces", "Take down that a mail came back, by the address that it was returned to",
                .operator, records: "message.bounced", body: Messages.Returned.self
            ) { try await Messages.bounce(by: $0.actor, $0.input) },
            .list(
                "list_letters", "/networks/{network}/letters", "List the letters to post", .permission(.manageMessages, .network),
                of: Letters.resource
            ) { try await $0.actor.list(Letters.resource, $0.page, where: Letters.waiting(by: .post)) },
            .document(
                "print_letters", "/networks/{network}/letters/print", "Write letters as an HTML document, a page each",
                .permission(.manageMessages, .network), records: "letter.printed", mediaType: "text/html; charset=utf-8",
                body: Letters.Printing.self
            ) { try await Letters.print(by: $0.actor, .letters, $0.input, catalogue, site: site) },
            .list(
                "list_calls", "/networks/{network}/calls", "List the calls to make", .permission(.manageMessages, .network),
                of: Letters.resource
            ) { try await $0.actor.list(Letters.resource, $0.page, where: Letters.waiting(by: .phone)) },
            .document(
                "print_calls", "/networks/{network}/calls/print", "Write a list of calls as an HTML document",
                .permission(.manageMessages, .network), records: "call.printed", mediaType: "text/html; charset=utf-8",
                body: Letters.Printing.self
            ) { try await Letters.print(by: $0.actor, .callList, $0.input, catalogue, site: site) },
            .document(
                "export_calls", "/networks/{network}/calls/export", "Write a list of calls as CSV", .permission(.manageMessages, .network),
                records: "call.printed", mediaType: "text/csv; charset=utf-8", body: Letters.Printing.self
            ) { try await Letters.print(by: $0.actor, .csv, $0.input, catalogue, site: site) },
            .act(
                "mark_message_sent", "/networks/{network}/messages/{message}/sent", "Record that a letter was posted or a call was made",
                .permission(.manageMessages, .network), records: "message.sent", returns: Letters.resource, body: NoInput.self
            ) { try await Messages.markSent(by: $0.actor, $0.id("message")) },
            .list(
                "list_messages_in_formats", "/networks/{network}/messages-in-formats",
                "List the messages to make in a format that the server cannot write, such as Braille",
                .permission(.arrangeAccess, .network), of: Letters.inFormats
            ) { try await $0.actor.list(Letters.inFormats, $0.page, where: Letters.waitingForFormats) },
            .document(
                "print_messages_in_formats", "/networks/{network}/messages-in-formats/print",
                "Write what they say and whom they are for as an HTML document", .permission(.arrangeAccess, .network),
                records: "message.printed", mediaType: "text/html; charset=utf-8", body: Letters.Printing.self
            ) { try await Letters.print(by: $0.actor, .formats, $0.input, catalogue, site: site) },
            .act(
                "mark_message_in_format_sent", "/networks/{network}/messages-in-formats/{message}/sent",
                "Record that a message reached somebody in the format that they need", .permission(.arrangeAccess, .network),
                records: "message.sent", returns: Letters.inFormats, body: NoInput.self
            ) { try await Messages.markMade(by: $0.actor, $0.id("message")) },
        ]
    }

    private static let preferences: [Endpoint] = [
        .get(
            "get_my_message_preferences", "/networks/{network}/people/me/message-preferences", "Read how you want to hear", .member,
            returns: MessagePreferences.resource
        ) { try await MessagePreferences.get(by: $0.actor) },
        .act(
            "choose_my_message_preferences", method: .put, "/networks/{network}/people/me/message-preferences",
            "Choose how you want to hear: by what, in which language, when and how often", .member, records: "preferences.chosen",
            returns: MessagePreferences.resource, body: MessagePreferences.Choice.self
        ) { try await MessagePreferences.choose(by: $0.actor, $0.input) },
        .get(
            "get_message_preferences", "/networks/{network}/people/{person}/message-preferences", "Read how a person wants to hear",
            .permission(.managePeople, .network), returns: MessagePreferences.resource
        ) { try await MessagePreferences.get(by: $0.actor, of: $0.id("person")) },
        .act(
            "choose_message_preferences", method: .put, "/networks/{network}/people/{person}/message-preferences",
            "Record how a person wants to hear, as they said it", .permission(.managePeople, .network), records: "preferences.chosen",
            returns: MessagePreferences.resource, body: MessagePreferences.Choice.self
        ) { try await MessagePreferences.choose(by: $0.actor, for: $0.id("person"), $0.input) },
    ]
}
