import CSV
import Testing

@Suite("Writing CSV")
struct CSVWriterTests {
    @Test("what is written reads back the same, whatever the text")
    func roundTrip() throws {
        let pieces = ["", "a", ",", "\"", "\"\"", "\n", "\r", "\r\n", "é", "👩‍👩‍👧", "\u{FEFF}", " ", "\t", "=1+1", "'", "\u{301}", "0"]
        var random = SplitMix(state: 42)
        for _ in 0..<3_000 {
            let width = Int.random(in: 1...5, using: &random)
            let rows = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                (0..<width).map { _ in
                    (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
                }
            }
            let header = (0..<width).map { "\u{FEFF}c,\"\($0)" }
            var writer = CSVWriter(header: header)
            for row in rows { writer.append(row) }
            let table = try CSVTable(parsing: writer.bytes)
            // Compared byte by byte: Swift's == on strings would let canonically equal text pass.
            #expect(table.rows.map { $0.fields.map { Array($0.utf8) } } == rows.map { $0.map { Array($0.utf8) } })
            #expect(table.header == header)
        }
    }

    @Test("formulas are guarded when asked, plain numbers are not")
    func formulas() throws {
        var writer = CSVWriter(header: ["a"], guardingFormulas: true)
        let fields = ["=1+1", "+44 7700 900000", "-2+3", "-5", "-5.25", "@SUM(A1)", "\t=1", "\r=1", "safe", ""]
        for field in fields { writer.append([field]) }
        let read = try CSVTable(parsing: writer.bytes).rows.map { $0.fields[0] }
        #expect(read == ["'=1+1", "'+44 7700 900000", "'-2+3", "-5", "-5.25", "'@SUM(A1)", "'\t=1", "'\r=1", "safe", ""])
    }

    @Test("a short row is filled with empty fields")
    func shortRow() throws {
        var writer = CSVWriter(header: ["a", "b"])
        writer.append(["1"])
        #expect(writer.bytes == Array("a,b\r\n1,\r\n".utf8))
    }

    @Test("a hundred thousand rows of eight columns write and read back")
    func large() throws {
        var writer = CSVWriter(header: (0..<8).map { "column \($0)" })
        for row in 0..<100_000 { writer.append((0..<8).map { $0 == 3 ? "a, \"quoted\" field" : "field \(row)" }) }
        let clock = ContinuousClock()
        let start = clock.now
        let count = try CSVTable(parsing: writer.bytes).rows.count
        let time = clock.now - start
        #expect(count == 100_000)
        print("read 100,000 rows of 8 columns, \(writer.bytes.count) bytes, in \(time)")
    }
}
