import ArgumentParser
import Kith
import KithClient

/// `kith consent`
struct ConsentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent", abstract: "What you agree to, and the ledger of it.",
        discussion: "You can change your mind at any time, without a reason. What you withdraw holds no more from that moment.",
        subcommands: [List.self, Give.self, Withdraw.self, Record.self, Entries.self, Monitoring.self, Counts.self])

    static let entry = [
        Column("PURPOSE", "purpose"), Column("WORDING", "wording"), Column("AGREED", "given"), Column("BY", "channel"),
        Column("WHEN", "happened_at"), Column("WRITTEN DOWN BY", "recorded_by"),
    ]

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List what is asked, with its wording, and what holds.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The person's id; by default yourself.") var person = "me"

        func run() async throws {
            let states = try await place.client().get("people/\(person)/consents").json
            output.show(
                list: states,
                [Column("PURPOSE", "purpose"), Column("WORDING", "wording"), Column("STATE", "state"), Column("TEXT", "text")])
        }
    }

    struct Give: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "give", abstract: "Agree to a purpose, for yourself, after reading its wording.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The purpose.") var purpose: String
        @Option(help: "The version of the wording that you read, from `kith consent list`.") var wording: Int

        func run() async throws {
            let body: JSON = ["purpose": .string(purpose), "wording": .integer(Int64(wording)), "given": true]
            output.show(try await place.client().post("people/me/consents", body), entry)
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "withdraw", abstract: "Withdraw, for yourself. It takes effect at once.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The purpose.") var purpose: String

        func run() async throws {
            let body: JSON = ["purpose": .string(purpose), "wording": 1, "given": false]
            output.show(try await place.client().post("people/me/consents", body), entry)
        }
    }

    struct Record: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "record", abstract: "Record what somebody decided on paper, by phone or in person.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The person's id.") var person: String
        @Argument(help: "The purpose.") var purpose: String
        @Option(help: "How they said so.") var channel: Channel.Recorded
        @Option(help: "The version of the wording that they read or heard.") var wording: Int
        @Flag(inversion: .prefixedNo, help: "Whether they agreed.") var agreed: Bool
        @Option(help: "When they said so, as in 2026-03-01T09:30:00Z; by default now.") var at: String?

        func run() async throws {
            let body = JSON.members([
                "purpose": .string(purpose), "wording": .integer(Int64(wording)), "given": .bool(agreed),
                "channel": .string(channel.rawValue),
                "happened_at": at.map(JSON.string),
            ])
            output.show(try await place.client().post("people/\(person)/consents", body), entry)
        }
    }

    struct Entries: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "entries", abstract: "List the entries of the ledger: your own, or all with a role for it.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Only of this person.") var person: String?
        @Option(help: "Only about this purpose.") var purpose: String?

        func run() async throws {
            let entries = try await place.client().list("consents", ["person_id": person, "purpose": purpose], most: list.most)
            output.show(list: entries, [Column("PERSON", "person_id")] + entry)
        }
    }

    struct Monitoring: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "monitoring", abstract: "Answer for equality monitoring, or show your answers.",
            discussion: """
                Reads the answers as JSON from a file or the standard input, such as {"age": "45_54"}, so that they stand in no list of commands. \
                Any question may be skipped. Only you can read your answers; others see counts of five people or more.
                """)

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "The file with your answers, or - for the standard input. Without it your answers are shown.", completion: .file())
        var answers: String?

        func run() async throws {
            let network = try await place.client()
            guard let answers else { return Terminal.print(try await network.get("people/me/monitoring").json.description) }
            try await network.put("people/me/monitoring", JSON(reading: Terminal.read(file: answers)))
            output.say("Your answers are kept. Only you can read them.")
        }
    }

    struct Counts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "counts", abstract: "Show equality monitoring in groups of five or more.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                list: try await place.client().get("monitoring-counts").json,
                [Column("QUESTION", "question"), Column("ANSWER", "answer"), Column("PEOPLE", "people")],
                ifEmpty: "There is no group of five or more.")
        }
    }
}
