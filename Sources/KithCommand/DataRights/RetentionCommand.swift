import ArgumentParser
import Kith
import KithClient

/// `kith retention`
struct RetentionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention", abstract: "For how long things are kept.", subcommands: [Preview.self, Run.self, Set.self],
        defaultSubcommand: Preview.self)

    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "preview", abstract: "Show each rule, and what would go now. Nothing is changed.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                list: try await place.client().get("retention-rules").json,
                [
                    Column("NAME", "name"), Column("WHAT", "title"), Column("DAYS", "days"), Column("AT LEAST", "least_days"),
                    Column("AT MOST", "most_days"), Column("WOULD GO", "rows"),
                ])
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run", abstract: "Erase what has had its time, now. It is also done once a day.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let network = try await place.client()
            let job = try await network.post("retention-rules/run").json["id"]?.string ?? ""
            _ = try await network.waitShowingProgress(for: job)
            output.show(try await network.get("jobs/\(job)"), [Column("ID", "id"), Column("STATE", "state"), Column("RESULT", "result")])
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Choose for how long something is kept, within its limits.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The rule's name.") var name: String
        @Argument(help: "For how many days.") var days: Int

        func run() async throws {
            try await place.client().put("retention-rules/\(name)", ["days": .integer(Int64(days))])
            output.say("It is kept for \(days) days.")
        }
    }
}
