import PluginKit

/// `kith panel shortlist`
struct PanelShortlist: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shortlist", abstract: "Have two people or more score what is sent in, blind to names and to each other.",
        discussion: "The steps: open; each who scores: declare, list, score, finish; then decide. Without a shortlist all are in the draw.",
        subcommands: [Open.self, Add.self, Show.self, Declare.self, List.self, Score.self, Finish.self, Scores.self, Decide.self])

    private static let columns = [
        Column("ID", "id"), Column("SCORE", "shortlisters"), Column("DONE", "finished"), Column("LINE", "minimum_points"),
        Column("DECIDED", "decided_at"), Column("WITH LIVED EXPERIENCE", "deciders_counted"), Column("OF", "deciders"),
    ]

    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "open", abstract: "Open a shortlist for a call.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions
        @Option(name: .customLong("criterion"), help: "What is scored. May be given again.") var criteria: [String]
        @Option(name: .customLong("person"), help: "The id of somebody who scores. Give two or more.") var people: [String]
        @Option(help: "How many points there are for each.") var mostPoints = 5

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(
                try await client.post(
                    "opportunities/\(call)/shortlist",
                    [
                        "criteria": .array(criteria.map(JSON.string)), "shortlister_ids": .array(people.map(JSON.string)),
                        "most_points": .integer(Int64(mostPoints)),
                    ]), columns)
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "add", abstract: "Ask one more person to score.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The person's id.") var person: String

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(try await client.post("opportunities/\(call)/shortlist/people", ["person_id": .string(person)]), columns)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show how shortlisting goes.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(try await client.get("opportunities/\(call)/shortlist"), columns)
        }
    }

    struct Declare: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "declare",
            abstract: "Declare what stands between you and those who offer; without --conflict, that you know of nothing.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions
        @Option(name: .customLong("conflict"), help: "As in INTEREST=family. May be given again.") var conflicts: [NamedValue] = []

        func run() async throws {
            let (client, call) = try await call.client()
            let known = conflicts.map { JSON.object(["interest_id": .string($0.name), "kind": .string($0.value)]) }
            output.show(try await client.put("opportunities/\(call)/shortlist/declaration", ["conflicts": .array(known)]), columns)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List what you may score, without names.")

        @OptionGroup var call: CallOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(
                list: try await client.list("opportunities/\(call)/shortlist/interests", most: list.most),
                [Column("ID", "id"), Column("SCORED", "is_scored"), Column("WORDS", "words"), Column("RECORDING", "recording")])
        }
    }

    struct Score: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "score", abstract: "Score one, with points for each of the criteria in their order.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The id of what was sent in.") var interest: String
        @Argument(help: "The points.") var points: [Int]
        @Option(help: "What can be said as feedback.") var words: String?

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(
                try await client.put(
                    "opportunities/\(call)/shortlist/interests/\(interest)/assessment",
                    .members(["points": .array(points.map { .integer(Int64($0)) }), "words": words.map(JSON.string)])), scores)
        }
    }

    struct Finish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "finish", abstract: "Say that you have scored all.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(try await client.post("opportunities/\(call)/shortlist/finish"), columns)
        }
    }

    private static let scores = [
        Column("INTEREST", "interest_id"), Column("BY", "person_id"), Column("POINTS", "points"), Column("WORDS", "words"),
    ]

    struct Scores: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "scores", abstract: "List your scores, and everybody's when all are done.")

        @OptionGroup var call: CallOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(list: try await client.list("opportunities/\(call)/shortlist/assessments", most: list.most), scores)
        }
    }

    struct Decide: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "decide", abstract: "Draw one line for everybody; those below it are left out.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The least points, on average.") var points: Int

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(
                try await client.post("opportunities/\(call)/shortlist/decision", ["minimum_points": .integer(Int64(points))]), columns)
        }
    }
}
