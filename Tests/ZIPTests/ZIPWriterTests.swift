import Glibc
import Subprocess
import Testing
import ZIP

@Suite struct ZIPWriterTests {
    private static let time = ZIPWriter.Time(year: 2026, month: 11, day: 21, hour: 14, minute: 40, second: 10)

    @Test(arguments: [0, 1, 100, 100_000])
    func `What goes in comes out of other programs`(count: Int) async throws {
        var zip = ZIPWriter(at: Self.time)
        zip.add("plain.txt", Array(repeating: UInt8(ascii: "a"), count: count))
        // Noise cannot be compressed, and is stored as it is.
        var generator = SystemRandomNumberGenerator()
        zip.add("ordner/grüße.bin", (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        let file = zip.finish()
        try await Self.withFile(file) { path in
            let tested = try await run(.name("unzip"), arguments: ["-t", path], output: .string(limit: 65_536))
            #expect(tested.terminationStatus.isSuccess)
            #expect(tested.standardOutput.contains("No errors detected"))
            let script = """
                import sys, zipfile
                z = zipfile.ZipFile(sys.argv[1])
                assert z.testzip() is None
                assert z.namelist() == ['plain.txt', 'ordner/grüße.bin'], z.namelist()
                assert z.read('plain.txt') == b'a' * int(sys.argv[2])
                assert len(z.read('ordner/grüße.bin')) == int(sys.argv[2])
                assert z.infolist()[0].date_time == (2026, 11, 21, 14, 40, 10)
                """
            let read = try await run(
                .name("python3"), arguments: ["-c", script, path, "\(count)"], output: .discarded, error: .string(limit: 65_536))
            #expect(read.terminationStatus.isSuccess, "\(read.standardError)")
        }
    }

    @Test func `A file that repeats itself becomes small`() {
        var zip = ZIPWriter(at: Self.time)
        zip.add("a", Array(repeating: 7, count: 1_000_000))
        #expect(zip.finish().count < 2_000)
    }

    private static func withFile(_ bytes: [UInt8], _ body: (String) async throws -> Void) async throws {
        let path = "/tmp/kith-zip-\(UInt64.random(in: .min ... .max))"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        try #require(descriptor >= 0 && write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
        defer { unlink(path) }
        try await body(path)
    }
}
