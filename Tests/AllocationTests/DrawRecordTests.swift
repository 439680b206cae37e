import Testing

@testable import Allocation

@Suite("A draw that can be checked")
struct DrawRecordTests {
    private func record(_ pool: PanelPool, _ algorithm: PanelAlgorithm, publicValue: String = "7 12 19 33 40 51") throws -> DrawRecord {
        let lottery = try pool.lottery(algorithm)
        let commitment = DrawCommitment(
            pool: pool, algorithm: algorithm, lottery: lottery, publicValueSource: "The national lottery of the day after", secret: "s3cret"
        )
        return try DrawRecord(drawing: pool, commitment, lottery: lottery, secret: "s3cret", publicValue: publicValue)
    }

    private func problems(_ record: DrawRecord) throws -> [String] { try record.check().compactMap(\.problem) }

    @Test("an honest draw passes every check", arguments: PanelAlgorithm.allCases)
    func honest(algorithm: PanelAlgorithm) throws {
        let pool = try Instance.g60.pool()
        let checks = try record(pool, algorithm).check()
        #expect(checks.allSatisfy { $0.problem == nil })
        #expect(checks.count >= 8)
    }

    @Test("another public value draws another panel, and nobody can know it from the commitment")
    func publicValue() throws {
        let pool = try Instance.g200.pool()
        let lottery = try pool.lottery(.leximin)
        let commitment = DrawCommitment(pool: pool, algorithm: .leximin, lottery: lottery, publicValueSource: "x", secret: "s")
        let panels = try (0..<5).map {
            try DrawRecord(drawing: pool, commitment, lottery: lottery, secret: "s", publicValue: String($0)).panel
        }
        #expect(Set(panels).count == 5)
    }

    @Test("a lottery that whoever drew preferred to the fairest one is found out though it was committed to")
    func unfair() throws {
        let pool = try Instance.g60.pool()
        let fair = try #require(try pool.lottery(.leximin))
        // One possible panel with all tickets: sound by itself, and as unfair as can be.
        let rigged = PanelLottery(kinds: fair.kinds, makeUps: [.init(tickets: PanelLottery.ticketCount, seats: fair.makeUps[0].seats)])
        #expect(rigged.problem(in: pool) == nil)
        let commitment = DrawCommitment(pool: pool, algorithm: .leximin, lottery: rigged, publicValueSource: "", secret: "s")
        let record = try DrawRecord(drawing: pool, commitment, lottery: rigged, secret: "s", publicValue: "")
        #expect(try problems(record) == ["Other chances are fairer, so this is not the lottery that was promised."])
    }

    @Test("a make-up that breaks a target, tickets that do not add up, and people put together who differ are found")
    func lottery() throws {
        let pool = try Instance.g60.pool()
        let fair = try #require(try pool.lottery(.leximin))
        var makeUps = fair.makeUps
        makeUps[0] = .init(tickets: makeUps[0].tickets + 1, seats: makeUps[0].seats)
        #expect(PanelLottery(kinds: fair.kinds, makeUps: makeUps).problem(in: pool)?.contains("add up") == true)
        makeUps = fair.makeUps
        makeUps[0] = .init(tickets: makeUps[0].tickets, seats: makeUps[0].seats.reversed())
        #expect(PanelLottery(kinds: fair.kinds, makeUps: makeUps).problem(in: pool)?.contains("breaks") == true)
        #expect(PanelLottery(kinds: fair.kinds.reversed(), makeUps: fair.makeUps).problem(in: pool)?.contains("put together") == true)
        #expect(PanelLottery(kinds: fair.kinds, makeUps: fair.makeUps.reversed()).problem(in: pool)?.contains("order") == true)
    }

    @Test("the digests are those of their description")
    func digests() {
        // printf '16:kith-draw-seed-1,1:s,1:p,' | sha256sum
        #expect(DrawCommitment.seed(secret: "s", publicValue: "p") == "5a1dce7dc8aacab13b6f800a5e0a451d184732bf93ba884283ca2ea792aa2fca")
        #expect(DrawCommitment.seed(secret: "sp", publicValue: "") != DrawCommitment.seed(secret: "s", publicValue: "p"))
    }

    @Test("reasons name the targets that raised and lowered a chance")
    func reasons() throws {
        let people = (0..<10).map { PanelCandidate(id: "p\($0)", values: [$0 < 2 ? "young" : "old"]) }
        let pool = try PanelPool(
            features: ["age"], candidates: people,
            targets: [
                PanelTarget(feature: "age", value: "young", minimum: 1, maximum: 1),
                PanelTarget(feature: "age", value: "old", minimum: 0, maximum: 1),
            ], seats: 2)
        let young = try #require(ChanceReasons(of: "p0", in: pool))
        #expect(young.sentences == ["age young: fewer than 5 people were in the pool for 1 of the seats. That raised your chance."])
        let old = try #require(ChanceReasons(of: "p9", in: pool))
        #expect(old.sentences == ["age old: 8 people were in the pool for 0 to 1 of the seats. That lowered your chance."])
        #expect(ChanceReasons(of: "nobody", in: pool) == nil)
    }

    @Test("the picture has a bar a person and no id")
    func plot() throws {
        let pool = try Instance.g60.pool()
        let draw = try pool.draw(.leximin, seed: "1")
        let svg = ChancePlot(try #require(draw.probabilities), panel: draw.panel).svg
        #expect(svg.components("<rect").count - 1 == 61)
        #expect(svg.components("#b3261e").count - 1 == 20)
        #expect(!svg.contains("p1\""))
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [Substring] {
        self.split(separator: separator, omittingEmptySubsequences: false)
    }
}
