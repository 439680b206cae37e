import ArgumentParser
import Kith
import KithClient

/// `kith need`
struct NeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "need", abstract: "What people need in order to take part.",
        discussion: """
            Needs reach those who arrange access, while the person consents (kith consent give core.share_access_needs), and never those who \
            choose people. Words are read from a file or the standard input.
            """,
        subcommands: [Add.self, List.self, Update.self, Review.self, History.self, Asked.self, Unasked.self])

    static let columns = [
        Column("ID", "id"), Column("PERSON", "person_id"), Column("KIND", "kind"), Column("DETAILS", "details"),
        Column("WHAT HELPS", "how_to_meet"), Column("SHARED WITH", "share_with"), Column("SHARED SINCE", "shared_at"),
        Column("REVIEW ON", "review_on"),
    ]

    struct Details: ParsableArguments {
        @Option(help: "A file with the details in the person's words, or - for the standard input.", completion: .file()) var details:
            String?
        @Option(help: "A file with what helps.", completion: .file()) var howToMeet: String?
        @Option(help: "Whom it may be shared with.") var shareWith: AccessNeeds.Audience?
        @Option(help: "When to review it, as in 2026-03-01.") var reviewOn: String?

        func members() throws -> [String: JSON?] {
            try [
                "details": details.map { .string(try Terminal.text(file: $0)) },
                "how_to_meet": howToMeet.map { .string(try Terminal.text(file: $0)) },
                "share_with": shareWith.map { .string($0.rawValue) }, "review_on": reviewOn.map(JSON.string),
            ]
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Say what you need, or record what somebody needs who shares it with you.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "What kind of need; other for one of your own.") var kind: AccessNeeds.Kind
        @OptionGroup var details: Details
        @Option(help: "The person's id; by default yourself.") var person: String?

        private static let forYourself = "It is kept for you alone: nobody else sees it, and nobody can arrange it."
        private static let notShared = """
            Nobody sees it yet, so nobody can arrange it: you have not agreed that it is shared. Read what you would agree to with kith consent \
            list, and agree with kith consent give core.share_access_needs --wording and the number of the wording.
            """

        func run() async throws {
            let body = JSON.members(try details.members().merging(["kind": .string(kind.rawValue)]) { $1 })
            let path = person.map { "people/\($0)/access-needs" } ?? "access-needs"
            let need = try await place.client().post(path, body)
            output.show(need, columns)
            if need.json["shared_at"]?.string == nil {
                output.say(need.json["share_with"] == "nobody" ? Self.forYourself : Self.notShared)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List your own needs or, with --shared, those that are shared with you.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Those that are shared with you, to arrange them.") var shared = false
        @Flag(help: "Only those whose review is overdue.") var overdue = false
        @Option(help: "Only of this person.") var person: String?

        func run() async throws {
            let arranging = shared || overdue || person != nil
            let needs = try await place.client().list(
                arranging ? "access-needs" : "people/me/access-needs",
                arranging ? ["overdue": overdue ? "true" : nil, "person_id": person] : [:], most: list.most)
            output.show(list: needs, columns)
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "update", abstract: "Change a need. It is arranged again for coming meetings.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var need: String
        @OptionGroup var details: Details

        func run() async throws {
            output.show(try await place.client().update("access-needs/\(need)", .changes(details.members())), columns)
        }
    }

    struct Review: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "review", abstract: "Review a need: it stands, or it ends.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var need: String
        @Flag(help: "It is needed no more.") var ended = false
        @Option(help: "When to review it next; by default in a year.") var reviewOn: String?

        func run() async throws {
            let body = JSON.members(["still_needed": .bool(!ended), "review_on": reviewOn.map(JSON.string)])
            output.show(try await place.client().post("access-needs/\(need)/review", body), columns)
        }
    }

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "history", abstract: "Show how a need stood before.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var need: String

        func run() async throws {
            output.show(
                list: try await place.client().list("access-needs/\(need)/history", most: list.most),
                [
                    Column("VERSION", "version"), Column("KIND", "kind"), Column("DETAILS", "details"), Column("CHANGED BY", "changed_by"),
                    Column("WHEN", "changed_at"),
                ])
        }
    }

    struct Asked: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "asked", abstract: "Record that a person was asked what they need.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The person's id.") var person: String
        @Argument(help: "What came of it.") var outcome: AccessEnquiries.Outcome
        @Option(help: "How they were asked.") var channel = Channel.inPerson

        func run() async throws {
            let body: JSON = ["outcome": .string(outcome.rawValue), "channel": .string(channel.rawValue)]
            let answer = try await place.client().post("people/\(person)/access-enquiries", body)
            output.show(answer, [Column("PERSON", "person_id"), Column("OUTCOME", "outcome"), Column("WHEN", "asked_at")])
        }
    }

    struct Unasked: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "unasked", abstract: "List people who were never asked what they need.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                list: try await place.client().list("access-enquiries/unasked", most: list.most),
                [Column("ID", "id"), Column("NAME", "name"), Column("REACHED BY", "contact_by")], ifEmpty: "Everybody was asked.")
        }
    }
}
