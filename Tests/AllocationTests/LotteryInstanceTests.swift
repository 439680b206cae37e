import Allocation
import Foundation
import Testing

@Suite("Lotteries on the instances")
struct LotteryInstanceTests {
    /// Least chance, Gini coefficient and geometric mean on which two independent programs agree.
    struct Known: Sendable {
        let instance: Instance
        let least: Double
        let gini: Double
        let geometricMean: Double
    }

    @Test(
        "leximin has the known least chance, Gini coefficient and geometric mean",
        arguments: [
            Known(instance: .g60, least: 0.105263, gini: 0.47023, geometricMean: 0.21955),
            Known(instance: .g200, least: 0.068182, gini: 0.23880, geometricMean: 0.08964),
            Known(instance: .g200h, least: 0.068182, gini: 0.23880, geometricMean: 0.08964),
            Known(instance: .g500, least: 0.037838, gini: 0.31874, geometricMean: 0.04664),
            Known(instance: .g1000, least: 0.026667, gini: 0.37119, geometricMean: 0.03680),
        ]
    )
    func known(known: Known) throws {
        let pool = try known.instance.pool()
        let draw = try pool.draw(.leximin, seed: "2026")
        let chances = try #require(draw.probabilities).values.sorted()
        #expect(abs(chances[0] - known.least) < 1e-6)
        #expect(abs(gini(chances) - known.gini) < 1e-5)
        #expect(abs(geometricMean(chances) - known.geometricMean) < 1e-5)
        #expect(pool.meetsEveryRule(draw.panel))
    }

    @Test("targets that are exact are met by column generation", arguments: [Instance.hard119])
    func hard(instance: Instance) throws {
        let pool = try instance.pool()
        let draw = try pool.draw(.leximin, seed: "2026")
        #expect(pool.meetsEveryRule(draw.panel))
        #expect(abs((draw.probabilities?.values.min() ?? 0) - 0.029070) < 1e-6)
    }

    @Test("nash has the known geometric mean", arguments: [(Instance.g200, 0.090931), (.g500, 0.048923)])
    func nash(instance: Instance, known: Double) throws {
        let pool = try instance.pool()
        let draw = try pool.draw(.nash, seed: "2026")
        #expect(abs(geometricMean(Array(try #require(draw.probabilities).values)) - known) < 1e-6)
        #expect(pool.meetsEveryRule(draw.panel))
    }

    private func gini(_ sorted: [Double]) -> Double {
        let count = Double(sorted.count)
        let weighted = sorted.enumerated().reduce(0) { $0 + (2 * Double($1.offset + 1) - count - 1) * $1.element }
        return weighted / (count * sorted.reduce(0, +))
    }

    private func geometricMean(_ values: [Double]) -> Double {
        exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
    }
}
