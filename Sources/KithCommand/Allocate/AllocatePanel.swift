import Allocation
import ArgumentParser
import Kith
import KithClient

/// `kith allocate panel`
struct AllocatePanel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "panel", abstract: "Draw a panel from a file of candidates under a file of targets.",
        discussion: """
            The candidates have a column id, a column for each feature that the targets name and, where households matter, address and zip. The \
            targets have the columns feature, value, min and max. The same files, algorithm and seed give the same panel on every machine.

            With the columns name and birth_year it is noticed when two rows may be one person: then nothing is drawn until --exclude or --different \
            says who is who, and the exit code is \(CommandStatus.badData.rawValue) too.

            Where no panel can meet the targets, the smallest change that would help is named, and the exit code is \(CommandStatus.badData.rawValue).
            """)

    @OptionGroup var options: PoolOptions
    @Option(help: "What the randomness comes from: any text. Publish beforehand how it comes about.") var seed: String
    @Option(help: "How many of the reserves are alternates, who come along from the beginning.") var alternates = 0
    @Option(help: "Write everyone's chance as a picture (SVG) into this file.", completion: .file(extensions: ["svg"])) var plot: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let pool = try options.pool()
        let bar = ProgressBar()
        let clock = ContinuousClock()
        let start = clock.now
        let draw: PanelDraw
        do {
            defer { bar.clear() }
            draw = try pool.draw(
                options.algorithm, seed: seed, progress: { bar.show($0, "Drawing \(pool.seats) of \(pool.candidates.count)") })
        } catch let infeasibility as PanelInfeasibility {
            if output.isJSON { Terminal.print(document(infeasibility).description) }
            throw infeasibility
        }
        let seconds = (clock.now - start).seconds
        if let plot { try write(plot, draw) }
        if output.isJSON {
            Terminal.print(document(draw, seconds).description)
        } else {
            show(draw, pool, seconds)
        }
    }

    private func document(_ draw: PanelDraw, _ seconds: Double) -> JSON {
        .members([
            "panel": .array(draw.panel.map(JSON.string)), "reserves": .array(draw.reserves.map(JSON.string)),
            "alternates": .array(draw.reserves.prefix(alternates).map(JSON.string)),
            "probabilities": draw.probabilities.map { .object($0.mapValues(JSON.number)) },
            "algorithm": .string(draw.algorithm.rawValue), "seed": .string(draw.seed), "pool_hash": .string(draw.poolHash),
            "seconds": .number(seconds),
        ])
    }

    private func document(_ infeasibility: PanelInfeasibility) -> JSON {
        [
            "problem": .string(infeasibility.description),
            "changes": document(infeasibility.changes),
            "alternatives": .array(infeasibility.alternatives.map(document)),
            "missing": .array(infeasibility.missing.map { .object($0.mapValues(JSON.string)) }),
        ]
    }

    private func document(_ changes: [PanelInfeasibility.Change]) -> JSON {
        .array(
            changes.map { change in
                [
                    "feature": .string(change.feature), "value": .string(change.value), "bound": .string(change.bound.rawValue),
                    "from": .integer(Int64(change.from)), "to": .integer(Int64(change.to)),
                ]
            })
    }

    private func write(_ path: String, _ draw: PanelDraw) throws {
        guard let chances = draw.probabilities else {
            throw CommandFailure("The algorithm \(draw.algorithm.rawValue) does not know anyone's chance. Choose another one.", .usage)
        }
        try Files.write(Array(ChancePlot(chances, panel: draw.panel).svg.utf8), to: path)
    }

    private func show(_ draw: PanelDraw, _ pool: PanelPool, _ seconds: Double) {
        var panel = Table(["PANEL"] + pool.features.map { $0.uppercased() } + (draw.probabilities == nil ? [] : ["CHANCE"]))
        let people = Dictionary(pool.candidates.map { ($0.id, $0) }) { $1 }
        for id in draw.panel {
            let chance = draw.probabilities.map { ["\(Int((($0[id] ?? 0) * 1000).rounded()))‰"] } ?? []
            panel.append([id] + (people[id]?.values ?? []) + chance)
        }
        for line in panel.lines { Terminal.print(line) }
        Terminal.print("")
        let members = draw.panel.compactMap { people[$0] }
        for line in Table(targets: pool, members).lines { Terminal.print(line) }
        Terminal.print(
            """

            \(alternates > 0 ? "Alternates: \(draw.reserves.prefix(alternates).joined(separator: ", "))\n" : "")Reserves, in this order: \(draw.reserves.isEmpty ? "none" : draw.reserves.prefix(20).joined(separator: ", "))\
            \(draw.reserves.count > 20 ? " and \(draw.reserves.count - 20) more (--json lists all)" : "")
            Algorithm \(draw.algorithm.rawValue), seed \(draw.seed), \(seconds.formattedSeconds)
            Hash of the pool: \(draw.poolHash)
            """)
    }
}

extension Table {
    /// How many seats each target got.
    fileprivate init(targets pool: PanelPool, _ members: [PanelCandidate]) {
        self.init(["FEATURE", "VALUE", "MIN", "MAX", "SEATS"])
        for target in pool.targets {
            guard let feature = pool.features.firstIndex(of: target.feature) else { continue }
            let seats = members.count { $0.values[feature] == target.value }
            append([target.feature, target.value, String(target.minimum), String(target.maximum), String(seats)])
        }
    }
}

extension Duration {
    /// The length in seconds.
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension Double {
    fileprivate var formattedSeconds: String { "\((self * 1000).rounded() / 1000) seconds" }
}
