import Allocation
import ArgumentParser
import CSV
import KithClient

/// From which files a panel is drawn, and how.
struct PoolOptions: ParsableArguments {
    @Option(help: "The CSV file of candidates.", completion: .file(extensions: ["csv"])) var candidates: String
    @Option(help: "The CSV file of targets.", completion: .file(extensions: ["csv"])) var targets: String
    @Option(help: "How many people make a panel.") var size: Int
    @Option(help: "How to choose among the panels that meet the targets.") var algorithm = PanelAlgorithm.leximin
    @Flag(inversion: .prefixedNo, help: "Whether at most one person of a household (same address and zip) may be drawn.")
    var onePerHousehold = true
    @Option(
        name: .customLong("include"), parsing: .upToNextOption,
        help: "The ids of people who are on the panel: they must be, hold a seat already, or said yes after an earlier draw.")
    var included: [String] = []
    @Option(
        name: .customLong("exclude"), parsing: .upToNextOption,
        help: "The ids of people who are not on the panel: they must not be, or declined after an earlier draw.")
    var excluded: [String] = []

    @Option(
        name: .customLong("different"), parsing: .upToNextOption,
        help: "The ids of people who are known to be somebody else than those with the same name and birth_year.")
    var different: [String] = []

    /// The pool of the files.
    /// - Throws: a failure that names file and row, or `PanelPoolError`
    func pool() throws -> PanelPool {
        let people = try table(candidates, ["id"])
        try requireDifferent(people)
        return try PanelPool.read(
            candidates: people, targets: table(targets, ["feature", "value", "min", "max"]), seats: size,
            onePerHousehold: onePerHousehold
        ).settling(seated: included, excluded: excluded)
    }

    private func table(_ path: String, _ columns: [String]) throws -> PanelTable {
        do {
            let table = try CSVTable(parsing: Terminal.read(file: path), requiring: columns)
            return PanelTable(header: table.header, rows: table.rows.map(\.fields), rowNumbers: table.rows.map(\.number))
        } catch let error as CSVError {
            throw CommandFailure("The file \(path) cannot be used:\n" + error.problems.map { "  \($0)" }.joined(separator: "\n"), .badData)
        }
    }
}
