import ArgumentParser
import Kith
import KithClient

/// `kith concern`
struct ConcernCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "concern", abstract: "Concerns: sealed, to the safeguarding leads and to nobody else.",
        subcommands: [Raise.self, Leads.self, List.self, Show.self, Write.self, Acknowledge.self, Close.self, Counts.self])

    static let columns = [
        Column("ID", "id"), Column("RECEIVED", "raised_at"), Column("STATE", "state"), Column("ACKNOWLEDGE BY", "acknowledge_by"),
        Column("OVERDUE", "is_overdue"), Column("ACKNOWLEDGED", "acknowledged_at"), Column("CLOSED", "closed_at"),
    ]
    static let entryColumns = [
        Column("WRITTEN", "created_at"), Column("KIND", "kind"), Column("AUTHOR", "author_id"), Column("TEXT", text: NoteCommand.text),
    ]

    struct Raise: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "raise", abstract: "Raise a concern, from a file or the standard input.",
            discussion: """
                Every safeguarding lead reads it except those whom you leave out, who are not told that it exists. Administrators do not learn \
                that you raised it. Look first who would read it: kith concern leads
                """)

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "The id of a lead who must not read it; may be given again.") var leaveOut: [String] = []
        @Option(help: "The programme that it is about, whose leads read it too.") var programme: String?
        @OptionGroup var words: TextOptions

        func run() async throws {
            let body: JSON = .members([
                "text": .string(try words.read("What are you concerned about")), "leave_out_ids": .array(leaveOut.map(JSON.string)),
                "programme_id": programme.map(JSON.string),
            ])
            let concern = try await place.client().post("concerns", body)
            output.show(concern, columns)
            output.say(
                "It was received, and waits for its leads. Read what they answer with: kith concern show \(concern.json["id"]?.string ?? "")"
            )
        }
    }

    struct Leads: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "leads", abstract: "List who would read a concern of yours.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "The programme that it is about.") var programme: String?

        func run() async throws {
            output.show(
                list: try await place.client().list("concern-leads", ["programme_id": programme], most: list.most),
                [Column("ID", "id"), Column("NAME", "name")], ifEmpty: "There is no lead here yet. Ask who is responsible for safeguarding."
            )
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the concerns that you raised or that were raised to you.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(list: try await place.client().list("concerns", most: list.most), columns)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Read a concern and what was written about it.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The concern's id.") var concern: String

        func run() async throws {
            output.show(list: try await place.client().list("concerns/\(concern)/entries", most: list.most), entryColumns)
        }
    }

    struct Write: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "write", abstract: "Write to the others who know of a concern.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The concern's id.") var concern: String
        @OptionGroup var words: TextOptions

        func run() async throws {
            let body: JSON = ["text": .string(try words.read("Your note"))]
            output.show(try await place.client().post("concerns/\(concern)/entries", body), entryColumns)
        }
    }

    struct Acknowledge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "acknowledge", abstract: "Say that you have read a concern and will see to it.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The concern's id.") var concern: String

        func run() async throws {
            output.show(try await place.client().post("concerns/\(concern)/acknowledge"), columns)
        }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "close", abstract: "Close a concern with what came of it, which its raiser reads.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The concern's id.") var concern: String
        @OptionGroup var words: TextOptions

        func run() async throws {
            let body: JSON = ["text": .string(try words.read("What came of it"))]
            output.show(try await place.client().post("concerns/\(concern)/close", body), columns)
        }
    }

    struct Counts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "counts", abstract: "Show how many concerns wait, and never which.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                try await place.client().get("concern-counts"),
                [Column("OPEN", "open"), Column("WAITING", "waiting"), Column("OVERDUE", "overdue"), Column("CLOSED", "closed")])
        }
    }
}
