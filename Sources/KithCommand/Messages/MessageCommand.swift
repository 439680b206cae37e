import ArgumentParser
import Kith
import KithClient

/// `kith message`
struct MessageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message", abstract: "What is sent to people, and how they want it.",
        subcommands: [List.self, Invite.self, Preferences.self, Choose.self, Bounce.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List what was sent and what waits.",
            discussion: "What is confidential is only in the person's own list: --mine")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "What was sent to you.") var mine = false
        @Option(help: "Only those that are so far.") var state: Messages.State?
        @Option(help: "Only those for this person, by id.") var person: String?

        func run() async throws {
            let query = mine ? [:] : ["state": state?.rawValue, "person_id": person]
            output.show(
                list: try await place.client().list(mine ? "people/me/messages" : "messages", query, most: list.most),
                [
                    Column("ID", "id"), Column("PERSON", "person_id"), Column("MESSAGE", "template"), Column("BY", "channel"),
                    Column("STATE", "state"), Column("TRIES", "attempts"), Column("DUE", "due_at"), Column("SENT", "sent_at"),
                    Column("PROBLEM", "problem"),
                ])
        }
    }

    struct Invite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "invite", abstract: "Invite a person to sign in, by mail or letter or call, as they want to be reached.",
            discussion: "An earlier code of theirs stops working when the new one is written.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Their id.") var person: String

        func run() async throws {
            let answer = try await place.client().post("people/\(person)/invitations/send")
            output.show(answer, [Column("ID", "id"), Column("By", "channel"), Column("State", "state"), Column("Due", "due_at")])
        }
    }

    static let preferences = [
        Column("Reached by", "contact_by"), Column("Language", "locale"), Column("Large print", "large_print"),
        Column("Quiet from", "quiet_from"), Column("Quiet until", "quiet_until"), Column("Time zone", "time_zone"),
        Column("How often", "digest"),
    ]

    struct Preferences: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "preferences", abstract: "Show how a person wants to hear, by default yourself.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Their id.") var person = "me"

        func run() async throws {
            output.show(try await place.client().get("people/\(person)/message-preferences"), preferences)
        }
    }

    struct Choose: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "choose", abstract: "Choose how a person wants to hear, by default yourself.",
            discussion: "What you do not name stays as it is.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Their id.") var person = "me"
        @Option(help: "How they want to be reached.") var contactBy: People.Channel?
        @Option(help: "In which language: en or cy.") var locale: String?
        @Option(help: "In large print: true or false.") var largePrint: Bool?
        @Option(help: "From when on nothing shall come, as in 21:00.") var quietFrom: String?
        @Option(help: "Until when; the same for no quiet hours.") var quietUntil: String?
        @Option(help: "Their time zone, as in Europe/London.") var timeZone: String?
        @Option(help: "How often mails shall come.") var digest: MessagePreferences.Digest?

        func run() async throws {
            let client = try await place.client()
            let path = "people/\(person)/message-preferences"
            var choice = try await client.get(path).json.object ?? [:]
            choice["id"] = nil
            let given: [String: JSON?] = [
                "contact_by": contactBy.map { .string($0.rawValue) }, "locale": locale.map(JSON.string),
                "large_print": largePrint.map(JSON.bool),
                "quiet_from": quietFrom.map(JSON.string), "quiet_until": quietUntil.map(JSON.string),
                "time_zone": timeZone.map(JSON.string),
                "digest": digest.map { .string($0.rawValue) },
            ]
            for (name, value) in given { if let value { choice[name] = value } }
            output.show(try await client.put(path, .object(choice)), preferences)
        }
    }

    struct Bounce: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "bounce",
            abstract: "Take down that a mail came back. For the mail server, which calls it with the operator's token.",
            discussion:
                "In Postfix, for bounces@ with recipient_delimiter = + : a pipe transport with argv = kith message bounce ${original_recipient}"
        )

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The address that it was returned to, as in bounces+…@example.org.") var address: String

        func run() async throws {
            try await connection.client().post("bounces", ["address": .string(address)])
            output.say("Recorded. The message goes out by letter or phone where there is a way.")
        }
    }
}
