import PluginKit

/// `kith panel freeze`
struct PanelFreeze: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freeze", abstract: "Freeze a call's volunteers and targets.",
        discussion: "Publish the hash before the draw. Where no panel can meet the targets, the smallest change that would help is named.")

    @OptionGroup var place: CallOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (panel, call) = try await place.client()
        output.show(
            try await panel.post("pools", ["opportunity_id": .string(call)]),
            [
                Column("Pool", "id"), Column("Volunteers", "volunteers"), Column("Seats", "seats"), Column("Hash", "hash"),
                Column("Frozen", "frozen_at"),
            ])
    }
}

/// `kith panel draw`
struct PanelDrawCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draw", abstract: "Draw a panel from a frozen pool.",
        discussion: "The algorithm and the seed are recorded before the draw begins. A pool is drawn once.")

    @OptionGroup var place: PanelOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "The pool's id. By default the one that was frozen last.") var pool: String?
    @Option(help: "How to choose among the panels that meet the targets. By default what the server uses.") var algorithm: String?
    @Flag(help: "Wait until it is done.") var wait = false

    func run() async throws {
        let network = try await place.place.client()
        let panel = network.at("panels/\(place.panel)")
        let pool = if let pool { pool } else { try await panel.latest("pools", orDo: "kith panel freeze").id }
        let started = try await panel.post(
            "draws", .members(["pool_id": .string(pool), "algorithm": algorithm.map(JSON.string)]))
        let job = try started.json.id
        guard wait else {
            output.show(started, [Column("Job", "id"), Column("State", "state")])
            return output.say("\nFollow it with: kith job wait \(job)")
        }
        let result = try await network.waitShowingProgress(for: job)["result"] ?? .null
        if output.isJSON { return Terminal.print(try await panel.get("draws/\(result.text("draw_id"))").json.description) }
        Terminal.print(
            """
            Drawn: \(result["seats"]?.integer ?? 0) seats and \(result["reserves"]?.integer ?? 0) reserves.
            See them with: kith panel seats \(place.panel)
            """)
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
            [Column("PART", "part"), Column("PLACE", "place"), Column("VOLUNTEER", "reference"), Column("ENDED", "ended_at")],
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
