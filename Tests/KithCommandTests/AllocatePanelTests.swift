import Kith
import Testing

struct AllocatePanelTests {
    private static let candidates = """
        id,gender,age,address,zip
        a,woman,young,1 High Street,A1
        b,woman,old,1 High Street,A1
        c,man,young,2 High Street,A1
        d,man,old,3 High Street,A1
        e,woman,young,4 High Street,A1

        """
    private static let targets = """
        feature,value,min,max
        gender,woman,1,1
        gender,man,1,1
        age,young,1,1
        age,old,1,1

        """

    private func arguments(_ more: String...) -> [String] {
        ["allocate", "panel", "--candidates", "c.csv", "--targets", "t.csv", "--size", "2", "--seed", "2026"] + more
    }

    @Test func jsonHoldsThePanelAndWhatIsNeededToCheckIt() async throws {
        try await KithProgram.inScratch { kith in
            kith.write(Self.candidates, to: "c.csv")
            kith.write(Self.targets, to: "t.csv")
            let first = try await kith.run(arguments("--json"))
            #expect(first.status == 0, "\(first.errors)")
            let draw = try first.json
            let panel = draw["panel"]?.array?.compactMap(\.string) ?? []
            #expect(panel.count == 2)
            #expect([["a", "d"], ["b", "c"], ["d", "e"]].contains(panel))
            #expect(draw["algorithm"]?.string == "leximin")
            #expect(draw["seed"]?.string == "2026")
            #expect(draw["seconds"]?.number != nil)
            #expect(draw["reserves"]?.array != nil)
            #expect(draw["pool_hash"]?.string?.count == 64)
            let second = try await kith.run(arguments("--json", "--algorithm", "leximin"))
            #expect(try second.json["panel"] == draw["panel"])
        }
    }

    @Test func peopleSeeThePanelAndItsTargets() async throws {
        try await KithProgram.inScratch { kith in
            kith.write(Self.candidates, to: "c.csv")
            kith.write(Self.targets, to: "t.csv")
            let result = try await kith.run(arguments("--no-one-per-household"))
            #expect(result.status == 0)
            #expect(result.output.contains("gender   woman    1    1      1"))
            #expect(result.errors.isEmpty)
        }
    }

    @Test func targetsThatNoPanelCanMeetAreAnsweredWithTheSmallestChange() async throws {
        try await KithProgram.inScratch { kith in
            kith.write(Self.candidates, to: "c.csv")
            kith.write(
                """
                feature,value,min,max
                gender,woman,0,0
                gender,man,2,2
                age,young,2,2
                age,old,0,0

                """, to: "t.csv")
            let result = try await kith.run(arguments("--json"))
            #expect(result.status == 65)
            let changes = try result.json["changes"]?.array ?? []
            #expect(changes.count == 2)
            #expect(changes.allSatisfy { $0["from"]?.integer != $0["to"]?.integer })
            #expect(result.errors.contains("The smallest change that would make them possible"))
        }
    }

    @Test func rowsThatAreNotRightAreNamedByRowAndColumn() async throws {
        try await KithProgram.inScratch { kith in
            kith.write("id,gender\na,woman\nb\nc,\"man\n", to: "c.csv")
            kith.write(Self.targets, to: "t.csv")
            let result = try await kith.run(arguments())
            #expect(result.status == 65)
            #expect(result.errors.contains("c.csv"))
            #expect(result.errors.contains("Row 3"))
            #expect(result.errors.contains("Row 4, column \"gender\""))
        }
    }

    @Test func aMissingFileAndAMissingOptionHaveTheirOwnExitCodes() async throws {
        try await KithProgram.inScratch { kith in
            let missing = try await kith.run(arguments())
            #expect(missing.status == 65)
            #expect(missing.errors.contains("c.csv"))
            let usage = try await kith.run(["allocate", "panel"])
            #expect(usage.status == 64)
        }
    }
}
