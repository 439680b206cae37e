import ArgumentParser
import Kith
import KithClient

/// `kith organisation`
struct OrganisationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organisation", abstract: "Organisations: user-led ones, trusts, councils, charities and others.",
        subcommands: [Create.self, List.self, Show.self, Update.self])

    static let columns = [
        Column("ID", "id"), Column("NAME", "name"), Column("KIND", "kind"), Column("BOARD", "board_members"),
        Column("LIVED EXPERIENCE", "board_lived_experience"), Column("USER-LED", "user_led"),
    ]

    struct Board: ParsableArguments {
        @Option(help: "How many sit on its board.") var boardMembers: Int?
        @Option(help: "How many of them say that they have lived experience.") var boardLivedExperience: Int?

        var members: [String: JSON?] {
            [
                "board_members": boardMembers.map { .integer(Int64($0)) },
                "board_lived_experience": boardLivedExperience.map { .integer(Int64($0)) },
            ]
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "create", abstract: "Add an organisation.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "What it is called.") var name: String
        @Option(help: "What kind of body it is.") var kind: Organisations.Kind
        @OptionGroup var board: Board

        func run() async throws {
            let body = board.members.merging(["name": .string(name), "kind": .string(kind.rawValue)]) { $1 }
            output.show(try await place.client().post("organisations", .members(body)), columns)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List organisations.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Only this kind.") var kind: Organisations.Kind?

        func run() async throws {
            output.show(
                list: try await place.client().list("organisations", ["kind": kind?.rawValue], most: list.most), columns)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show an organisation.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var organisation: String

        func run() async throws {
            output.show(try await place.client().get("organisations/\(organisation)"), columns)
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "update", abstract: "Change an organisation.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var organisation: String
        @Option(help: "What it is called.") var name: String?
        @Option(help: "What kind of body it is.") var kind: Organisations.Kind?
        @OptionGroup var board: Board
        @Option(help: "Empty a field, such as board_members; may be given again.") var clear: [String] = []

        func run() async throws {
            let given = board.members.merging(["name": name.map(JSON.string), "kind": kind.map { .string($0.rawValue) }]) { $1 }
            output.show(try await place.client().update("organisations/\(organisation)", .changes(given, clearing: clear)), columns)
        }
    }
}
