import PluginKit

// For those who run a panel.
extension PanelInterest {
    struct Profile: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "profile", abstract: "Say in plain English what a call involves and whom it is for.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "How much time it takes, and when.") var time: String
        @Option(help: "What is paid, and what is paid back.") var pay: String
        @Option(help: "What helps people to take part.") var support: String
        @Option(help: "Whom it is for.") var whoFor: String
        @Option(name: .customLong("question"), help: "What must be true, as a question to answer with yes. May be given again.")
        var questions: [String] = []

        func run() async throws {
            let (client, call) = try await call.client()
            let answer = try await client.put(
                "opportunities/\(call)/profile",
                [
                    "time_needed": .string(time), "pay": .string(pay), "support": .string(support), "who_for": .string(whoFor),
                    "eligibility": .array(questions.map(JSON.string)),
                ])
            output.show(answer, page)
        }
    }

    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "publish", abstract: "Publish a call: it opens and closes by itself.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(try await client.post("opportunities/\(call)/profile/publish"), page)
        }
    }

    struct Enter: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enter", abstract: "Write down and send in what somebody told you, with their consent.",
            discussion: "Hand them the secret: it is theirs.")

        @OptionGroup var call: CallOptions
        @OptionGroup var draft: DraftOptions
        @OptionGroup var declaration: DeclarationOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "How they told you: paper, phone or in_person.") var channel: String
        @Option(help: "Their id, where they are a person of the network.") var person: String?

        func run() async throws {
            let (client, call) = try await call.client()
            var body = try draft.members().merging(declaration.members()) { $1 }
            (body["channel"], body["person_id"]) = (.string(channel), person.map(JSON.string))
            output.show(try await client.post("opportunities/\(call)/interests", .members(body)), columns + [Column("SECRET", "secret")])
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List what was sent in. Names are kept from you while you shortlist.")

        @OptionGroup var call: CallOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Only those who wait for feedback.") var wantsFeedback = false

        func run() async throws {
            let (client, call) = try await call.client()
            let path = "opportunities/\(call)/interests"
            output.show(list: try await client.list(path, ["wants_feedback": wantsFeedback ? "true" : nil], most: list.most), columns)
        }
    }

    struct Feedback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "feedback", abstract: "Give feedback to somebody who asked for it.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The id of what they sent in.") var interest: String
        @Argument(help: "The feedback.") var words: String

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(try await client.put("opportunities/\(call)/interests/\(interest)/feedback", ["feedback": .string(words)]), columns)
        }
    }

    struct Counts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "counts", abstract: "Show who expressed interest, in groups of five or more.")

        @OptionGroup var call: CallOptions

        func run() async throws {
            let (client, call) = try await call.client()
            let counts = try await client.get("opportunities/\(call)/monitoring-counts").json["items"]?.array ?? []
            let columns = [Column("QUESTION", "question"), Column("ANSWER", "answer"), Column("PEOPLE", "people")]
            for line in Table(counts, columns).lines { Terminal.print(line) }
        }
    }
}
