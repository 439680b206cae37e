import Allocation
import ArgumentParser
import ExpertPanels
import Kith
import KithClient

/// `kith allocate commit`
struct AllocateCommit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit", abstract: "Commit to a draw that outsiders can check, before anybody can know its result.",
        discussion: """
            Computes the lottery, makes a secret, and prints the commitment: publish it, with where the public value will come from. Keep the \
            file to yourself until then. When the value is known: kith allocate reveal.
            """)

    @OptionGroup var options: PoolOptions
    @Option(help: "Where the public value will come from, such as the national lottery's draw of a day to come.")
    var publicValueSource: String
    @Option(help: "How many of the reserves are alternates, who come along from the beginning.") var alternates = 0
    @Option(help: "The file to keep the commitment in, with its secret.", completion: .file()) var out: String

    func validate() throws {
        guard DrandRound.read(source: publicValueSource) == nil else {
            throw ValidationError("A round of drand is read by a server: kith panel draw --drand-round. Here name a value that you enter.")
        }
        guard alternates >= 0 else { throw ValidationError("--alternates is a number of people, 0 or more.") }
    }

    func run() async throws {
        let pool = try options.pool()
        let bar = ProgressBar()
        let lottery: PanelLottery?
        do {
            defer { bar.clear() }
            lottery = try pool.lottery(options.algorithm, progress: { bar.show($0, "Computing everyone's chance") })
        }
        let secret = DrawCommitment.newSecret()
        let commitment = DrawCommitment(
            pool: pool, algorithm: options.algorithm, lottery: lottery, publicValueSource: publicValueSource, secret: secret,
            alternates: alternates)
        let record = DrawRecord(committing: pool, commitment, lottery: lottery, secret: secret)
        try Files.write(DrawFile.document(record).bytes, to: out)
        Terminal.print(
            """
            Commitment: \(commitment.digest)
            Public value: \(publicValueSource)

            Publish these two lines now, and keep \(out) to yourself. When the value is known:
            kith allocate reveal \(out) --public-value VALUE --out draw.json
            """)
    }
}
