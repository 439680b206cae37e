import Allocation
import ArgumentParser
import ExpertPanels
import Kith
import KithClient

/// `kith allocate what-if`
struct AllocateWhatIf: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "what-if", abstract: "Show what other targets would do to everyone's chance.",
        discussion: "Draws nothing. Change targets before the pool is frozen, never to get somebody in.")

    @OptionGroup var options: PoolOptions
    @Option(
        name: .customLong("target"), parsing: .upToNextOption,
        help: "A target as it would be: FEATURE=VALUE:MIN..MAX, as in age=16-24:3..5. Several may follow.")
    var changes: [PanelTarget]
    @Option(help: "Write both as a picture (SVG): bars as it would be, a line as it is.", completion: .file(extensions: ["svg"]))
    var plot: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let pool = try options.pool()
        let moved = try pool.replacing(changes)
        let (before, after) = try (chances(of: pool, "as it is"), chances(of: moved, "as it would be"))
        if let plot { try Files.write(Array(ChancePlot(after, compared: before.values).svg.utf8), to: plot) }
        if output.isJSON {
            return Terminal.print(
                JSON.object(before.mapValues(JSON.number)).paired(with: .object(after.mapValues(JSON.number))).description)
        }
        var table = Table(["ID"] + pool.features.map { $0.uppercased() } + ["NOW", "THEN", "CHANGE"])
        for person in pool.candidates {
            let (one, other) = (before[person.id] ?? 0, after[person.id] ?? 0)
            table.append([person.id] + person.values + [one.percent, other.percent, (other - one).percent])
        }
        for line in table.lines { Terminal.print(line) }
        Terminal.print("\nLeast chance: \((before.values.min() ?? 0).percent) now, \((after.values.min() ?? 0).percent) then.")
    }

    private func chances(of pool: PanelPool, _ which: String) throws -> [String: Double] {
        let bar = ProgressBar()
        defer { bar.clear() }
        guard
            let lottery = try pool.lottery(options.algorithm, progress: { bar.show($0, "Computing everyone's chance \(which)") })
        else {
            throw CommandFailure("The algorithm \(options.algorithm.rawValue) does not know anyone's chance. Choose another one.", .usage)
        }
        return lottery.probabilities
    }

}

extension JSON {
    fileprivate func paired(with after: JSON) -> JSON { ["before": self, "after": after] }
}
