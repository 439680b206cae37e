import Allocation
import PluginKit

/// `kith panel freeze`
struct PanelFreeze: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freeze", abstract: "Freeze a call's volunteers and targets.",
        discussion: """
            Publish the hash before the draw. Where no panel can meet the targets, the smallest change that would help is named. After a draw, \
            --after-draw fills the seats that are free again: whoever still holds one keeps it, and the targets hold for all together.
            """)

    @OptionGroup var place: CallOptions
    @OptionGroup var output: OutputOptions
    @Option(
        name: .customLong("seated"), parsing: .upToNextOption,
        help: "The ids of volunteers who are on the panel: they hold a seat already, or must have one.")
    var seated: [String] = []
    @Option(
        name: .customLong("excluded"), parsing: .upToNextOption,
        help: "Volunteers who cannot be drawn, each as ID=REASON. They are told the reason.")
    var excluded: [NamedValue] = []
    @Option(help: "The draw whose free seats are to be filled.") var afterDraw: String?

    func run() async throws {
        let (panel, call) = try await place.client()
        let exclusions = excluded.map { JSON.object(["volunteer_id": .string($0.name), "reason": .string($0.value)]) }
        output.show(
            try await panel.post(
                "pools",
                .members([
                    "opportunity_id": .string(call), "seated_ids": .array(seated.map(JSON.string)), "excluded": .array(exclusions),
                    "after_draw_id": afterDraw.map(JSON.string),
                ])),
            [
                Column("Pool", "id"), Column("Volunteers", "volunteers"), Column("Seats", "seats"), Column("Seated", "seated"),
                Column("Excluded", "excluded"), Column("Hash", "hash"),
                Column("Frozen", "frozen_at"),
            ])
    }
}

/// `kith panel draw`
struct PanelDrawCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draw", abstract: "Draw a panel from a frozen pool.",
        discussion: """
            Everything is committed to before the draw. With --public-value-source it waits for a value that nobody controls yet: publish the \
            commitment, and when the value is known: kith panel reveal. A pool is drawn once.
            """)

    @OptionGroup var place: PanelOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "The pool's id. By default the one that was frozen last.") var pool: String?
    @Option(help: "How to choose among the panels that meet the targets. By default what the server uses.") var algorithm: String?
    @Option(help: "How many of the reserves are alternates, who come along from the beginning.") var alternates: Int?
    @Option(help: "Where a public value will come from, such as the national lottery's draw of a day to come.")
    var publicValueSource: String?
    @Option(help: "A round to come of the drand network that is chosen here (drand_url and drand_chain), as the public value.")
    var drandRound: Int?
    @Flag(help: "Wait until it is done.") var wait = false

    func run() async throws {
        let network = try await place.place.client()
        let panel = network.at("panels/\(place.panel)")
        let pool = if let pool { pool } else { try await panel.latest("pools", orDo: "kith panel freeze").id }
        let started = try await panel.post(
            "draws",
            .members([
                "pool_id": .string(pool), "algorithm": algorithm.map(JSON.string),
                "alternates": alternates.map { .integer(Int64($0)) },
                "public_value_source": publicValueSource.map(JSON.string), "drand_round": drandRound.map { .integer(Int64($0)) },
            ]))
        try await place.show(started, network: network, output, waiting: wait)
    }
}

extension PanelOptions {
    /// Shows the job of a draw, or waits for what comes of it.
    fileprivate func show(_ started: KithClient.Answer, network: KithClient, _ output: OutputOptions, waiting: Bool) async throws {
        let job = try started.json.id
        guard waiting else {
            output.show(started, [Column("Job", "id"), Column("State", "state")])
            return output.say("\nFollow it with: kith job wait \(job)")
        }
        let result = try await network.waitShowingProgress(for: job)["result"] ?? .null
        let draw = try result.text("draw_id")
        if output.isJSON { return Terminal.print(try await network.at("panels/\(panel)").get("draws/\(draw)").json.description) }
        let commitment = "Commitment: \(result["commitment"]?.string ?? "")"
        guard let seats = result["seats"]?.integer else {
            let source = result["public_value_source"]?.string ?? ""
            let value = DrandRound.read(source: source) == nil ? " --public-value VALUE" : ""
            return Terminal.print(
                """
                \(commitment)
                Public value: \(source)

                Publish these two lines. When the value is known:
                kith panel reveal \(panel) --draw \(draw)\(value) --wait
                """)
        }
        Terminal.print(
            """
            Drawn: \(seats) seats and \(result["reserves"]?.integer ?? 0) reserves\(Self.alternates(result)). \(commitment)
            See them with: kith panel seats \(panel)
            """)
    }

    private static func alternates(_ result: JSON) -> String {
        guard let count = result["alternates"]?.integer, count > 0 else { return "" }
        return ", \(count == 1 ? "the first of whom comes" : "the first \(count) of whom come") along from the beginning"
    }

    /// The draw that was named, or the last one.
    func draw(_ named: String?) async throws -> String {
        if let named { return named }
        return try await client().latest("draws", orDo: "kith panel draw").id
    }
}

/// `kith panel reveal`
struct PanelReveal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reveal", abstract: "Give a draw that waits its public value, and draw the panel.")

    @OptionGroup var place: PanelOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "The draw's id. By default the last one.") var draw: String?
    @Option(help: "The public value, as its source published it. A round of drand is read by the server.") var publicValue: String?
    @Flag(help: "Wait until it is done.") var wait = false

    func run() async throws {
        let network = try await place.place.client()
        let id = try await place.draw(draw)
        let started = try await network.at("panels/\(place.panel)").post(
            "draws/\(id)/reveal", .members(["public_value": publicValue.map(JSON.string)]))
        try await place.show(started, network: network, output, waiting: wait)
    }
}

/// `kith panel record`
struct PanelRecord: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Print the record of a draw, for kith verify draw.",
        discussion: "For auditors. It holds what volunteers said of themselves, by their references: hand it on with care.")

    @OptionGroup var place: PanelOptions
    @Option(help: "The draw's id. By default the last one.") var draw: String?

    func run() async throws {
        Terminal.print(try await place.client().get("draws/\(place.draw(draw))/record").json.description)
    }
}

/// `kith panel chance`
struct PanelChance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chance", abstract: "Show your own chance in a draw, why it was what it was, and what happened.")

    @OptionGroup var place: PanelOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "The draw's id. By default the last one.") var draw: String?

    func run() async throws {
        let chance = try await place.client().get("draws/\(place.draw(draw))/own-chance").json
        if output.isJSON { return Terminal.print(chance.description) }
        Terminal.print(chance["in_words"]?.string ?? "")
        for reason in chance["reasons"]?.array ?? [] { Terminal.print("  \(reason.string ?? "")") }
        Terminal.print(chance["outcome_in_words"]?.string ?? "")
    }
}

/// `kith panel seats`
struct PanelSeats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "seats", abstract: "Show who was drawn, and the reserves in their order.")

    @OptionGroup var place: PanelOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "The draw's id. By default the last one.") var draw: String?

    func run() async throws {
        let panel = try await place.client()
        let id = if let draw { draw } else { try await panel.latest("draws", orDo: "kith panel draw").id }
        output.show(
            list: try await panel.list("draws/\(id)/seats"),
            [
                Column("PART", "part"), Column("PLACE", "place"), Column("VOLUNTEER", "reference"), Column("ALTERNATE", "is_alternate"),
                Column("ENDED", "ended_at"),
            ],
            ifEmpty: "The draw is not done yet. See how far it is with: kith job list")
    }
}

/// `kith panel identify`
struct PanelIdentify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identify", abstract: "Say which person of the network a volunteer is.",
        discussion: "What the person withdraws from then ends here too. The list of volunteers goes on showing references only.")

    @OptionGroup var place: CallOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The volunteer's id.") var volunteer: String
    @Argument(help: "The person's id.") var person: String

    func run() async throws {
        let (panel, call) = try await place.client()
        let answer = try await panel.put("opportunities/\(call)/volunteers/\(volunteer)/person", ["person_id": .string(person)])
        output.show(answer, [Column("ID", "id"), Column("VOLUNTEER", "reference"), Column("IDENTIFIED", "is_identified")])
    }
}
