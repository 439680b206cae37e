import Allocation
import ArgumentParser
import ExpertPanels
import KithClient

/// `kith verify`
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check what others did, without a server or a database.", subcommands: [VerifyDraw.self])
}

/// `kith verify draw`
struct VerifyDraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draw", abstract: "Check a draw: the pool, the lottery, everyone's chances and the panel.",
        discussion: """
            Computes and proves the fairest chances anew and holds the lottery against them. Compare the commitment that it prints with the one \
            that was published before the draw, and the public value with its source. Ends with \(CommandStatus.tampered.rawValue) where anything \
            does not hold.
            """)

    @Argument(help: "The file of the draw.", completion: .file(extensions: ["json"])) var file: String

    func run() async throws {
        let record = try Self.read(file)
        let bar = ProgressBar()
        let checks: [DrawRecord.Check]
        do {
            defer { bar.clear() }
            checks = try record.check(progress: { bar.show($0, "Computing everyone's chance anew") })
        } catch let infeasibility as PanelInfeasibility {
            throw CommandFailure("No panel of this pool can meet these targets: \(infeasibility)", .tampered)
        }
        for check in checks {
            Terminal.print("\(check.problem == nil ? "✓" : "✗") \(check.statement).\(check.problem.map { " " + $0 } ?? "")")
        }
        if checks.contains(where: { $0.problem != nil }) { throw CommandFailure("The draw does not hold.", .tampered) }
        let chances = record.lottery?.probabilities.values.sorted() ?? []
        Terminal.print(
            """

            Commitment: \(record.committed)
            Public value: \(record.publicValue.isEmpty ? "none" : "\(record.publicValue) (\(record.commitment.publicValueSource))")
            \(record.alternates.isEmpty ? "" : "Alternates: \(record.alternates.joined(separator: ", "))\n")\
            \(chances.isEmpty ? "" : "Chances: from \(Self.percent(chances[0])) to \(Self.percent(chances[chances.count - 1]))\n")\
            \(record.drand.map(Self.comparison) ?? "")\
            The draw holds if this commitment is the one that was published before it, and the public value is what its source says.
            """)
    }

    /// Reads the file of a draw.
    static func read(_ file: String) throws -> DrawRecord {
        do {
            return try DrawFile.record(reading: Terminal.read(file: file))
        } catch let problem as DrawFile.Problem {
            throw CommandFailure(problem.description, .tampered)
        } catch let error as PanelPoolError {
            throw CommandFailure("The file was changed: its pool cannot be.\n\(error)", .tampered)
        }
    }

    private static func comparison(_ round: DrandRound) -> String {
        """
        Signature: \(round.signature)
        Compare it, and the public value, with what is published at \(round.address)
        Only the hash was checked here, and not the signature itself: BLS12-381 is in none of the libraries of Kith.

        """
    }

    private static func percent(_ chance: Double) -> String { "\((chance * 10_000).rounded() / 100) %" }
}
