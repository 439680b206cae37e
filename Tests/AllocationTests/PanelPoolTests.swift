import Allocation
import Testing

@Suite("Panel pool")
struct PanelPoolTests {
    private let people = [
        PanelCandidate(id: "b", values: ["16-24", "woman"], household: "h"),
        PanelCandidate(id: "a", values: ["25+", "man"], household: "h"),
        PanelCandidate(id: "c", values: ["25+", "woman"]),
    ]

    private func problems(_ targets: [PanelTarget], people: [PanelCandidate]? = nil, seats: Int = 2) -> [String] {
        do {
            _ = try PanelPool(features: ["age", "gender"], candidates: people ?? self.people, targets: targets, seats: seats)
            return []
        } catch {
            return error.problems
        }
    }

    private let ages = [
        PanelTarget(feature: "age", value: "16-24", minimum: 0, maximum: 1),
        PanelTarget(feature: "age", value: "25+", minimum: 1, maximum: 2),
    ]

    @Test("the same content in another order is the same pool with the same hash and the same draw")
    func order() throws {
        let one = try PanelPool(features: ["age", "gender"], candidates: people, targets: ages, seats: 2)
        let other = try PanelPool(
            features: ["gender", "age"],
            candidates: people.reversed().map { PanelCandidate(id: $0.id, values: $0.values.reversed(), household: $0.household) },
            targets: ages.reversed(),
            seats: 2
        )
        #expect(one == other)
        #expect(one.canonicalHash == other.canonicalHash)
        #expect(try one.draw(.uniform, seed: "s") == other.draw(.uniform, seed: "s"))
        #expect(one.candidates.map(\.id) == ["a", "b", "c"])
    }

    @Test("the hash is the SHA-256 of the documented bytes")
    func hash() throws {
        let pool = try PanelPool(
            features: ["f"],
            candidates: [PanelCandidate(id: "p", values: ["é"], household: "h")],
            targets: [PanelTarget(feature: "f", value: "é", minimum: 0, maximum: 1)],
            seats: 1
        )
        // printf '17:kith-panel-pool-1,1:1,1:1,1:1,1:f,1:1,1:f,2:é,1:0,1:1,1:1,1:p,2:é,2:=h,' | sha256sum
        #expect(pool.canonicalHash == "4c1e6ba13433e923a74fd6e285af11ae43dbf9d201b3d79875423db1ff5a127d")
    }

    @Test("anything that changes the draw changes the hash")
    func hashDiffers() throws {
        var hashes: Set<String> = []
        hashes.insert(try PanelPool(features: ["age", "gender"], candidates: people, targets: ages, seats: 2).canonicalHash)
        hashes.insert(try PanelPool(features: ["age", "gender"], candidates: people, targets: ages, seats: 1).canonicalHash)
        hashes.insert(
            try PanelPool(features: ["age", "gender"], candidates: people, targets: ages, seats: 2, onePerHousehold: false).canonicalHash
        )
        hashes.insert(try PanelPool(features: ["age", "gender"], candidates: people, targets: [], seats: 2).canonicalHash)
        hashes.insert(
            try PanelPool(
                features: ["age", "gender"],
                candidates: people.map { PanelCandidate(id: $0.id, values: $0.values) },
                targets: ages,
                seats: 2
            ).canonicalHash
        )
        #expect(hashes.count == 5)
    }

    @Test("every problem is named, not only the first")
    func everyProblem() {
        let found = problems([
            PanelTarget(feature: "region", value: "north", minimum: 0, maximum: 1),
            PanelTarget(feature: "age", value: "16-24", minimum: 2, maximum: 1),
            PanelTarget(feature: "age", value: "75+", minimum: 1, maximum: 1),
            PanelTarget(feature: "gender", value: "woman", minimum: 2, maximum: 2),
            PanelTarget(feature: "gender", value: "man", minimum: 1, maximum: 2),
            PanelTarget(feature: "gender", value: "man", minimum: 0, maximum: 2),
        ])
        #expect(
            found == [
                "The targets name the feature \"region\", which the candidates do not have. Correct the name or add the feature.",
                "The value \"16-24\" of the feature \"age\" has a minimum of 2 above its maximum of 1. Swap or correct them.",
                "The value \"75+\" of the feature \"age\" must have at least 1 seats, but no candidate has this value. "
                    + "Lower the minimum to 0, recruit such people or correct the spelling.",
                "The value \"man\" of the feature \"gender\" has more than one target. Keep one of them.",
                "The minima of the feature \"age\" add up to 3, more than the 2 seats. Lower them by 1.",
                "The minima of the feature \"gender\" add up to 3, more than the 2 seats. Lower them by 1.",
                "The feature \"age\" has no target for the value \"25+\" of 2 candidates. "
                    + "Correct the spelling, or add a target with the minimum 0.",
            ])
    }

    @Test("maxima below the seats, negative minima and too few people or households are found")
    func seats() {
        #expect(problems([], seats: 0) == ["A panel needs at least 1 seat, not 0."])
        #expect(problems([], seats: 4).count == 1)
        #expect(problems([], seats: 3)[0].hasPrefix("There are 2 households for 3 seats"))
        #expect(
            problems([
                PanelTarget(feature: "age", value: "16-24", minimum: -1, maximum: 0),
                PanelTarget(feature: "age", value: "25+", minimum: 0, maximum: 1),
            ]) == [
                "The value \"16-24\" of the feature \"age\" has the minimum -1. A minimum cannot be less than 0.",
                "The maxima of the feature \"age\" add up to 1, fewer than the 2 seats. Raise them by 1.",
            ])
    }

    @Test("duplicate ids and wrong numbers of values are named")
    func candidates() {
        let found = problems([], people: people + [PanelCandidate(id: "a", values: ["25+"])])
        #expect(found.count == 2)
        #expect(found[0] == "The id \"a\" is used by more than one candidate. Give each candidate an id of their own.")
    }

    @Test("the smallest change reads as a sentence")
    func infeasibility() throws {
        let pool = try PanelPool(
            features: ["age"],
            candidates: (0..<6).map { PanelCandidate(id: "p\($0)", values: [$0 < 3 ? "16-24" : "25+"]) },
            targets: [
                PanelTarget(feature: "age", value: "16-24", minimum: 4, maximum: 4),
                PanelTarget(feature: "age", value: "25+", minimum: 0, maximum: 0),
            ],
            seats: 4
        )
        do {
            _ = try pool.draw(.uniform, seed: "1")
            Issue.record("no panel is possible")
        } catch let error as PanelInfeasibility {
            #expect(error.total == 2)
            #expect(
                error.description == "No panel of 4 can meet these targets. The smallest change that would make them possible: "
                    + "lower the minimum for age 16-24 from 4 to 3 and raise the maximum for age 25+ from 0 to 1. "
                    + "The targets could stay as they are if 1 more person volunteered, for example: age 16-24."
            )
        }
    }

    @Test("files with missing columns and broken numbers are refused with their rows")
    func tables() {
        let targets = PanelTable(header: ["feature", "value", "min", "max"], rows: [["age", "x", "one", "2"]])
        #expect(
            throws: PanelPoolError(problems: ["The file of candidates has no column \"id\". Add it or correct its name in the first row."])
        ) {
            try PanelPool.read(candidates: PanelTable(header: ["age"], rows: []), targets: targets, seats: 1)
        }
        #expect(throws: PanelPoolError.self) {
            try PanelPool.read(candidates: PanelTable(header: ["id", "age"], rows: []), targets: targets, seats: 1)
        }
    }

    @Test("people share a household by address and zip together, never by an empty address")
    func households() throws {
        let pool = try PanelPool.read(
            candidates: PanelTable(
                header: ["id", "age", "address", "zip"],
                rows: [
                    ["a", "x", "1 A", "N1"], ["b", "x", "1 A", "N1"], ["c", "x", "1 A", "N2"], ["d", "x", "", ""], ["e", "x", " ", ""],
                ]
            ),
            targets: PanelTable(header: ["feature", "value", "min", "max"], rows: [["age", "x", "0", "4"]]),
            seats: 4
        )
        #expect(pool.candidates[0].household == pool.candidates[1].household)
        #expect(pool.candidates[1].household != pool.candidates[2].household)
        #expect(pool.candidates[3].household == nil && pool.candidates[4].household == nil)
        #expect(pool.everyPanel().count == 2)
    }
}
