import Testing

@testable import Allocation

@Suite("Seeded generator")
struct SeededGeneratorTests {
    @Test("the stream is the documented blocks of SHA-256")
    func stream() {
        // printf 'seed\0purpose\0\0\0\0\0\0\0\0\0' | sha256sum, then with the last byte 1
        var random = SeededGenerator(seed: "seed", purpose: "purpose")
        let numbers = (0..<5).map { _ in random.next() }
        #expect(numbers == [0xC524CEAC0A871F49, 0x3F5CFE89625EE2D5, 0xC9063DE9BDE390E9, 0x7D0184C034A35401, 0xE68AECC780AE8640])
    }

    @Test("numbers stay below their bound and each comes up")
    func bounded() {
        var random = SeededGenerator(seed: "s", purpose: "p")
        var counts = Array(repeating: 0, count: 7)
        for _ in 0..<7_000 { counts[random.number(below: 7)] += 1 }
        #expect(counts.allSatisfy { 800...1_200 ~= $0 })
        #expect(random.number(below: 1) == 0)
    }
}
