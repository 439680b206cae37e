import ArgumentParser
import Kith
import KithClient

/// `kith job`
struct JobCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Work that takes longer than a request.",
        subcommands: [List.self, Show.self, Cancel.self, Wait.self])

    static let columns = [
        Column("ID", "id"), Column("WORK", "kind"), Column("STATE", "state"),
        Column("DONE") { job in "\(Int((job["progress"]?.number ?? 0) * 100)) %" },
        Column("AT", "stage"), Column("ASKED FOR", "created_at"), Column("ENDED", "finished_at"),
    ]

    static let details =
        columns + [
            Column("RESULT", "result"), Column("PROBLEM") { $0["problem"]?["detail"]?.string ?? "–" },
        ]

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the network's work.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(list: try await place.client().list("jobs", most: list.most), columns)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show how far a job is.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var job: String

        func run() async throws {
            output.show(try await place.client().get("jobs/\(job)"), details)
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "cancel", abstract: "Ask a job to stop.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var job: String

        func run() async throws {
            output.show(try await place.client().post("jobs/\(job)/cancel"), details)
        }
    }

    struct Wait: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "wait", abstract: "Wait until a job has ended.",
            discussion: "Ends with an error where the job has failed or was cancelled.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var job: String

        func run() async throws {
            let network = try await place.client()
            _ = try await network.waitShowingProgress(for: job)
            output.show(try await network.get("jobs/\(job)"), details)
        }
    }
}
