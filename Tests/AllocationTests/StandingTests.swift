import Testing

@testable import Allocation

@Suite("People settled before the draw")
struct StandingTests {
    @Test(
        "who is seated is on every panel, who is excluded on none, and the chances are those of the list of all panels",
        arguments: 0..<300
    )
    func leximin(seed: Int) throws {
        guard let pool = try? SmallPool(seed: UInt64(40_000 + seed), tightness: Double(seed % 4) / 4, settled: true).pool() else { return }
        let panels = pool.everyPanel()
        guard !panels.isEmpty else {
            #expect(throws: PanelInfeasibility.self) { try pool.requireFeasible() }
            return
        }
        let expected = try FairestChances(pool: pool, panels: panels).leximin()
        for algorithm in PanelAlgorithm.allCases {
            let draw = try pool.draw(algorithm, seed: UInt64(seed))
            #expect(pool.meetsEveryRule(draw.panel))
            #expect(draw.reserves.allSatisfy { id in pool.candidates.first { $0.id == id }?.standing == .open })
            guard algorithm == .leximin else { continue }
            let chances = try #require(draw.probabilities)
            for (person, candidate) in pool.candidates.enumerated() {
                #expect(abs((chances[candidate.id] ?? -1) - expected[person]) < 1e-6)
            }
        }
    }

    @Test("a replacement draw keeps those who said yes, leaves out those who declined, and meets the targets")
    func replacement() throws {
        let pool = try Instance.g200.pool()
        let first = try pool.draw(.leximin, seed: "first")
        let declined = Array(first.panel.prefix(4))
        let stay = Array(first.panel.dropFirst(4))
        let second = try pool.settling(seated: stay, excluded: declined).draw(.leximin, seed: "second")
        #expect(Set(stay).isSubset(of: second.panel))
        #expect(Set(declined).isDisjoint(with: second.panel))
        #expect(pool.meetsEveryRule(second.panel))
        #expect(second.poolHash != first.poolHash)
    }

    @Test("whoever is settled changes the hash, and nobody settled leaves it as it was")
    func hash() throws {
        let pool = try Instance.g60.pool()
        let one = pool.candidates[0].id
        let hashes = try [pool, pool.settling(seated: [one]), pool.settling(excluded: [one])].map(\.canonicalHash)
        #expect(Set(hashes).count == 3)
        #expect(try pool.settling().canonicalHash == pool.canonicalHash)
    }

    @Test("what cannot be is said: unknown people, both at once, too many, two of a household")
    func problems() throws {
        let people = [
            PanelCandidate(id: "a", values: ["x"], household: "h"), PanelCandidate(id: "b", values: ["x"], household: "h"),
            PanelCandidate(id: "c", values: ["x"]),
        ]
        let pool = try PanelPool(
            features: ["f"], candidates: people, targets: [PanelTarget(feature: "f", value: "x", minimum: 0, maximum: 1)], seats: 1)
        func problems(_ seated: [String], _ excluded: [String] = []) -> [String] {
            do {
                _ = try pool.settling(seated: seated, excluded: excluded)
                return []
            } catch {
                return error.problems
            }
        }
        #expect(problems(["z"]) == ["There is no candidate with the id \"z\". Correct it."])
        #expect(problems(["a"], ["a"])[0].contains("both included and excluded"))
        #expect(problems(["a", "c"])[0].hasPrefix("2 people are to be on the panel"))
        let two = try PanelPool(
            features: ["f"], candidates: people, targets: [PanelTarget(feature: "f", value: "x", minimum: 0, maximum: 2)], seats: 2)
        #expect(throws: PanelPoolError.self) { try two.settling(seated: ["a", "b"]) }
        #expect(problems([], ["a", "b", "c"])[0].hasPrefix("There are 0 candidates"))
    }
}
