import Allocation
import ArgumentParser
import ExpertPanels
import Kith
import KithClient

/// `kith allocate reveal`
struct AllocateReveal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reveal", abstract: "Draw the panel that was committed to, once the public value is known.",
        discussion: "Publish the file: anybody can check it with kith verify draw. It holds what people said of themselves, by their ids.")

    @Argument(help: "The file of kith allocate commit.", completion: .file()) var file: String
    @Option(help: "The public value, as it was published.") var publicValue: String
    @Option(help: "The file to write the draw into.", completion: .file()) var out: String
    @Option(help: "Write everyone's chance, with the panel, as a picture (SVG) into this file.", completion: .file()) var plot: String?

    func run() async throws {
        let committed = try VerifyDraw.read(file)
        guard committed.panel.isEmpty else { throw CommandFailure("This draw is done: its panel stands in the file \(file).") }
        let record = try DrawRecord(
            drawing: committed.pool, committed.commitment, lottery: committed.lottery, secret: committed.secret, publicValue: publicValue)
        try Files.write(DrawFile.document(record).bytes, to: out)
        if let plot, let chances = record.lottery?.probabilities {
            try Files.write(Array(ChancePlot(chances, panel: record.panel).svg.utf8), to: plot)
        }
        Terminal.print(
            """
            Panel: \(record.panel.joined(separator: ", "))
            \(record.alternates.isEmpty ? "" : "Alternates: \(record.alternates.joined(separator: ", "))\n")\
            Commitment: \(record.committed)

            Publish \(out). Anybody can check it with: kith verify draw \(out)
            """)
    }
}
