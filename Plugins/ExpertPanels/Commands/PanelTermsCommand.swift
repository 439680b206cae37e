import PluginKit

/// `kith panel terms`
struct PanelTermsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terms", abstract: "The involvement agreement, version by version, and the figures by which a panel works.",
        subcommands: [Publish.self, List.self, Show.self, Accept.self, Rules.self])

    static let columns = [
        Column("ID", "id"), Column("VERSION", "number"), Column("PUBLISHED", "published_at"), Column("HOLDS", "is_current"),
        Column("WHAT IS NEW", "changes"),
    ]

    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "publish", abstract: "Publish a version. Members are asked to accept it anew.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "What is agreed, in plain English.") var body: String
        @Option(help: "What is new, for those who accepted the version before.") var changes: String?

        func run() async throws {
            let answer = try await panel.client().post(
                "terms", .members(["body": .string(body), "changes": changes.map(JSON.string)]))
            output.show(answer, columns)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the versions.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                list: try await panel.client().list("terms", most: list.most), columns,
                ifEmpty: "There are none yet. Publish them with: kith panel terms publish")
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Read a version.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var terms: String

        func run() async throws {
            output.show(try await panel.client().get("terms/\(terms)"), columns + [Column("TEXT", "body")])
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept", abstract: "Accept a version, or record that a member did so on paper, by phone or in person.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id.") var terms: String
        @Option(help: "The id of the member who told you.") var person: String?
        @Option(help: "How they told you: paper, phone or in_person.") var channel = "in_person"

        func run() async throws {
            let client = try await panel.client().at("terms/\(terms)")
            let answer =
                if let person {
                    try await client.post("acceptances", ["person_id": .string(person), "channel": .string(channel)])
                } else { try await client.post("accept") }
            output.show(answer, [Column("PERSON", "id"), Column("HOW", "channel"), Column("WHEN", "accepted_at")])
        }
    }

    struct Rules: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rules", abstract: "Show, or choose, the figures by which a panel works.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "For how many days a seat is offered.") var invitationDays: Int?
        @Option(help: "Within how many days a new member is to be settled in.") var onboardingDays: Int?
        @Option(help: "How many working days before a session its papers are due.") var papersWorkingDays: Int?
        @Option(help: "How long people sit without a break at most, in minutes.") var minutesWithoutBreak: Int?
        @Option(help: "The share of members who must approve minutes, in percent.") var minutesQuorum: Int?
        @Option(help: "How many days before the offer of a seat runs out there is a reminder; 0 for never.") var reminderDays: Int?

        func run() async throws {
            func figure(_ value: Int?) -> JSON? { value.map { .integer(Int64($0)) } }
            let choice = JSON.members([
                "invitation_days": figure(invitationDays), "onboarding_days": figure(onboardingDays),
                "papers_working_days": figure(papersWorkingDays), "minutes_without_break": figure(minutesWithoutBreak),
                "minutes_quorum_percent": figure(minutesQuorum), "reminder_days": figure(reminderDays),
            ])
            let client = try await panel.client()
            let answer = choice.object?.isEmpty == false ? try await client.put("rules", choice) : try await client.get("rules")
            output.show(
                answer,
                [
                    Column("SEAT OFFERED FOR", "invitation_days"), Column("SETTLED IN WITHIN", "onboarding_days"),
                    Column("PAPERS BEFORE", "papers_working_days"), Column("MINUTES TO A BREAK", "minutes_without_break"),
                    Column("QUORUM %", "minutes_quorum_percent"), Column("REMINDED BEFORE", "reminder_days"),
                ])
        }
    }
}
