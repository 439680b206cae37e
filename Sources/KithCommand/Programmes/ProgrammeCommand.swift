import ArgumentParser
import Kith
import KithClient

/// `kith programme`
struct ProgrammeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "programme", abstract: "Programmes: what holds panels and other activities together.",
        subcommands: [Create.self, List.self, Show.self, Update.self, AddOrganisation.self, RemoveOrganisation.self])

    static let columns = [
        Column("ID", "id"), Column("NAME", "name"), Column("FROM", "starts_on"), Column("TO", "ends_on"), Column("ABOUT", "summary"),
    ]

    struct Details: ParsableArguments {
        @Option(help: "What it is about.") var summary: String?
        @Option(help: "The first day, as in 2026-03-01.") var startsOn: String?
        @Option(help: "The last day.") var endsOn: String?

        var members: [String: JSON?] {
            ["summary": summary.map(JSON.string), "starts_on": startsOn.map(JSON.string), "ends_on": endsOn.map(JSON.string)]
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "create", abstract: "Add a programme.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "What it is called.") var name: String
        @OptionGroup var details: Details

        func run() async throws {
            let body = details.members.merging(["name": .string(name)]) { $1 }
            output.show(try await place.client().post("programmes", .members(body)), columns)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List programmes.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(list: try await place.client().list("programmes", most: list.most), columns)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a programme and the organisations that take part.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var programme: String

        func run() async throws {
            let network = try await place.client()
            output.show(try await network.get("programmes/\(programme)"), columns)
            if output.isJSON { return }
            let parts = try await network.list("programmes/\(programme)/organisations").items
            if parts.isEmpty { return }
            Terminal.print("")
            for line in Table(parts, [Column("ORGANISATION", "id"), Column("PART", "part")]).lines { Terminal.print(line) }
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "update", abstract: "Change a programme.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var programme: String
        @Option(help: "What it is called.") var name: String?
        @OptionGroup var details: Details
        @Option(help: "Empty a field, such as ends_on; may be given again.") var clear: [String] = []

        func run() async throws {
            let given = details.members.merging(["name": name.map(JSON.string)]) { $1 }
            output.show(try await place.client().update("programmes/\(programme)", .changes(given, clearing: clear)), columns)
        }
    }

    struct AddOrganisation: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add-organisation", abstract: "Let an organisation take part in a programme.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The programme's id.") var programme: String
        @Argument(help: "The organisation's id.") var organisation: String
        @Option(help: "What it is to the programme.") var part = ProgrammeOrganisations.Part.partner

        func run() async throws {
            let answer = try await place.client().post(
                "programmes/\(programme)/organisations", ["organisation_id": .string(organisation), "part": .string(part.rawValue)])
            output.show(answer, [Column("PROGRAMME", "programme_id"), Column("ORGANISATION", "id"), Column("PART", "part")])
        }
    }

    struct RemoveOrganisation: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove-organisation", abstract: "End an organisation's part in a programme.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The programme's id.") var programme: String
        @Argument(help: "The organisation's id.") var organisation: String

        func run() async throws {
            try await place.client().delete("programmes/\(programme)/organisations/\(organisation)")
            output.say("The organisation does not take part in the programme any more.")
        }
    }
}
