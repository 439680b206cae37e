import ArgumentParser
import Kith
import KithClient

/// `kith space`
struct SpaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "space", abstract: "Spaces: what is said in one is for its members, and not for administrators.",
        subcommands: [
            Create.self, List.self, Members.self, Add.self, Remove.self, Leave.self, End.self, Counts.self, BreakGlassCommand.self,
        ])

    static let columns = [
        Column("ID", "id"), Column("KIND", "kind"), Column("NAME", "name"), Column("OPENED", "created_at"), Column("ENDED", "ended_at"),
    ]
    static let memberColumns = [
        Column("PERSON", "person_id"), Column("NAME", "name"), Column("CONVENOR", "is_convenor"), Column("SINCE", "joined_at"),
        Column("LEFT", "left_at"), Column("LET IN BY", "added_by"),
    ]

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Open a space.",
            discussion: """
                You are in it only if you name yourself. Its convenors decide who comes in later; a new member reads what is written from then \
                on. Only people who can sign in can be members. The name is not sealed.
                """)

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "What it is called.") var name: String
        @Option(help: "A convenor's id; may be given again.") var convenor: [String]
        @Option(help: "Another member's id; may be given again.") var member: [String] = []
        @Option(help: "The programme that it belongs to.") var programme: String?

        func run() async throws {
            let answer = try await place.client().post(
                "spaces",
                .members([
                    "name": .string(name), "convenor_ids": .array(convenor.map(JSON.string)), "member_ids": .array(member.map(JSON.string)),
                    "programme_id": programme.map(JSON.string),
                ]))
            output.show(answer, columns)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the spaces that you are in.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(list: try await place.client().list("spaces", most: list.most), columns)
        }
    }

    struct Members: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "members", abstract: "List who is in a space, and who let them in.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id.") var space: String

        func run() async throws {
            output.show(list: try await place.client().list("spaces/\(space)/members", most: list.most), memberColumns)
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "add", abstract: "Let somebody into a space, as one of its convenors.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id.") var space: String
        @Argument(help: "The person's id.") var person: String
        @Flag(help: "Let them decide, too, who comes in.") var convenor = false

        func run() async throws {
            let body: JSON = ["person_id": .string(person), "is_convenor": .bool(convenor)]
            output.show(try await place.client().post("spaces/\(space)/members", body), memberColumns)
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Take somebody out of a space, as one of its convenors.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id.") var space: String
        @Argument(help: "The person's id.") var person: String

        func run() async throws {
            try await place.client().delete("spaces/\(space)/members/\(person)")
            output.say("They are out of the space, and read nothing more of it.")
        }
    }

    struct Leave: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "leave", abstract: "Leave a space, at once and without a reason.",
            discussion:
                "You read nothing more of it then. What you wrote stays with the others; delete first what should not: kith note delete")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id.") var space: String

        func run() async throws {
            let client = try await place.client()
            try await client.delete("spaces/\(space)/members/\(client.get("people/me").json.id)")
            output.say("You have left the space.")
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "end", abstract: "End a space, as one of its convenors. It can still be read.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id.") var space: String

        func run() async throws {
            try await place.client().delete("spaces/\(space)")
            output.say("The space has ended. Its members can still read it.")
        }
    }

    struct Counts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "counts", abstract: "Show how much is written in the spaces of a network, and never what.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                list: try await place.client().list("space-counts", most: list.most),
                [
                    Column("ID", "id"), Column("KIND", "kind"), Column("MEMBERS", "members"), Column("NOTES", "notes"),
                    Column("LAST NOTE", "last_note_on"), Column("OPENED", "created_at"), Column("ENDED", "ended_at"),
                ])
        }
    }
}
