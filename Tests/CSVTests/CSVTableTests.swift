import CSV
import Testing

@Suite("Reading CSV")
struct CSVTableTests {
    private func table(_ text: String, requiring columns: [String] = [], limits: CSVLimits = .init()) throws -> CSVTable {
        try CSVTable(parsing: Array(text.utf8), requiring: columns, limits: limits)
    }

    private func problems(_ bytes: [UInt8], requiring columns: [String] = [], limits: CSVLimits = .init()) -> [CSVProblem] {
        do {
            _ = try CSVTable(parsing: bytes, requiring: columns, limits: limits)
            return []
        } catch {
            return error.problems
        }
    }

    private func problems(_ text: String, requiring columns: [String] = [], limits: CSVLimits = .init()) -> [CSVProblem] {
        problems(Array(text.utf8), requiring: columns, limits: limits)
    }

    @Test("every kind of line end reads the same", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(end: String) throws {
        let table = try table(["id,name", "1,Ada", "2,Grace"].joined(separator: end))
        #expect(table.header == ["id", "name"])
        #expect(table.rows.map(\.fields) == [["1", "Ada"], ["2", "Grace"]])
        #expect(table.rows.map(\.number) == [2, 3])
    }

    @Test("a byte order mark is skipped and column names are trimmed")
    func byteOrderMark() throws {
        let table = try table("\u{FEFF} id , name\n1,Ada\n")
        #expect(table.header == ["id", "name"])
        #expect(table.rows[0]["name"] == "Ada")
        #expect(table.rows[0]["age"] == nil)
    }

    @Test("quoted fields keep commas, line breaks and quotation marks")
    func quotes() throws {
        let table = try table("a,b\r\n\"x,y\",\"he said \"\"no\"\"\r\nand left\"\r\n,\"\"\r\n")
        #expect(table.rows.map(\.fields) == [["x,y", "he said \"no\"\r\nand left"], ["", ""]])
        #expect(table.rows.map(\.number) == [2, 3])
    }

    @Test("blank rows are skipped but counted")
    func blankRows() throws {
        let table = try table("a\n\n1\n\n\n2\n\n")
        #expect(table.rows.map(\.fields) == [["1"], ["2"]])
        #expect(table.rows.map(\.number) == [3, 6])
    }

    @Test("a trailing comma makes an empty last field")
    func trailingComma() throws {
        #expect(try table("a,b\n1,").rows[0].fields == ["1", ""])
    }

    @Test("rows with too few and too many fields are named by their numbers")
    func fieldCounts() {
        let problems = problems("a,b\n1\n1,2\n1,2,3\n")
        #expect(problems.map(\.row) == [2, 4])
        #expect(problems.map(\.column) == ["b", nil])
        #expect(problems[0].reason == "The header has 2 columns and this row 1. Add the missing fields from here on.")
    }

    @Test("a file without a header row is empty")
    func empty() {
        #expect(problems("").map(\.row) == [1])
        #expect(problems("\u{FEFF}\r\n\r\n").map(\.row) == [1])
    }

    @Test("duplicate, unnamed and missing columns are named")
    func headers() {
        let problems = problems("id,name, id,\n", requiring: ["id", "postcode"])
        #expect(problems.map(\.column) == ["id", nil, "postcode"])
        #expect(problems.allSatisfy { $0.row == 1 })
    }

    @Test("text that is not UTF-8, NUL and broken quotes are found in their row and column")
    func badText() {
        var bytes = Array("id,name\n1,".utf8)
        bytes += [0xFF, 0x0A]
        bytes += Array("2,a\u{0}b\n3,\"x\"y\n4,x\"y\n5,\"open".utf8)
        let problems = problems(bytes)
        #expect(problems.map(\.row) == [2, 3, 4, 5, 6])
        #expect(problems.allSatisfy { $0.column == "name" })
    }

    @Test(
        "overlong UTF-8 and surrogates are rejected",
        arguments: [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]]
    )
    func malformedText(sequence: [UInt8]) {
        #expect(problems(Array("a\n".utf8) + sequence).count == 1)
        #expect(problems(Array("a\n\"".utf8) + sequence + [0x22]).count == 1)
    }

    @Test("limits on length, rows, columns and problems hold")
    func limits() {
        #expect(problems("a\n12345", limits: CSVLimits(fieldLength: 4)).map(\.column) == ["a"])
        #expect(problems("a\n1\n2\n3\n", limits: CSVLimits(rows: 2)).map(\.row) == [4])
        #expect(problems("a\n1\n2\n", limits: CSVLimits(rows: 2)).isEmpty)
        #expect(problems("a,b,c\n", limits: CSVLimits(columns: 2)).map(\.row) == [1])
        #expect(problems("a,b\n" + String(repeating: "1\n", count: 500), limits: CSVLimits(problems: 7)).count == 7)
    }

    @Test("a table reads from any collection of bytes")
    func anyCollection() throws {
        #expect(try CSVTable(parsing: "a\n1".utf8).rows.count == 1)
    }

    @Test("no sequence of bytes stops the reader, and what it accepts has the header's width")
    func anyBytes() {
        var random = SplitMix(state: 7)
        let alphabet: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D, 0x00, 0x61, 0xC3, 0xA9, 0xEF, 0xBB, 0xBF, 0xFF]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            readAnything(bytes)
        }
    }
}

/// What a fuzzer calls (`-sanitize=fuzzer`, from `LLVMFuzzerTestOneInput`): any bytes must give a table of even width or problems.
func readAnything(_ bytes: [UInt8]) {
    do {
        let table = try CSVTable(parsing: bytes, limits: CSVLimits(fieldLength: 64, columns: 16, rows: 64, problems: 8))
        precondition(table.rows.allSatisfy { $0.fields.count == table.header.count })
        precondition(Set(table.header).count == table.header.count)
    } catch {
        precondition(!error.problems.isEmpty && error.problems.count <= 40)
    }
}
