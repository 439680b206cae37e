import ArgumentParser
import Kith
import KithClient

/// `kith audit`
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Who did what.", subcommands: [List.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List who did what in the network.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Only what was done to this.") var subject: String?

        func run() async throws {
            output.show(
                list: try await place.client().list("audit-entries", ["subject_id": subject], most: list.most),
                [
                    Column("AT", "at"), Column("WHAT", "action"), Column("BY PERSON", "person_id"), Column("TO", "subject_id"),
                    Column("REQUEST", "request_id"),
                ])
        }
    }
}
