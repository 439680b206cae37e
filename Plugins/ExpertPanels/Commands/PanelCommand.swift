import PluginKit

/// `kith panel`
struct PanelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "panel", abstract: "Panels of experts by experience: from the open call to the drawn seats.",
        discussion: """
            The steps, in their order: create, call, import-volunteers, import-targets, freeze, draw, seats. Publish the targets and the \
            commitment before the draw: with them and its record anyone can check it.
            """,
        groupedSubcommands: [
            CommandGroup(name: "Panels", subcommands: [Create.self, List.self, Show.self, PanelPower.self]),
            CommandGroup(
                name: "The call",
                subcommands: [
                    PanelCall.self, PanelChangeCall.self, PanelInterest.self, PanelShortlist.self, PanelImportVolunteers.self,
                    PanelDoubles.self, PanelIdentify.self,
                ]),
            CommandGroup(
                name: "The draw",
                subcommands: [
                    PanelImportTargets.self, PanelWhatIf.self, PanelFreeze.self, PanelDrawCommand.self, PanelReveal.self, PanelSeats.self,
                    PanelPlot.self, PanelChance.self, PanelRecord.self,
                ]),
            CommandGroup(
                name: "Members and their work",
                subcommands: [
                    PanelTermsCommand.self, PanelOnboardingCommand.self, PanelSessionCommand.self, PanelAskCommand.self,
                    PanelPayCommand.self,
                ]),
            CommandGroup(
                name: "What comes of it",
                subcommands: [
                    PanelRecommend.self, PanelRecommendations.self, PanelAnswer.self, PanelAgree.self, PanelRegister.self,
                    PanelPublishRegister.self,
                ]),
        ])

    static let columns = [
        Column("ID", "id"), Column("NAME", "name"), Column("PROGRAMME", "programme_id"), Column("SINCE", "created_at"),
        Column("ENDED", "ended_at"),
    ]

    static let calls = [
        Column("CALL", "id"), Column("TITLE", "title"), Column("SEATS", "seats"), Column("ONE A HOUSEHOLD", "one_per_household"),
        Column("OPENS", "opens_at"), Column("CLOSES", "closes_at"),
    ]

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "create", abstract: "Set up a panel in a programme.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "What it is called.") var name: String
        @Option(help: "The programme's id.") var programme: String
        @Option(help: "What it is for, in plain English.") var purpose: String

        func run() async throws {
            let answer = try await place.client().post(
                "panels", ["programme_id": .string(programme), "name": .string(name), "purpose": .string(purpose)])
            output.show(answer, columns + [Column("PURPOSE", "purpose")])
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List panels.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(list: try await place.client().list("panels", most: list.most), columns)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a panel with its calls, frozen pools and draws.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var panel: String

        func run() async throws {
            let client = try await place.client().at("panels/\(panel)")
            output.show(try await client.get(), columns + [Column("PURPOSE", "purpose")])
            if output.isJSON { return }
            let pools = [Column("POOL", "id"), Column("VOLUNTEERS", "volunteers"), Column("FROZEN", "frozen_at"), Column("HASH", "hash")]
            let draws = [
                Column("DRAW", "id"), Column("ALGORITHM", "algorithm"), Column("ASKED FOR", "requested_at"), Column("DRAWN", "drawn_at"),
                Column("SEED", "seed"),
            ]
            for (path, columns) in [("opportunities", calls), ("pools", pools), ("draws", draws)] {
                let things = try await client.list(path).items
                if things.isEmpty { continue }
                Terminal.print("")
                for line in Table(things, columns).lines { Terminal.print(line) }
            }
        }
    }
}

/// `kith panel call`
struct PanelCall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "call", abstract: "Call for volunteers.")

    @OptionGroup var place: NetworkOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The panel's id.") var panel: String
    @Argument(help: "What is called for.") var title: String
    @Option(help: "What it involves, in plain English.") var description: String
    @Option(help: "How many people are wanted.") var seats: Int
    @Flag(help: "At most one person of a household may be drawn.") var onePerHousehold = false
    @Option(help: "From when people may offer, as in 2026-03-01T09:00:00Z.") var opensAt: String?
    @Option(help: "Until when.") var closesAt: String?

    func run() async throws {
        let answer = try await place.client().post(
            "panels/\(panel)/opportunities",
            .members([
                "title": .string(title), "description": .string(description), "seats": .integer(Int64(seats)),
                "one_per_household": .bool(onePerHousehold), "opens_at": opensAt.map(JSON.string), "closes_at": closesAt.map(JSON.string),
            ]))
        output.show(answer, PanelCommand.calls)
    }
}
