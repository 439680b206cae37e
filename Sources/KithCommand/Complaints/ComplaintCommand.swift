import ArgumentParser
import Kith
import KithClient

/// `kith complaint`
struct ComplaintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "complaint", abstract: "Complaints: raised, acknowledged in time, answered.",
        discussion: """
            You and those who handle complaints read a complaint; whoever it is about does not, and administrators see numbers only. Words are \
            read from a file or the standard input.
            """,
        subcommands: [
            Raise.self, Record.self, List.self, Show.self, Acknowledge.self, TakeOn.self, Add.self, Close.self, Withdraw.self, Counts.self,
        ])

    static let columns = [
        Column("ID", "id"), Column("KIND", "kind"), Column("CAME", "received_on"), Column("ANSWER BY", "acknowledge_by"),
        Column("OVERDUE", "is_overdue"), Column("STATE", "state"), Column("OUTCOME", "outcome"),
    ]

    // What was done, and whether somebody has to tell the complainant.
    static func show(step complaint: KithClient.Answer, _ output: OutputOptions) {
        output.show(complaint, columns)
        if complaint.json["is_read_online"] == false {
            output.say("Whoever complained cannot sign in to read this. Please write to them or call them.")
        }
    }

    /// Which complaint.
    struct ComplaintOptions: ParsableArguments {
        @OptionGroup var place: NetworkOptions
        @Argument(help: "The complaint's id.") var complaint: String

        func client() async throws -> KithClient { try await place.client().at("complaints/\(complaint)") }
    }

    struct Raise: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "raise", abstract: "Complain.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "A file that says what happened, or - for the standard input.", completion: .file()) var file = "-"
        @Option(help: "About what.") var kind = Complaints.Kind.service
        @Option(help: "The id of the person it is about, who then does not see it.") var about: String?

        func run() async throws {
            let body = JSON.members([
                "summary": .string(try Terminal.text(file: file)), "kind": .string(kind.rawValue),
                "about_person_id": about.map(JSON.string),
            ])
            let complaint = try await place.client().post("complaints", body)
            output.show(complaint, columns)
            if complaint.json["can_be_answered"] == false {
                output.say(
                    "There is nobody here yet who may answer it: whoever it is about never does. The administrators hear that somebody is needed, and "
                        + "nothing of what you wrote.")
            }
            output.say(
                "Your complaint was received. You should hear by \(complaint.json["acknowledge_by"]?.string ?? "the day above"). See how it goes with: "
                    + "kith complaint show \(complaint.json["id"]?.string ?? "")")
        }
    }

    struct Record: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "record", abstract: "Record a complaint that came on paper, by phone or in person.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "A file that says what happened, or - for the standard input.", completion: .file()) var file = "-"
        @Option(help: "How it came.") var channel: Channel.Recorded
        @Option(help: "About what.") var kind = Complaints.Kind.service
        @Option(help: "The id of the person it is about.") var about: String?
        @Option(help: "The id of the person who complains.") var from: String?
        @Option(help: "A file with the name and address of somebody from outside who complains.", completion: .file()) var outsider: String?
        @Option(help: "When it came, as in 2026-03-01; by default today.") var receivedOn: String?

        func run() async throws {
            let body = JSON.members([
                "summary": .string(try Terminal.text(file: file)), "kind": .string(kind.rawValue),
                "about_person_id": about.map(JSON.string),
                "channel": .string(channel.rawValue), "raised_by": from.map(JSON.string),
                "complainant": try outsider.map { .string(try Terminal.text(file: $0)) }, "received_on": receivedOn.map(JSON.string),
            ])
            output.show(try await place.client().post("complaint-records", body), columns)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List your complaints, or those that you handle.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Only those whose acknowledgement is overdue.") var overdue = false

        func run() async throws {
            output.show(
                list: try await place.client().list("complaints", ["overdue": overdue ? "true" : nil], most: list.most), columns)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a complaint and what was done about it.")

        @OptionGroup var complaint: ComplaintOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let network = try await complaint.place.client()
            output.show(
                try await network.get("complaints/\(complaint.complaint)"),
                columns + [Column("CAN READ IT ONLINE", "is_read_online"), Column("WHAT HAPPENED", "summary")])
            if output.isJSON { return }
            let entries = try await network.list("complaints/\(complaint.complaint)/entries").items
            Terminal.print("")
            for line in Table(entries, [Column("WHEN", "written_at"), Column("STEP", "step"), Column("WORDS", "words")]).lines {
                Terminal.print(line)
            }
        }
    }

    struct Acknowledge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "acknowledge", abstract: "Acknowledge the receipt of a complaint.")

        @OptionGroup var complaint: ComplaintOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { show(step: try await complaint.client().post("acknowledge"), output) }
    }

    struct TakeOn: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "take-on", abstract: "Take a complaint on.")

        @OptionGroup var complaint: ComplaintOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { show(step: try await complaint.client().post("take-on"), output) }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "add", abstract: "Add words to a complaint; both sides read them.")

        @OptionGroup var complaint: ComplaintOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "A file with the words, or - for the standard input.", completion: .file()) var file = "-"

        func run() async throws {
            let answer = try await complaint.client().post("entries", ["words": .string(try Terminal.text(file: file))])
            output.show(answer, [Column("WHEN", "written_at"), Column("WORDS", "words")])
        }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "close", abstract: "Close a complaint that you took on.")

        @OptionGroup var complaint: ComplaintOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "How it ended.") var outcome: Complaints.Closing.Choice
        @Argument(help: "A file with what was found and what changes, or - for the standard input.", completion: .file()) var file = "-"

        func run() async throws {
            let body: JSON = ["outcome": .string(outcome.rawValue), "words": .string(try Terminal.text(file: file))]
            show(step: try await complaint.client().post("close", body), output)
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "withdraw", abstract: "Take your own complaint back, without a reason.")

        @OptionGroup var complaint: ComplaintOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { output.show(try await complaint.client().post("withdraw"), columns) }
    }

    struct Counts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "counts", abstract: "Show how many complaints wait for an answer.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                try await place.client().get("complaint-counts"),
                [
                    Column("Open", "open"), Column("Not acknowledged", "unacknowledged"), Column("Overdue", "overdue"),
                    Column("People who handle them", "handlers"),
                ])
        }
    }
}
