import Foundation
import Testing

@testable import Allocation

@Suite("Lotteries over panels")
struct LotteryTests {
    @Test("leximin gives the chances that follow from the definition and the list of all panels", arguments: 0..<400)
    func leximin(seed: Int) throws {
        guard let pool = try? SmallPool(seed: UInt64(seed), people: 6...12, tightness: Double(seed % 5) / 4).pool() else { return }
        let panels = pool.everyPanel()
        guard !panels.isEmpty else { return }
        let draw = try pool.draw(.leximin, seed: UInt64(seed))
        let expected = try FairestChances(pool: pool, panels: panels).leximin()
        let chances = try #require(draw.probabilities)
        for (person, candidate) in pool.candidates.enumerated() {
            #expect(abs((chances[candidate.id] ?? -1) - expected[person]) < 1e-6)
        }
        #expect(pool.meetsEveryRule(draw.panel))
    }

    @Test("averages that whole panels cannot have are cut away, and what is left is still the fairest")
    func cuts() throws {
        var cuts = 0
        for seed in 0..<600 {
            guard let pool = try? SmallPool(seed: UInt64(20_000 + seed), people: 10...14, features: 3...5, tightness: 0.9).pool() else {
                continue
            }
            let panels = pool.everyPanel()
            guard !panels.isEmpty else { continue }
            let monitor = DrawMonitor(isCancelled: { false })
            let finding = try ChanceSearch(kinds: PanelKinds(pool), monitor: monitor).find(.leximin)
            guard finding.cuts > 0 else { continue }
            cuts += finding.cuts
            let expected = try FairestChances(pool: pool, panels: panels).leximin()
            let chances = finding.lottery.probabilities
            for (person, candidate) in pool.candidates.enumerated() {
                #expect(abs((chances[candidate.id] ?? -1) - expected[person]) < 1e-6)
            }
        }
        #expect(cuts > 5)
    }

    @Test("maximin gives the greatest least chance among people who can be on a panel", arguments: 0..<200)
    func maximin(seed: Int) throws {
        guard let pool = try? SmallPool(seed: UInt64(5_000 + seed), tightness: Double(seed % 5) / 4).pool() else { return }
        let panels = pool.everyPanel()
        guard !panels.isEmpty else { return }
        let possible = Set(panels.joined())
        let chances = try #require(try pool.draw(.maximin, seed: UInt64(seed)).probabilities)
        let expected = try FairestChances(pool: pool, panels: panels).leximin()
        let least = possible.map { chances[pool.candidates[$0].id] ?? -1 }.min() ?? -1
        #expect(abs(least - (possible.map { expected[$0] }.min() ?? -1)) < 1e-6)
    }

    @Test("nash gives a product of chances that no panel can raise", arguments: 0..<250)
    func nash(seed: Int) throws {
        guard let pool = try? SmallPool(seed: UInt64(9_000 + seed), people: 6...12, tightness: Double(seed % 5) / 4).pool() else { return }
        let panels = pool.everyPanel()
        guard !panels.isEmpty else { return }
        let possible = Set(panels.joined())
        let chances = try #require(try pool.draw(.nash, seed: UInt64(seed)).probabilities)
        // The product is concave in its logarithm: it is greatest just where no panel gains along its slopes.
        let slopes = pool.candidates.indices.map { possible.contains($0) ? 1 / (chances[pool.candidates[$0].id] ?? 0) : 0 }
        let best = panels.map { $0.reduce(0) { $0 + slopes[$1] } }.max() ?? 0
        #expect(best <= Double(possible.count) * (1 + 2e-5))
    }

    @Test("goldilocks keeps the greatest chance and the inverse of the least as small as all panels allow", arguments: 0..<250)
    func goldilocks(seed: Int) throws {
        guard let pool = try? SmallPool(seed: UInt64(60_000 + seed), people: 6...12, tightness: Double(seed % 5) / 4).pool() else { return }
        let panels = pool.everyPanel()
        guard !panels.isEmpty else { return }
        let possible = Set(panels.joined())
        let chances = try #require(try pool.draw(.goldilocks, seed: UInt64(seed)).probabilities)
        let own = possible.map { chances[pool.candidates[$0].id] ?? -1 }
        let equal = Double(pool.seats) / Double(possible.count)
        let value = (own.max() ?? 0) / equal + equal / (own.min() ?? 0)
        let best = try FairestChances(pool: pool, panels: panels).goldilocks()
        #expect(abs(value - best) < 2e-6 * best)
    }

    @Test("the tickets add up, each make-up gives panels that meet every rule, and people drawn by lot come up as often as promised")
    func tickets() throws {
        let pool = try Instance.g60.pool()
        let draw = try pool.draw(.leximin, seed: "0")
        let lottery = try #require(draw.lottery)
        #expect(lottery.makeUps.reduce(0) { $0 + $1.tickets } == PanelLottery.ticketCount)
        let kinds = PanelKinds(pool)
        let table = SeatTable(pool)
        var counts = Array(repeating: 0, count: pool.candidates.count)
        let draws = 5_000
        for seed in 0..<draws {
            var random = SeededGenerator(seed: String(seed), purpose: "test")
            let people = kinds.people(for: lottery.seats(ofTicket: random.number(below: PanelLottery.ticketCount)), using: &random)
            #expect(table.isPanel(people))
            for person in people { counts[person] += 1 }
        }
        let chances = lottery.probabilities
        for (person, candidate) in pool.candidates.enumerated() {
            let chance = try #require(chances[candidate.id])
            let deviation = (chance * (1 - chance) * Double(draws)).squareRoot()
            #expect(abs(Double(counts[person]) - chance * Double(draws)) <= 5 * deviation + 1)
        }
    }

    @Test("everyone's chances add up to the seats and the draw follows from the seed", arguments: [Instance.g200, .g200h])
    func sums(instance: Instance) throws {
        let pool = try instance.pool()
        let draw = try pool.draw(.leximin, seed: "2026")
        #expect(abs((draw.probabilities ?? [:]).values.reduce(0, +) - Double(instance.seats)) < 1e-9)
        #expect(draw == (try pool.draw(.leximin, seed: "2026")))
        #expect(draw.panel != (try pool.draw(.leximin, seed: "2027")).panel)
        #expect(pool.meetsEveryRule(draw.panel))
    }

    @Test("a search gives up when asked, and its progress rises to 1")
    func progress() throws {
        let pool = try Instance.hard119.pool()
        var asked = 0
        #expect(throws: CancellationError.self) {
            try pool.draw(
                .leximin,
                seed: "x",
                isCancelled: {
                    asked += 1
                    return asked > 500
                }
            )
        }
        var reported: [Double] = []
        _ = try Instance.g200.pool().draw(.leximin, seed: "x", progress: { reported.append($0) })
        #expect(reported == reported.sorted())
        #expect(reported.first == 0 && reported.last == 1)
    }
}
