import PluginKit

/// `kith panel power`
struct PanelPower: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "power", abstract: "How power is shared: who sits, chairs, selects, sets the agenda and speaks.",
        discussion: "What a network wants is in its settings: power_percent_chairs and the like, and power_action (flag or block).",
        subcommands: [Show.self, Say.self, TakeBack.self, Add.self, List.self, End.self, Voice.self, Quorum.self],
        defaultSubcommand: Show.self)

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show how power is shared, against what the network wants.")

        @OptionGroup var panel: PanelOptions

        func run() async throws {
            let power = try await panel.client().get("power").json
            let columns = [
                Column("WHOSE", "body"), Column("PEOPLE", "people"), Column("LIVED EXPERIENCE", "counted"), Column("OR MORE", "is_least"),
                Column("PER CENT", "percent"), Column("WANTED", "wanted_percent"), Column("MET", "is_met"),
            ]
            for line in Table(power["items"]?.array ?? [], columns).lines { Terminal.print(line) }
        }
    }

    struct Say: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "say", abstract: "Say whether you have lived experience, to be counted.",
            discussion: "Read and agree first: kith consent give expert_panels.lived_experience")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "yes or no.") var answer: String
        @Flag(help: "You may be counted also where others can tell that it is you.") var inEveryGroup = false

        func run() async throws {
            guard ["yes", "no"].contains(answer) else { throw CommandFailure("Say yes or no.", .usage) }
            output.show(
                try await place.client().put(
                    "lived-experience", ["has_lived_experience": .bool(answer == "yes"), "in_every_group": .bool(inEveryGroup)]),
                [Column("SAID", "has_lived_experience"), Column("IN EVERY GROUP", "in_every_group")])
        }
    }

    struct TakeBack: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "take-back", abstract: "Take back what you said.")

        @OptionGroup var place: NetworkOptions

        func run() async throws {
            try await place.client().delete("lived-experience")
            Terminal.print("Taken back. You are not counted.")
        }
    }

    private static let parts = [
        Column("ID", "id"), Column("PERSON", "person_id"), Column("PART", "part"), Column("SINCE", "created_at"),
        Column("ENDED", "ended_at"),
    ]

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "add", abstract: "Record who chairs a panel, or selects for it.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The person's id.") var person: String
        @Argument(help: "chair or selector.") var part: String

        func run() async throws {
            output.show(try await panel.client().post("parts", ["person_id": .string(person), "part": .string(part)]), parts)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List who chairs a panel, and who selects for it.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { output.show(list: try await panel.client().list("parts", most: list.most), parts) }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "end", abstract: "End somebody's part.")

        @OptionGroup var panel: PanelOptions
        @Argument(help: "The id of the part.") var part: String

        func run() async throws {
            try await panel.client().delete("parts/\(part)")
            Terminal.print("Ended.")
        }
    }

    struct Voice: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "voice", abstract: "Record what somebody put on the agenda, and how long they spoke.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The person's id.") var person: String
        @Option(help: "The day of the session.") var on: String
        @Option(help: "How many things they put on the agenda.") var items = 0
        @Option(help: "How many minutes they spoke.") var minutes = 0

        func run() async throws {
            output.show(
                try await panel.client().put(
                    "voices",
                    [
                        "person_id": .string(person), "held_on": .string(on), "agenda_items": .integer(Int64(items)),
                        "minutes_spoken": .integer(Int64(minutes)),
                    ]),
                [Column("PERSON", "id"), Column("ON", "held_on"), Column("ITEMS", "agenda_items"), Column("MINUTES", "minutes_spoken")])
        }
    }

    struct Quorum: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "quorum", abstract: "Check whether those present can decide.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "How many are needed.") var needed: Int
        @Option(name: .customLong("person"), help: "The id of somebody who is there. May be given again.") var people: [String] = []
        @Option(help: "The id of the session: everybody counts whom its record has as present.") var session: String?

        func run() async throws {
            output.show(
                try await panel.client().post(
                    "quorums",
                    .members([
                        "needed": .integer(Int64(needed)), "person_ids": .array(people.map(JSON.string)),
                        "session_id": session.map(JSON.string),
                    ])),
                [
                    Column("PRESENT", "present"), Column("NEEDED", "needed"), Column("LIVED EXPERIENCE", "counted"),
                    Column("BALANCED", "is_balanced"), Column("CAN DECIDE", "is_quorate"),
                ])
        }
    }
}
