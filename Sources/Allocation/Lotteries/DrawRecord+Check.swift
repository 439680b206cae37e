extension DrawRecord {
    /// Something that was checked, and what is wrong with it.
    public struct Check: Sendable, Hashable {
        /// What was checked, as a sentence that holds if nothing is wrong.
        public let statement: String

        /// What is wrong, `nil` if nothing is.
        public let problem: String?
    }

    /// How far a chance may be from the optimum that is computed anew.
    private static let tolerance = 2e-6
    /// The same for the mean of the logarithms of the chances.
    private static let logarithmTolerance = 2e-5

    /// Checks the draw from the pool up: the pool and the lottery against what was committed to, the lottery in whole numbers against the rules and
    /// against the fairest chances, which are computed and proved anew, and the panel against the seed.
    ///
    /// - Throws: ``PanelInfeasibility``, ``PanelDrawError``, `CancellationError` where the fairest chances cannot be computed.
    public func check(
        progress: @escaping (Double) -> Void = { _ in }, isCancelled: @escaping () -> Bool = { Task.isCancelled }
    ) throws -> [Check] {
        var checks: [Check] = []
        func expect(_ statement: String, _ holds: Bool, _ problem: String) {
            checks.append(Check(statement: statement, problem: holds ? nil : problem))
        }
        expect(
            "The pool and its targets are those that were committed to", pool.canonicalHash == commitment.poolHash,
            "Somebody in the pool, a target or a number of seats was changed.")
        expect(
            "The lottery is the one that was committed to", (lottery?.hash ?? "-") == commitment.lotteryHash,
            "A ticket or a make-up was changed.")
        expect(
            "The secret is the one that was committed to",
            NetstringDigest("kith-draw-secret-1", [secret]).hexadecimal == commitment.secretHash, "The secret was changed.")
        expect(
            "The commitment is of these parts and of this way of drawing",
            commitment.digest == committed && commitment.version == DrawCommitment.currentVersion,
            "The commitment or one of its parts was changed, or it is of another way of drawing than this program knows.")
        expect(
            "The seed comes of the secret and the public value",
            seed == DrawCommitment.seed(secret: secret, publicValue: publicValue), "The seed or the public value was changed.")
        if let round = DrandRound.read(source: commitment.publicValueSource) {
            expect(
                "The public value is the randomness of drand's round \(round.number), the SHA-256 of its signature",
                drand.map { $0.number == round.number && $0.chain == round.chain && $0.randomness == publicValue && $0.isWhole } == true,
                "The round, its randomness or its signature was changed, or is not there.")
        } else if drand != nil {
            expect("The public value is of the source that was committed to", false, "No round of drand was committed to.")
        }
        guard checks.allSatisfy({ $0.problem == nil }) else { return checks }

        let statement = "Everyone's chance is as the algorithm \(commitment.algorithm.rawValue) promises"
        if let lottery {
            if let problem = lottery.problem(in: pool) {
                return checks + [Check(statement: "Every ticket stands for panels that keep every rule", problem: problem)]
            }
            expect("Every ticket stands for panels that keep every rule", true, "")
            let optimum = try pool.lottery(commitment.algorithm, progress: progress, isCancelled: isCancelled)
            expect(
                statement, Self.isAsFair(lottery, as: optimum, by: commitment.algorithm),
                "Other chances are fairer, so this is not the lottery that was promised.")
        } else {
            expect(statement, commitment.algorithm == .uniform, "There is no lottery, and this algorithm has one.")
        }
        guard checks.allSatisfy({ $0.problem == nil }) else { return checks }
        let draw = try pool.draw(commitment.algorithm, from: lottery, seed: seed, isCancelled: isCancelled)
        expect("The panel is the one that the seed draws", draw.panel == panel, "Somebody on the panel was changed.")
        expect("The reserves are those that the seed draws, in their order", draw.reserves == reserves, "The reserves were changed.")
        return checks
    }

    private static func isAsFair(_ lottery: PanelLottery, as optimum: PanelLottery?, by algorithm: PanelAlgorithm) -> Bool {
        guard let best = optimum?.probabilities else { return false }
        let own = lottery.probabilities
        switch algorithm {
        case .leximin, .goldilocks:
            return best.allSatisfy { abs((own[$0] ?? -1) - $1) <= tolerance }
        case .maximin:
            let possible = best.filter { $0.value > 0 }
            return possible.allSatisfy { (own[$0.key] ?? 0) >= (possible.values.min() ?? 0) - tolerance }
        case .nash:
            let possible = best.filter { $0.value > 0 }
            // In the order of the ids, so that rounding is the same everywhere.
            let gain = possible.sorted { $0.key.precedes($1.key) }.reduce(0.0) { sum, person in
                sum + person.value.logarithm - max(own[person.key] ?? 0, 1e-300).logarithm
            }
            return gain <= logarithmTolerance * Double(possible.count)
        case .uniform:
            return false
        }
    }
}
