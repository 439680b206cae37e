import ArgumentParser
import Kith
import KithClient

/// `kith space break-glass`
struct BreakGlassCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "break-glass", abstract: "Open a space in an emergency: two people, a reason, a time limit, and its members are told.",
        subcommands: [Request.self, Approve.self, End.self, List.self])

    static let columns = [
        Column("ID", "id"), Column("ASKED BY", "requested_by"), Column("ASKED", "requested_at"), Column("HOURS", "hours"),
        Column("APPROVED BY", "approved_by"), Column("OPEN UNTIL", "expires_at"), Column("ENDED", "ended_at"), Column("WHY", "reason"),
    ]

    struct Request: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "request", abstract: "Ask to open a space. Its members are told, and read the reason.",
            discussion: "You need the role that the network names for it: kith setting choose break_glass_role ROLE")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id, from: kith space counts") var space: String
        @Option(help: "For how many hours, 1 to 72.") var hours: Int
        @OptionGroup var words: TextOptions

        func run() async throws {
            let body: JSON = ["reason": .string(try words.read("Why")), "hours": .integer(Int64(hours))]
            let answer = try await place.client().post("spaces/\(space)/break-glass", body)
            output.show(answer, columns)
            let id = try answer.json.id
            output.say("\nSomebody else who has the role must approve it, within a week: kith space break-glass approve \(space) \(id)")
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "approve", abstract: "Approve somebody else's request. The space is then open to you both.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id.") var space: String
        @Argument(help: "The request's id.") var request: String

        func run() async throws {
            output.show(try await place.client().post("spaces/\(space)/break-glass/\(request)/approve"), columns)
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "end", abstract: "Close the space again before the time.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id.") var space: String
        @Argument(help: "The request's id.") var request: String

        func run() async throws {
            try await place.client().delete("spaces/\(space)/break-glass/\(request)")
            output.say("The space is closed again.")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List who asked to open a space that you are in, why, and until when.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id.") var space: String

        func run() async throws {
            output.show(
                list: try await place.client().list("spaces/\(space)/break-glass", most: list.most), columns,
                ifEmpty: "Nobody has ever asked to open this space.")
        }
    }
}
