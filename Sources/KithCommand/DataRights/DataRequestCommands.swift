import ArgumentParser
import Kith
import KithClient

extension DataCommand {
    struct Requests: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "requests", abstract: "List requests for copies and erasures: yours, and all as an administrator.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(list: try await place.client().list("data-requests", most: list.most), columns + [Column("REASON", "reason")])
        }
    }

    /// Which request a command is about.
    struct RequestOptions: ParsableArguments {
        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The request's id.") var request: String

        /// Takes a step with it and shows how it stands.
        func take(_ step: String) async throws { output.show(try await place.client().post("data-requests/\(request)/\(step)"), columns) }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "approve", abstract: "Approve what another administrator asked for.")

        @OptionGroup var request: RequestOptions

        func run() async throws { try await request.take("approve") }
    }

    struct Refuse: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "refuse", abstract: "Refuse what another administrator asked for.")

        @OptionGroup var request: RequestOptions

        func run() async throws { try await request.take("refuse") }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cancel", abstract: "Take back a request of yours, or about you, that is not done.")

        @OptionGroup var request: RequestOptions

        func run() async throws { try await request.take("cancel") }
    }

    static let correctionColumns = [
        Column("ID", "id"), Column("PERSON", "person_id"), Column("WHAT", "request"), Column("DECIDED", "outcome"),
        Column("ANSWER", "answer"),
    ]

    struct Correct: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "correct", abstract: "Say what is wrong about you, and what is right.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "In your own words.") var words: String

        func run() async throws {
            output.show(try await place.client().post("people/me/rectifications", ["request": .string(words)]), correctionColumns)
        }
    }

    struct Corrections: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "corrections", abstract: "List corrections that were asked for.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(list: try await place.client().list("rectifications", most: list.most), correctionColumns)
        }
    }

    struct Decide: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "decide", abstract: "Say what was corrected, or why not.",
            discussion: "Change the data first, for example with kith person update.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The correction's id.") var correction: String
        @Argument(help: "corrected or refused.") var outcome: String
        @Argument(help: "What the person is told.") var answer: String

        func run() async throws {
            let body: JSON = ["outcome": .string(outcome), "answer": .string(answer)]
            output.show(try await place.client().post("rectifications/\(correction)/decide", body), correctionColumns)
        }
    }
}
