import PluginKit

/// `kith panel ask`
struct PanelAskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "What is put to the members: for their views, their consent, or a vote.",
        subcommands: [View.self, Consent.self, Vote.self, List.self, Answer.self, Answers.self, Close.self])

    static let columns = [
        Column("ID", "id"), Column("KIND", "kind"), Column("WHAT", "title"), Column("WITHOUT NAMES", "is_anonymous"),
        Column("UNTIL", "closes_at"), Column("OPEN", "is_open"), Column("ANSWERS", "answers"), Column("OUTCOME", "outcome"),
        Column("CHOSEN", "chosen"),
    ]

    /// What is asked.
    struct QuestionOptions: ParsableArguments {
        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "What is asked.") var title: String
        @Option(help: "More of it, in plain English.") var details: String?
        @Option(help: "Until when, as in 2026-03-01T10:00:00Z.") var until: String
        @Option(help: "The id of the session that it belongs to.") var session: String?

        func send(_ kind: String, _ more: [String: JSON?] = [:]) async throws {
            let body: [String: JSON?] = [
                "kind": .string(kind), "title": .string(title), "details": details.map(JSON.string), "closes_at": .string(until),
                "session_id": session.map(JSON.string),
            ]
            output.show(try await panel.client().post("questions", .members(body.merging(more) { $1 })), columns)
        }
    }

    struct View: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "view", abstract: "Ask for views.")

        @OptionGroup var question: QuestionOptions
        @Flag(help: "Nobody learns who said what.") var anonymous = false

        func run() async throws { try await question.send("view", ["is_anonymous": .bool(anonymous)]) }
    }

    struct Consent: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "consent", abstract: "Ask for consent: carried where nobody objects.")

        @OptionGroup var question: QuestionOptions

        func run() async throws { try await question.send("consent") }
    }

    struct Vote: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "vote", abstract: "Ask for a vote.")

        @OptionGroup var question: QuestionOptions
        @Option(name: .customLong("option"), help: "What can be chosen; may be given again. By default yes and no.") var options: [String] =
            []
        @Flag(help: "Nobody learns who voted how.") var secret = false

        func run() async throws {
            try await question.send(
                "vote", ["is_anonymous": .bool(secret), "options": options.isEmpty ? nil : .array(options.map(JSON.string))])
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List what was asked, and what came of it.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(list: try await panel.client().list("questions", most: list.most), columns, ifEmpty: "Nothing was asked yet.")
        }
    }

    struct Answer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "answer", abstract: "Give your view, your consent or your vote, as a member.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The question's id.") var question: String
        @Option(help: "An option or abstain; for consent: consent, stand_aside or object.") var choice: String?
        @Option(help: "Your view, or your reason.") var words: String?

        func run() async throws {
            let body = JSON.members(["choice": choice.map(JSON.string), "words": words.map(JSON.string)])
            output.show(try await panel.client().post("questions/\(question)/contributions", body), columns)
        }
    }

    struct Answers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "answers", abstract: "List what members said: yours and, once it is closed, everybody's.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The question's id.") var question: String

        func run() async throws {
            output.show(
                list: try await panel.client().list("questions/\(question)/contributions", most: list.most),
                [Column("PERSON", "person_id"), Column("CHOICE", "choice"), Column("WORDS", "words")])
        }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "close", abstract: "Close a question before its time.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The question's id.") var question: String

        func run() async throws { output.show(try await panel.client().post("questions/\(question)/close"), columns) }
    }
}
