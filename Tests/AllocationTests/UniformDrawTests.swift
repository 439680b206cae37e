import Allocation
import Testing

@Suite("Uniform draw")
struct UniformDrawTests {
    @Test("every instance gives a panel that meets every rule, the same for the same seed", arguments: Instance.all)
    func instances(instance: Instance) throws {
        let pool = try instance.pool()
        let draw = try pool.draw(.uniform, seed: "2026")
        #expect(pool.meetsEveryRule(draw.panel))
        #expect(draw == (try pool.draw(.uniform, seed: "2026")))
        #expect(draw.panel != (try pool.draw(.uniform, seed: "2027")).panel)
        #expect(Set(draw.reserves).isDisjoint(with: draw.panel))
        #expect(draw.probabilities == nil)
        #expect(draw.poolHash == pool.canonicalHash)
    }

    @Test("a pool with a panel gives one of its panels, a pool without gives the smallest change", arguments: 0..<300)
    func smallPools(seed: Int) throws {
        let small = SmallPool(seed: UInt64(seed), tightness: Double(seed % 4) / 3)
        guard let pool = try? small.pool() else { return }
        let panels = pool.everyPanel()
        do {
            let draw = try pool.draw(.uniform, seed: UInt64(seed))
            #expect(!panels.isEmpty)
            #expect(pool.meetsEveryRule(draw.panel))
        } catch let error as PanelInfeasibility {
            #expect(panels.isEmpty)
            #expect(error.total == pool.smallestChange())
            for alternative in error.alternatives {
                #expect(alternative.total >= error.total)
                let other = try small.pool(small.targets.map { alternative.applied(to: $0) })
                #expect(other.meetsEveryRule(try other.draw(.uniform, seed: "x").panel))
            }
            try expectHelp(of: error.missing, in: small)
            let changed = try small.pool(small.targets.map { error.applied(to: $0) })
            #expect(changed.meetsEveryRule(try changed.draw(.uniform, seed: "x").panel))
        }
    }

    /// With the missing people a panel is possible, and without any one of them it is not.
    private func expectHelp(of missing: [[String: String]], in small: SmallPool) throws {
        guard !missing.isEmpty else { return }
        let newcomers = missing.enumerated().map { index, values in
            PanelCandidate(id: "new\(index)", values: small.features.map { values[$0] ?? "" })
        }
        func isPossible(_ people: [PanelCandidate]) throws -> Bool {
            do {
                let pool = try PanelPool(
                    features: small.features, candidates: small.candidates + people, targets: small.targets, seats: small.seats)
                return !pool.everyPanel().isEmpty
            } catch {
                return false
            }
        }
        #expect(try isPossible(newcomers))
        for index in newcomers.indices {
            var fewer = newcomers
            fewer.remove(at: index)
            #expect(try !isPossible(fewer))
        }
    }

    @Test("where the targets leave room, every panel comes up about equally often")
    func isNearlyUniform() throws {
        let pool = try PanelPool(
            features: ["age"],
            candidates: (0..<8).map { PanelCandidate(id: "p\($0)", values: [$0 < 3 ? "young" : "old"]) },
            targets: [
                PanelTarget(feature: "age", value: "young", minimum: 1, maximum: 2),
                PanelTarget(feature: "age", value: "old", minimum: 0, maximum: 3),
            ],
            seats: 3
        )
        let panels = pool.everyPanel()
        var drawn: [[String]: Int] = [:]
        let draws = 450
        for seed in 0..<draws { drawn[try pool.draw(.uniform, seed: UInt64(seed)).panel, default: 0] += 1 }
        #expect(drawn.count == panels.count)
        let expected = Double(draws) / Double(panels.count)
        let chiSquare = drawn.values.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        // Mean and deviation of the chi-square distribution with one degree of freedom fewer than there are panels; five deviations.
        let freedom = Double(panels.count - 1)
        #expect(chiSquare < freedom + 5 * (2 * freedom).squareRoot())
    }

    @Test("a draw gives up when asked")
    func cancellation() throws {
        let pool = try Instance.g200.pool()
        #expect(throws: CancellationError.self) { try pool.draw(.uniform, seed: "x", isCancelled: { true }) }
    }
}

extension PanelInfeasibility {
    func applied(to target: PanelTarget) -> PanelTarget { changes.applied(to: target) }
}

extension [PanelInfeasibility.Change] {
    func applied(to target: PanelTarget) -> PanelTarget {
        var (minimum, maximum) = (target.minimum, target.maximum)
        for change in self where change.feature == target.feature && change.value == target.value {
            if change.bound == .minimum { minimum = change.to } else { maximum = change.to }
        }
        return PanelTarget(feature: target.feature, value: target.value, minimum: minimum, maximum: maximum)
    }
}
