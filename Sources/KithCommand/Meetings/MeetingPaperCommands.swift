import ArgumentParser
import Kith
import KithClient

extension MeetingCommand {
    static let paper = [Column("ID", "id"), Column("TITLE", "title"), Column("LINK", "link"), Column("SENT", "sent_at")]

    struct Paper: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "paper", abstract: "Add a paper to a meeting, as a link.")

        @OptionGroup var meeting: MeetingOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "What it is called.") var title: String
        @Argument(help: "Where it is.") var link: String
        @Flag(help: "It is sent now.") var sent = false

        func run() async throws {
            let body: JSON = ["title": .string(title), "link": .string(link), "sent": .bool(sent)]
            output.show(try await meeting.client().post("papers", body), MeetingCommand.paper)
        }
    }

    struct PaperSent: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "paper-sent", abstract: "Record that a paper was sent.")

        @OptionGroup var meeting: MeetingOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The paper's id.") var paper: String

        func run() async throws { output.show(try await meeting.client().post("papers/\(paper)/sent"), MeetingCommand.paper) }
    }

    struct Papers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "papers", abstract: "List the papers of a meeting.")

        @OptionGroup var meeting: MeetingOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { output.show(list: try await meeting.client().list("papers", most: list.most), MeetingCommand.paper) }
    }

    struct Needs: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "needs", abstract: "List the access needs of a meeting: your own, or those that you arrange.")

        @OptionGroup var meeting: MeetingOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { output.show(list: try await meeting.client().list("needs", most: list.most), MeetingCommand.need) }
    }

    struct Need: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "need", abstract: "Say that an access need is arranged, explained, met or reviewed.")

        @OptionGroup var meeting: MeetingOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The need's id.") var need: String
        @Argument(help: "What was done.") var step: MeetingNeeds.Step
        @Option(help: "For explained: a file with the reason in words for the person, or - for the standard input.", completion: .file())
        var explanation: String?
        @Flag(inversion: .prefixedNo, help: "For reviewed: whether it was met.") var met: Bool?

        func run() async throws {
            let body = JSON.members([
                "step": .string(step.rawValue), "explanation": try explanation.map { .string(try Terminal.text(file: $0)) },
                "was_met": met.map(JSON.bool),
            ])
            output.show(try await meeting.client().post("needs/\(need)/steps", body), MeetingCommand.need)
        }
    }
}
