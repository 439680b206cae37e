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

    @Test func twoRowsWithTheSameNameAndYearOfBirthAreAskedAbout() async throws {
        try await KithProgram.inScratch { kith in
            let names = ["name,birth_year", "Zoë  Groß,1975", "Ann,1980", "Ann,1981", "zoe\u{308} GROSS,1975", "Ann,"]
            kith.write(
                zip(Self.candidates.split(separator: "\n"), names).map { "\($0),\($1)\n" }.joined(), to: "c.csv")
            kith.write(Self.targets, to: "t.csv")
            let asked = try await kith.run(arguments())
            #expect(asked.status == 65 && asked.output.isEmpty)
            for part in ["Rows 2, 5: a, d", "--exclude d", "--different d"] { #expect(asked.errors.contains(part)) }
            #expect(!asked.errors.contains("Ann") && !asked.errors.contains("1975"))
            #expect(try await kith.run(arguments("--different", "nobody")).status == 65)
            for answer in [["--different", "d"], ["--exclude", "a"]] {
                let drawn = try await kith.run(arguments("--json") + answer)
                #expect(drawn.status == 0, "\(drawn.errors)")
            }
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
