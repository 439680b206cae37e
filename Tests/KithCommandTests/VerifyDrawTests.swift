import Kith
import Testing

struct VerifyDrawTests {
    private static let candidates =
        "id,gender,age\n" + (0..<12).map { "p\($0),\($0 % 3 == 0 ? "man" : "woman"),\($0 % 4 == 0 ? "young" : "old")\n" }.joined()
    private static let targets = "feature,value,min,max\ngender,woman,2,2\ngender,man,2,2\nage,young,1,2\nage,old,2,3\n"

    /// Commits and reveals in a folder.
    private func draw(_ kith: KithProgram, _ algorithm: String = "leximin") async throws {
        kith.write(Self.candidates, to: "c.csv")
        kith.write(Self.targets, to: "t.csv")
        let committed = try await kith.run([
            "allocate", "commit", "--candidates", "c.csv", "--targets", "t.csv", "--size", "4", "--algorithm", algorithm,
            "--public-value-source", "The national lottery of tomorrow", "--alternates", "2", "--out", "committed",
        ])
        #expect(committed.status == 0, "\(committed.errors)")
        let revealed = try await kith.run(["allocate", "reveal", "committed", "--public-value", "3 9 27", "--out", "draw.json"])
        #expect(revealed.status == 0, "\(revealed.errors)")
        let line = committed.output.split(separator: "\n")[0]
        #expect(revealed.output.contains(line))
    }

    @Test(arguments: ["leximin", "uniform", "goldilocks"]) func anHonestDrawHolds(algorithm: String) async throws {
        try await KithProgram.inScratch { kith in
            try await draw(kith, algorithm)
            let result = try await kith.run(["verify", "draw", "draw.json"])
            #expect(result.status == 0, "\(result.output) \(result.errors)")
            #expect(result.output.contains("3 9 27 (The national lottery of tomorrow)"))
            #expect(result.output.contains("\nAlternates: p"))
            let again = try await kith.run(["allocate", "reveal", "draw.json", "--public-value", "4", "--out", "second.json"])
            #expect(again.status == 1)
        }
    }

    @Test func oneChangedByteAnywhereDoesNotHold() async throws {
        try await KithProgram.inScratch { kith in
            try await draw(kith)
            let text = kith.read("draw.json")
            let bytes = Array(text.utf8)
            // Each member of the file at its first bytes, and bytes all over it.
            let members = [
                "\"panel\":[\"", "\"reserves\":[\"", "\"seats\":", "\"minimum\":", "\"maximum\":", "\"value\":\"", "\"feature\":\"",
                "\"id\":\"",
                "\"values\":[\"", "\"household\":", "\"standing\":\"", "\"one_per_household\":", "\"digest\":\"", "\"pool_hash\":\"",
                "\"algorithm\":\"", "\"version\":\"", "\"lottery_hash\":\"", "\"public_value_source\":\"", "\"secret_hash\":\"",
                "\"secret\":\"", "\"public_value\":\"", "\"seed\":\"", "\"alternates\":", "\"kinds\":[[\"", "\"make_ups\":[[",
                "\"format\":\"",
            ]
            var places = try members.map { member in
                try #require(text.firstRange(of: member).map { text.utf8.distance(from: text.startIndex, to: $0.upperBound) })
            }
            places += stride(from: 0, to: bytes.count, by: max(1, bytes.count / 25))
            for place in places {
                var changed = bytes
                changed[place] = changed[place] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
                kith.write(String(decoding: changed, as: UTF8.self), to: "changed.json")
                let result = try await kith.run(["verify", "draw", "changed.json"])
                #expect(result.status == 66, "byte \(place): \(result.output) \(result.errors)")
            }
        }
    }

    @Test func whatIfShowsEverybodysChanceBeforeAndAfter() async throws {
        try await KithProgram.inScratch { kith in
            kith.write(Self.candidates, to: "c.csv")
            kith.write(Self.targets, to: "t.csv")
            let arguments = ["allocate", "what-if", "--candidates", "c.csv", "--targets", "t.csv", "--size", "4"]
            let result = try await kith.run(arguments + ["--target", "gender=woman:1..3", "gender=man:1..3", "--json"])
            #expect(result.status == 0, "\(result.errors)")
            let (before, after) = try (result.json["before"]?.object ?? [:], result.json["after"]?.object ?? [:])
            // Four men share two seats now; then everybody can have one in three.
            #expect(abs((before["p0"]?.number ?? 0) - 0.5) < 1e-6)
            #expect(abs((after["p0"]?.number ?? 0) - 1 / 3.0) < 1e-6)
            let unknown = try await kith.run(arguments + ["--target", "gender=robot:1..3"])
            #expect(unknown.status == 65)
            #expect(unknown.errors.contains("There is no target for gender robot"))
        }
    }

    @Test func includedAndExcludedPeopleAreSettledBeforeTheDraw() async throws {
        try await KithProgram.inScratch { kith in
            kith.write(Self.candidates, to: "c.csv")
            kith.write(Self.targets, to: "t.csv")
            let result = try await kith.run([
                "allocate", "panel", "--candidates", "c.csv", "--targets", "t.csv", "--size", "4", "--seed", "1", "--include", "p1", "p3",
                "--exclude", "p0", "--alternates", "2", "--plot", "chances.svg", "--json",
            ])
            #expect(result.status == 0, "\(result.errors)")
            let panel = try result.json["panel"]?.array?.compactMap(\.string) ?? []
            #expect(panel.contains("p1") && panel.contains("p3") && !panel.contains("p0"))
            #expect(try result.json["alternates"]?.array?.count == 2)
            #expect(kith.read("chances.svg").hasPrefix("<svg"))
        }
    }
}
