import Allocation
import PluginKit

/// `kith panel what-if`
struct PanelWhatIf: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "what-if", abstract: "Show what other targets would do to everyone's chance.",
        discussion: "Draws nothing and changes nothing. Change targets before the pool is frozen, never to get somebody in.")

    @OptionGroup var place: CallOptions
    @OptionGroup var output: OutputOptions
    @Option(
        name: .customLong("target"), parsing: .upToNextOption,
        help: "A target as it would be: FEATURE=VALUE:MIN..MAX, as in age=16-24:3..5. Several may follow.")
    var changes: [PanelTarget]

    func run() async throws {
        let (panel, call) = try await place.client()
        let answer = try await panel.post("opportunities/\(call)/targets/what-if", ["targets": .array(changes.map(\.json))]).json
        if output.isJSON { return Terminal.print(answer.description) }
        var table = Table(["VOLUNTEER", "NOW", "THEN"])
        for person in answer["people"]?.array ?? [] {
            table.append([person["reference"]?.string ?? "", Self.percent(person["now"]), Self.percent(person["then"])])
        }
        for line in table.lines { Terminal.print(line) }
        for (name, state) in [("Now", answer["now"]), ("Then", answer["then"])] {
            Terminal.print(
                "\n\(name): "
                    + (state?["problem"]?.string
                        ?? "chances from \(Self.percent(state?["least_chance"])) to \(Self.percent(state?["greatest_chance"]))"))
        }
    }

    private static func percent(_ chance: JSON?) -> String { chance?.number?.percent ?? "–" }
}

/// `kith panel plot`
struct PanelPlot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Draw everyone's chance in a draw as a picture (SVG).",
        discussion:
            "Nobody's id is in it. Before the draw it shows the chances, afterwards the panel among them: kith panel plot PANEL > chances.svg"
    )

    @OptionGroup var place: PanelOptions
    @Option(help: "The draw's id. By default the last one.") var draw: String?

    func run() async throws {
        Terminal.print(String(decoding: try await place.client().file("draws/\(place.draw(draw))/plot"), as: UTF8.self))
    }
}
