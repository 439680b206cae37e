import PluginKit

/// `kith panel pay offer`
struct PayOfferCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offer", abstract: "Offer somebody pay for a piece of work, before it is done.",
        discussion: "Name a meeting, or say what the work is, on which day and how long. The policy says how much it is.")

    @OptionGroup var panel: PanelOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "The person's id.") var person: String
    @Option(help: "In which role of the policy.") var role = "member"
    @Option(help: "The meeting's id.") var meeting: String?
    @Option(help: "What the work is.") var title: String?
    @Option(help: "The day of the work, as in 2026-03-01.") var day: String?
    @Option(help: "How long it takes, with preparation.") var minutes: Int?

    func run() async throws {
        let answer = try await panel.client().post(
            "pay-offers",
            .members([
                "person_id": .string(person), "role": .string(role), "meeting_id": meeting.map(JSON.string),
                "title": title.map(JSON.string),
                "on_day": day.map(JSON.string), "minutes": minutes.map { .integer(Int64($0)) },
            ]))
        output.show(answer, PayOfferList.columns)
    }
}

/// `kith panel pay offers`
struct PayOfferList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offers", abstract: "List what you are offered; with --panel, the offers of a panel that you may see.")

    static let columns = [
        Column("OFFER", "id"), Column("PANEL", "panel_id"), Column("PERSON", "person_id"), Column("WORK", "title"), Column("DAY", "on_day"),
        .money("£", "pay"), Column("STATE", "state"), .money("TO CLAIM", "payable"), Column("BREAKS YOUR CEILING", "breaks_ceilings"),
    ]

    @OptionGroup var place: NetworkOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "The panel's id.") var panel: String?

    func run() async throws {
        let path = panel.map { "panels/\($0)/pay-offers" } ?? "people/me/pay-offers"
        output.show(list: try await place.client().list(path, most: list.most), Self.columns, ifEmpty: "Nothing is offered at the moment.")
    }
}

/// `kith panel pay answer`
struct PayAnswer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Accept, reduce, donate or decline what you are offered.", discussion: "No reason is asked.")

    @OptionGroup var panel: PanelOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The offer's id.") var offer: String
    @Argument(help: "accept, reduce, donate or decline.") var answer: String
    @Option(help: "With reduce: what you want instead.") var pay: Pounds?
    @Option(help: "With donate: to whom it goes.") var to: String?
    @Flag(help: "Accept although it breaks your ceiling.") var despiteCeiling = false

    func run() async throws {
        let answer = try await panel.client().post(
            "pay-offers/\(offer)/answer",
            .members([
                "answer": .string(answer), "pay": pay?.json, "donate_to": to.map(JSON.string), "despite_ceiling": .bool(despiteCeiling),
            ]))
        output.show(answer, PayOfferList.columns)
    }
}
