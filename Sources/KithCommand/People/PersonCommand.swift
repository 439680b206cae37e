import ArgumentParser
import Kith
import KithClient

/// `kith person`
struct PersonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person", abstract: "The people of a network.",
        subcommands: [
            Create.self, List.self, Show.self, Update.self, Invite.self, SignInLetter.self, Affiliate.self, PersonAccesses.self,
        ])

    static let columns = [
        Column("ID", "id"), Column("NAME", "name"), Column("REACHED BY", "contact_by"), Column("EMAIL", "email"), Column("PHONE", "phone"),
        Column("SIGNS IN", "has_account"), Column("LEFT", "ended_at"),
    ]

    struct Contact: ParsableArguments {
        @Option(help: "Where mail reaches them.") var email: String?
        @Option(help: "Where a call reaches them.") var phone: String?
        @Option(help: "Where a letter reaches them.") var postalAddress: String?
        @Option(help: "How they want to be reached.") var contactBy: People.Channel?

        var members: [String: JSON?] {
            [
                "email": email.map(JSON.string), "phone": phone.map(JSON.string), "postal_address": postalAddress.map(JSON.string),
                "contact_by": contactBy.map { .string($0.rawValue) },
            ]
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Add a person. They need no e-mail address and no account.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "What they are called.") var name: String
        @OptionGroup var contact: Contact

        func run() async throws {
            let body = contact.members.merging(["name": .string(name)]) { $1 }
            output.show(try await place.client().post("people", .members(body)), columns)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List people.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Why you look. Everyone on the list can see that you looked, and why.") var reason: String?

        func run() async throws {
            output.show(list: try await place.client().list("people", most: list.most, headers: .accessReason(reason)), columns)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a person, by default yourself.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Their id.") var person = "me"
        @Option(help: "Why you look. They can see that you looked, and why.") var reason: String?

        func run() async throws {
            let answer = try await place.client().get("people/\(person)", headers: .accessReason(reason))
            output.show(answer, columns + [Column("ADDRESS", "postal_address")])
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "update", abstract: "Change a person.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Their id.") var person: String
        @Option(help: "What they are called.") var name: String?
        @OptionGroup var contact: Contact
        @Option(help: "Empty a field, such as phone; may be given again.") var clear: [String] = []

        func run() async throws {
            let given = contact.members.merging(["name": name.map(JSON.string)]) { $1 }
            output.show(try await place.client().update("people/\(person)", .changes(given, clearing: clear)), columns)
        }
    }

    struct Invite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "invite", abstract: "Invite a person to sign in.",
            discussion: "The code is shown once: pass it on safely. An earlier invitation of theirs stops working.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Their id.") var person: String

        func run() async throws {
            let answer = try await place.client().post("people/\(person)/invitations")
            output.show(answer, [Column("Person", "person_id"), Column("Code", "code"), Column("Accept it until", "expires_at")])
            output.say("\nThe code is shown only now. It is accepted with: kith invitation accept")
        }
    }

    struct SignInLetter: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sign-in-letter", abstract: "Make a code by letter for somebody who has an account and no e-mail.",
            discussion: "The code is shown once: print it and post it. An earlier one stops working, and the audit log shows who made it.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Their id.") var person: String

        func run() async throws {
            let answer = try await place.client().post("people/\(person)/sign-in-letters")
            output.show(answer, [Column("Person", "person_id"), Column("Code", "code"), Column("Works until", "expires_at")])
            output.say("\nThe code is shown only now. It is used with: kith sign-in --letter")
        }
    }

    struct Affiliate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "affiliate", abstract: "Affiliate a person to an organisation.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The person's id.") var person: String
        @Argument(help: "The organisation's id.") var organisation: String
        @Option(help: "As what, in the organisation's words.") var role: String
        @Option(help: "Since when, as in 2026-03-01.") var startedOn: String?

        func run() async throws {
            let answer = try await place.client().post(
                "affiliations",
                .members([
                    "person_id": .string(person), "organisation_id": .string(organisation), "role": .string(role),
                    "started_on": startedOn.map(JSON.string),
                ]))
            output.show(
                answer,
                [
                    Column("ID", "id"), Column("PERSON", "person_id"), Column("ORGANISATION", "organisation_id"), Column("ROLE", "role"),
                    Column("SINCE", "started_on"),
                ])
        }
    }
}
